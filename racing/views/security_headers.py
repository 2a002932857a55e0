"""What every answer tells browsers to forbid: what may run on a page, who may frame it, what it says of where it was.

WSGI middleware, so that the answers of Socket.IO, which pass outside Flask's hooks, have it as well. A static file that
came as it should has none of it: a page has seventy, and they are nothing without the page.
"""

from collections.abc import Iterable
from typing import Any

from racing.views.request_log import Application, Environ, StartResponse, is_plain_file

A_YEAR_S = 365 * 24 * 3600
# A page's own files and nothing else; no script or style may stand in the page itself.
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{socket}; "
    "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
_POLICY = "Content-Security-Policy"
_PAGES = ("text/html", "text/javascript")  # a script is the page of the worker that runs it
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
# Of no meaning on what a page's scripts fetch: a page has to weigh little, and fetches several.
_NOT_ON_DATA = (
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_OVER_TLS = (("Strict-Transport-Security", f"max-age={A_YEAR_S}"),)
_DATA = "application/json"


class SecurityHeaders:
    """Adds the headers to what `application` answers; what a view has set itself stays."""

    def __init__(self, application: Application) -> None:
        """Stand in front of `application`, behind what says over what (http, https) a request came."""
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, with the headers."""

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            added = [] if is_plain_file(environ, status) else _missing(environ, headers)
            return start_response(status, [*headers, *added], *more)

        return self._application(environ, start)


def _missing(environ: Environ, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    given = {name.lower(): value for name, value in headers}
    kind, is_over_tls = given.get("content-type", ""), environ.get("wsgi.url_scheme") == "https"
    wanted = (*_ALWAYS, *(() if kind == _DATA else _NOT_ON_DATA), *(_OVER_TLS if is_over_tls else ()))
    is_page = kind.startswith(_PAGES)
    policy = _PAGE.format(socket=_socket(environ)) if is_page else _NO_PAGE
    return [header for header in ((_POLICY, policy), *wanted) if header[0].lower() not in given]


def _socket(environ: Environ) -> str:
    """Name our own WebSocket: Safari before 15.4 does not take it for a part of 'self'."""
    scheme = "wss" if environ.get("wsgi.url_scheme") == "https" else "ws"
    host = environ.get("HTTP_HOST")
    return f" {scheme}://{host}" if host else ""
