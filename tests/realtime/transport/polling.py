"""A client of HTTP long-polling, as a house knows it: requests to python-socketio's own application."""

from io import BytesIO
from typing import Any

import socketio

from tests.realtime.transport.house import Client, House

SEPARATOR = "\x1e"


class Polling:
    """A client of HTTP long-polling, which asks only when there is something."""

    def __init__(self, house: House) -> None:
        self._house, self._application, self.query = house, socketio.WSGIApp(house.server), ""
        opening = self.get()[0]
        self.eio_sid = opening.partition('"sid":"')[2].partition('"')[0]
        self.query = f"&sid={self.eio_sid}"
        self.post("40")
        self.sid = self.get()[0].partition('"sid":"')[2].partition('"')[0]

    @property
    def session(self) -> Any:
        return self._house.server.eio.sockets.get(self.eio_sid)

    def get(self) -> list[str]:
        return self._ask("GET").split(SEPARATOR)

    def post(self, *packets: str) -> str:
        return self._ask("POST", SEPARATOR.join(packets).encode())

    def go_over(self) -> Client:
        """Begin to go over to a WebSocket."""
        return self._house.come_in(query=self.query)

    def _ask(self, method: str, body: bytes = b"") -> str:
        told: list[str] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/socket.io/",
            "QUERY_STRING": f"EIO=4&transport=polling{self.query}",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "house",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        answer = b"".join(self._application(environ, lambda status, headers: told.append(status)))
        assert told == ["200 OK"], answer
        return answer.decode()
