"""Connections that never finish what they ask, each in one of many ways."""

import socket
from contextlib import suppress

from tests.support.visits import HANDSHAKE

POST = b"POST /login HTTP/1.1\r\nHost: house\r\nContent-Type: application/x-www-form-urlencoded\r\n"
GET = b"GET /robots.txt HTTP/1.1\r\nHost: house\r\n"
POLL = b"POST /socket.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1\r\nHost: house\r\n"
WAYS = {
    "nothing at all": (b"", b""),
    "a head that stops": (GET, b""),
    "a head byte by byte": (GET + b"X-Slow: ", b"x"),
    "a large head that stops": (GET + b"X-Large: " + b"x" * 9000, b""),
    "a request, and half of the next": (GET + b"\r\n" + GET, b"x"),
    "a body that stops": (POST + b"Content-Length: 100000\r\n\r\nemail=", b""),
    "a body byte by byte": (POST + b"Content-Length: 100000\r\n\r\nemail=", b"x"),
    "a body in pieces without end": (POLL + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "half a poll": (POLL + b"Content-Length: 9000\r\n\r\n4", b""),
    "half a handshake": (HANDSHAKE.encode(), b""),
}
UNREAD = "answers that nobody reads"
FILE = b"GET /static/vendor/uPlot.esm.min.js HTTP/1.1\r\nHost: house\r\n\r\n"
SMALL = 4096


class HalfOpen:
    """One of them."""

    def __init__(self, port: int, way: str, address: str = "127.0.0.1") -> None:
        first, self._more = WAYS[way] if way != UNREAD else (FILE * 100, b"")
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        self._socket.bind((address, 0))
        self._socket.connect(("127.0.0.1", port))
        self._socket.setblocking(False)
        self._socket.send(first)

    def say_more(self) -> None:
        """Say as little as it takes."""
        with suppress(OSError):  # it has been hung up on
            self._socket.send(self._more)

    def close(self) -> None:
        """Go."""
        self._socket.close()
