"""What the routers in front say of a request: believed of as many as TRUSTED_PROXIES says, and of nobody else."""

from collections.abc import Iterable
from ipaddress import ip_address

from werkzeug.middleware.proxy_fix import ProxyFix

from racing.views.request_log import Application, Environ, StartResponse

# Whoever reads one of them later must not find what anybody may have written.
_SAID = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_SSL", "HTTP_X_REAL_IP", "HTTP_FORWARDED",
)  # fmt: skip
_SCHEMES = ("http", "https")


class Routers:
    """WSGI middleware: from here on the address and the scheme of a request are those of who asked."""

    def __init__(self, application: Application, trusted: int) -> None:
        """Stand in front of `application`; the nearest `trusted` entries of X-Forwarded-For and -Proto are true."""
        self._application = application
        self._believe = ProxyFix(self._without, x_for=trusted, x_proto=trusted, x_host=0) if trusted else self._without

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does. Where a router says what is no address, its own one stands."""
        environ["racing.router"] = environ.get("REMOTE_ADDR", ""), environ.get("wsgi.url_scheme", "http")
        return self._believe(environ, start_response)

    def _without(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        router, scheme = environ.pop("racing.router")
        environ["REMOTE_ADDR"] = _address(environ.get("REMOTE_ADDR", "")) or router
        if environ.get("wsgi.url_scheme") not in _SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        for name in _SAID:
            environ.pop(name, None)
        environ.pop("werkzeug.proxy_fix.orig", None)
        return self._application(environ, start_response)


def _address(said: str) -> str:
    """Return the address in `said` as it is written shortest, "" where there is none; some routers add a port."""
    bare = said.partition("]")[0].removeprefix("[") if said.startswith("[") else said
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ip_address(bare))
    except ValueError:
        return ""
