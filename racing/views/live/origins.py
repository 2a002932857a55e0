"""Which pages may connect: ours, with the cookies of whoever reads them, and those of FRONTEND_URL, without."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from racing.realtime.refused import Refused


def is_own(origin: str | None, environ: Mapping[str, Any]) -> bool:
    """Tell whether a request comes from a page of this site, or from no page at all (`origin` None).

    A browser always names the origin of a WebSocket and of a request to another site. A page of this host over plain
    http is another's where we are asked over TLS: anybody on its way may have written it.
    """
    if origin is None:
        return True
    try:
        scheme, host, *rest = urlsplit(origin)
    except ValueError:
        return False
    schemes = ("https", environ.get("wsgi.url_scheme", "http"))
    return scheme in schemes and not any(rest) and host != "" and host == environ.get("HTTP_HOST", "")


def may_connect(allowed: Collection[str], refused: Refused) -> Callable[[str | None, Mapping[str, Any]], bool]:
    """Return the check that Engine.IO makes of every request: our own pages, and those of the `allowed` origins.

    `refused` hears of the others.
    """

    def check(origin: str | None, environ: Mapping[str, Any]) -> bool:
        may = origin in allowed or is_own(origin, environ)
        if not may:
            address, method = environ.get("REMOTE_ADDR", ""), environ.get("REQUEST_METHOD", "")
            refused.request("bad_origin", "socket", "/socket.io/", method, address)
        return may

    return check
