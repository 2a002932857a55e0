"""A request's id: bound to every line that is logged while it is answered, and told to whoever asked.

A line a request would be most of the log: those that were slow or failed have one, the others at DEBUG only.
"""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars

log = structlog.get_logger()
REQUEST_ID = "racing.request_id"
SLOW_S = 0.5
# Long-polling waits by design; a WebSocket has no answer at all.
WAITS = "/socket.io/"
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/=-]{0,127}")
# As long as the longest name of a race.
_LONG_PART = re.compile(r"[^/]{65,}")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class RequestLog:
    """WSGI middleware, so that the handshakes of Socket.IO, which pass outside Flask's hooks, have an id as well."""

    def __init__(self, application: Application, clock: Callable[[], float] = time.monotonic) -> None:
        """Stand in front of `application`; `clock` returns seconds."""
        self._application, self._clock = application, clock

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, with `X-Request-ID`: the router's own where it gave one that is sane.

        A static file that is there has none.
        """
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _SANE_ID.fullmatch(given) else uuid4().hex
        # One greenlet answers all requests of a kept connection: the last one's ids must go.
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        environ[REQUEST_ID] = request_id  # for what a connection asks later, in other greenlets
        began = self._clock()

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            _note(environ, status, self._clock() - began)
            named = [] if is_plain_file(environ, status) else [("X-Request-ID", request_id)]
            return start_response(status, [*headers, *named], *more)

        return self._application(environ, start)


def told_path(path: str) -> str:
    """Return a path as the log has it: whoever is sent a link is let in by the long part of it."""
    return _LONG_PART.sub("...", path)[:200]


def is_plain_file(environ: Environ, status: str) -> bool:
    """Tell whether a static file came as it should: a page has seventy, of which nobody asks what became."""
    return status < "400" and str(environ.get("PATH_INFO", "")).startswith("/static/")


def _note(environ: Environ, status: str, took_s: float) -> None:
    path = environ.get("PATH_INFO", "")
    failed, slow = status >= "500", took_s >= SLOW_S and not path.startswith(WAITS)
    tell = log.warning if failed else log.info if slow else log.debug
    tell(
        "request",
        method=environ.get("REQUEST_METHOD"),
        path=told_path(path),
        status=int(status.split()[0]),
        ms=round(took_s * 1000),
    )
