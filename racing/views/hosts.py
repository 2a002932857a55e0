"""The Host header: a name or an address, or the request is refused before anybody reads it."""

from collections.abc import Iterable

from flask import Flask, request
from werkzeug.sansio.utils import host_is_trusted

from racing.errors import BadHost
from racing.realtime.refused import Refused
from racing.views.request_log import Application, Environ, StartResponse

LONGEST = 255
BAD = "racing.bad_host"
SENTENCE = "The Host of this request is no name of a site."


class Hosts:
    """WSGI middleware: a Host that is none is taken away; see `register` for who then says so."""

    def __init__(self, application: Application, refused: Refused) -> None:
        """Stand in front of `application`; `refused` hears of what is refused here."""
        self._application, self._refused = application, refused

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, for Socket.IO with a 400 where the Host is none."""
        host = environ.get("HTTP_HOST")
        if host is not None and not _is_sane(host):
            del environ["HTTP_HOST"]
            environ[BAD] = True
            if str(environ.get("PATH_INFO", "")).startswith("/socket.io/"):
                address, method = environ.get("REMOTE_ADDR", ""), environ["REQUEST_METHOD"]
                self._refused.request("bad_host", "socket", "/socket.io/", method, address)
                start_response("400 BAD REQUEST", [("Content-Type", "text/plain; charset=utf-8")])
                return [SENTENCE.encode()]
        return self._application(environ, start_response)


def register(app: Flask) -> None:
    """Refuse what came with a Host that is none, in words."""
    app.before_request(_refuse)


def _refuse() -> None:
    if BAD in request.environ:
        raise BadHost(SENTENCE)


def _is_sane(host: str) -> bool:
    # Containers are called by names with underscores.
    return len(host) <= LONGEST and host_is_trusted(host.replace("_", "-"))
