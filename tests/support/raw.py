"""A client by hand: single Engine.IO frames over a WebSocket, in the order they came."""

import json
from types import TracebackType
from typing import Any, Self

from websocket import WebSocket, WebSocketException, WebSocketTimeoutException, create_connection

WITHIN_S = 5.0
MESSAGE, CONNECT, EVENT, ACK = "4", "40", "42", "43"


class RawClient:
    """One WebSocket to the server. Use it as a context; `joined` says whether to join the namespace at once."""

    def __init__(self, url: str, *, auth: dict[str, Any] | None = None, joined: bool = True, **options: Any) -> None:
        address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self.socket: WebSocket = create_connection(address, timeout=WITHIN_S, **options)
        self.opening = self.frame()
        self.connected: Any = None
        if joined:
            self.send(CONNECT + (json.dumps(auth) if auth else ""))
            self.connected = self.frame()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.shutdown()

    def send(self, frame: str | bytes) -> None:
        """Send one frame as it is."""
        if isinstance(frame, bytes):
            self.socket.send_binary(frame)
        else:
            self.socket.send(frame)

    def emit(self, event: str, *payload: Any) -> None:
        """Send an event."""
        self.send(EVENT + json.dumps([event, *payload]))

    def frame(self) -> str:
        """Return the next frame, pings answered. Raises what the library does where the server has closed."""
        while (came := self.socket.recv()) == "2":
            self.send("3")
        return came if isinstance(came, str) else came.decode("latin-1")

    def events_until(self, last: str) -> list[tuple[str, Any]]:
        """Return the events that come, in order, up to the first one named `last`."""
        came: list[tuple[str, Any]] = []
        while not came or came[-1][0] != last:
            frame = self.frame()
            if frame.startswith(EVENT):
                name, *payload = json.loads(frame[2:])
                came.append((name, payload[0] if payload else None))
        return came

    def is_closed_by_the_server(self) -> bool:
        """Wait for the end of the connection; whatever comes before it is passed over."""
        try:
            while self.socket.recv() != "":
                pass
        except WebSocketTimeoutException:
            return False
        except (WebSocketException, OSError):
            return True
        return True
