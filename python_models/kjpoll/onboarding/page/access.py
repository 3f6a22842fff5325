"""Who may use the page: the person at this machine who was shown its address, and no page of another site."""

from __future__ import annotations

import hmac

import flask

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
# Styles and scripts are files of ours; forms go to this server alone; nobody frames the page.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Nothing to other sites. With no-referrer a browser would call the origin of a form of ours "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guard(app: flask.Flask, token: str, port: int) -> None:
    """Have `app` answer only to its own names, and only where the address has the token.

    The token stands in the address and in no cookie: browsers send the cookies of this machine to the servers on
    all its ports. A page of another site cannot know it, and what it posts has another origin.
    """
    hosts = {f"{name}:{port}" for name in NAMES}
    origins = {f"http://{host}" for host in hosts}

    @app.before_request
    def refuse() -> tuple[str, int] | None:
        if flask.request.environ.get("HTTP_HOST") not in hosts:
            return f"This server answers to http://{ADDRESS}:{port} and localhost alone.\n", 403
        if flask.request.method == "POST" and flask.request.headers.get("Origin") not in origins:
            return "A form of another page was sent here; nothing was done.\n", 403
        if flask.request.endpoint == "static":
            return None
        # Also of an address under the token where there is nothing, which has no arguments.
        given = flask.request.path.split("/")[1]
        if not hmac.compare_digest(given.encode(), token.encode()):
            return (
                "This is not the address of a review: open the one that kjpoll review --web printed.\n",
                403,
            )
        # What shows the pages need not know of it.
        (flask.request.view_args or {}).pop("token", None)
        return None

    @app.after_request
    def closed(response: flask.Response) -> flask.Response:
        response.headers.update(HEADERS)
        if response.status_code == 403:
            response.mimetype = "text/plain"
        return response
