"""How a request's body may come: by its length or in chunks, as it is. Nothing that is compressed is ever inflated."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import Flask, request

from racing.errors import Malformed, Unsupported
from racing.views.request_log import WAITS, Application, Environ, StartResponse

BROKEN = "racing.broken_body"
LONGEST_LINE = 4096
_LENGTH, _CHUNKED, _AS_IT_IS = "content-length", "chunked", "identity"


class Bodies:
    """WSGI middleware: a body that comes in chunks is read here, up to what a body may be.

    Werkzeug would cut one that is longer, and say nothing. Socket.IO takes none.
    """

    def __init__(self, application: Application, most_bytes: int) -> None:
        """Stand in front of `application`, which refuses what is longer than `most_bytes`."""
        self._application, self._most = application, most_bytes

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does, to which a body has its length."""
        in_chunks = _said(environ.get("HTTP_TRANSFER_ENCODING")) == _CHUNKED
        if in_chunks and not str(environ.get("PATH_INFO", "")).startswith(WAITS):
            self._read(environ)
        return self._application(environ, start_response)

    def _read(self, environ: Environ) -> None:
        stream, body = environ["wsgi.input"], b""
        if hasattr(stream, "rfile"):
            stream.rfile = _ShortLines(stream.rfile)
        try:
            body = stream.read(self._most + 1)
        except (OSError, ValueError):
            environ[BROKEN] = True
        del environ["HTTP_TRANSFER_ENCODING"]
        environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(len(body)), BytesIO(body)


class _ShortLines:
    """What eventlet.wsgi reads chunks from: it would keep a line between two of them however long it is."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def readline(self, size: int | None = -1) -> bytes:
        """Return the next line. Raises OSError where it is too long for one that says how long a chunk is."""
        if size is not None and size >= 0:
            return bytes(self._stream.readline(size))
        line = bytes(self._stream.readline(LONGEST_LINE))
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise OSError("a line between two chunks is too long")
        return line


def register(app: Flask) -> None:
    """Refuse bodies that come otherwise."""
    app.before_request(_refuse)


def _refuse() -> None:
    """Raise Unsupported or Malformed for a body of which nobody here would know what it says, or where it ends."""
    if _said(request.headers.get("Content-Encoding", _AS_IT_IS)) != _AS_IT_IS:
        raise Unsupported("Send the body as it is, not compressed.")
    if "Transfer-Encoding" in request.headers:
        raise Unsupported("A body comes by its length or in chunks.")
    # As eventlet.wsgi tells all headers; it would believe the first.
    lengths = {value for name, value in request.environ.get("headers_raw", ()) if name.lower() == _LENGTH}
    if BROKEN in request.environ or len(lengths) > 1:
        raise Malformed("Nobody can tell where the body of this request ends.")


def _said(header: str | None) -> str:
    return (header or "").strip().lower()
