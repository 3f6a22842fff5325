"""The page of a review, served to the browser of this machine until Ctrl-C."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kjpoll.cli.progress import working

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer


def review_server(project: Path, sample_id: str | None, port: int) -> tuple[BaseWSGIServer, str]:
    """A server of the page for this machine alone, and the address to open. `port`: 0 takes a free one.

    Raises click.ClickException where the port is taken, else as Reviewing does.
    """
    from werkzeug.serving import WSGIRequestHandler, make_server

    from kjpoll.onboarding.page.access import ADDRESS
    from kjpoll.onboarding.page.review_app import create_app
    from kjpoll.onboarding.page.reviewing import Reviewing

    class QuietHandler(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: object) -> None:
            """Nothing: a line would have the token in it."""

    # werkzeug itself ends the program where it cannot have the port.
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} cannot be served: {error.strerror}; name another with --port, or leave it out"
            ) from error
        listener.listen()
        bound = listener.getsockname()[1]
        token = secrets.token_urlsafe(32)
        app = create_app(Reviewing(project, sample_id), token, bound)
        server = make_server(
            ADDRESS, bound, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno()
        )
    return server, f"http://{ADDRESS}:{bound}/{token}/"


def serve_review(project: Path, sample_id: str | None, port: int, *, open_browser: bool) -> None:
    """Print the address of the page, and serve it until Ctrl-C. Raises as `review_server` does."""
    with working("Reading the wave files"):
        server, address = review_server(project, sample_id, port)
    with server:
        click.echo(f"{address}  (Ctrl-C ends it; what is decided and not written yet is kept)")
        if open_browser:
            click.launch(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
