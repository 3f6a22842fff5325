"""The report, served to browsers of this machine alone."""

from __future__ import annotations

import functools
import http.server
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import click

ADDRESS = "127.0.0.1"
# A page of another site whose name somebody lets lead to this machine asks under that name, and gets nothing.
HOSTS = ("localhost", ADDRESS)
# What browsers insist on, whatever the system's own table of types says.
TYPES = {
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
    ".sql": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
CLOSED = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# DuckDB is compiled in the page and read by its worker from memory; charts and drawings have styles in themselves.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob:; "
    f"img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; {CLOSED}"
)
# dbt's documentation is one page, which holds all its scripts and evaluates some.
DBT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; img-src 'self' data:; "
    f"font-src 'self' data:; style-src 'self' 'unsafe-inline'; {CLOSED}"
)


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | TYPES

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a reader's terminal need not list each file."""

    def send_head(self) -> BinaryIO | None:
        """Refuse what is asked under another name, and what a link leads out of the folder to."""
        if _name(self.headers.get_all("Host", [])) not in HOSTS:
            self._refuse(
                HTTPStatus.FORBIDDEN, f"This server answers to http://{ADDRESS}/ and localhost alone."
            )
        elif not _is_inside(Path(self.translate_path(self.path)), Path(self.directory)):
            self._refuse(
                HTTPStatus.FORBIDDEN, "The folder of the report has no such file, or a link leads out of it."
            )
        else:
            return super().send_head()
        return None

    def end_headers(self) -> None:
        is_dbt = getattr(self, "path", "").startswith("/dbt/")
        self.send_header("Content-Security-Policy", DBT_POLICY if is_dbt else POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        content = f"{why}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class SiteServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves in the middle of a file is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int) -> SiteServer:
    """A server of the folder for this machine alone."""
    handler = functools.partial(Handler, directory=str(folder))
    try:
        return SiteServer((ADDRESS, port), handler)
    except OSError as error:
        raise click.ClickException(
            f"port {port} cannot be served: {error.strerror}; name another with --port"
        ) from error


def serve_folder(folder: Path, port: int) -> None:
    with server(folder, port) as serving:
        click.echo(f"http://{ADDRESS}:{serving.server_port}/  (Ctrl-C ends it)")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo()


def _name(hosts: list[str]) -> str | None:
    """The name in the one Host header of a request, whatever port it is forwarded from."""
    if len(hosts) != 1:
        return None
    try:
        return urlsplit(f"//{hosts[0]}").hostname
    except ValueError:
        return None


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        # A link to itself, a name that no file can have.
        return False
