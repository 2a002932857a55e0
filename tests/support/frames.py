"""WebSocket frames and Socket.IO events out of the bytes that a server sends, without a thread or a wait."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgpack

TEXT, CLOSE = 1, 8
EVENT, BINARY_EVENT, ACK, PING = b"42", b"451-", b"43", b"2"
ACKNOWLEDGED = "acknowledged"


class Event(NamedTuple):
    """An event of Socket.IO; `body` is its first argument, unpacked where it is binary. ACKNOWLEDGED is one too."""

    name: str
    body: Any


class Frames:
    """Takes in bytes as they come and gives out what is whole."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._binary_event: str | None = None
        self.is_closed = False
        self.pings = 0

    def take(self, came: bytes) -> Iterator[Event]:
        """Yield the events that are whole with these bytes; Engine.IO's pings are counted in `pings`."""
        self._rest += came
        for kind, body in self._frames():
            if kind == CLOSE:
                self.is_closed = True
            elif kind != TEXT:
                assert self._binary_event is not None, body[:20]
                yield Event(self._binary_event, msgpack.unpackb(body))
                self._binary_event = None
            elif body == PING:
                self.pings += 1
            elif body.startswith(EVENT):
                yield Event(*json.loads(body[len(EVENT) :])[:2])
            elif body.startswith(ACK):
                yield Event(ACKNOWLEDGED, json.loads(body[body.index(b"[") :])[0])
            elif body.startswith(BINARY_EVENT):
                self._binary_event = json.loads(body[len(BINARY_EVENT) :])[0]

    def _frames(self) -> Iterator[tuple[int, bytes]]:
        while len(self._rest) >= 2:  # a server's frames are not masked
            size, start = self._rest[1] & 0x7F, 2
            if size >= 126:
                start = 4 if size == 126 else 10
                if len(self._rest) < start:
                    return
                size = int.from_bytes(self._rest[2:start], "big")
            if len(self._rest) < start + size:
                return
            kind, body = self._rest[0] & 0x0F, bytes(self._rest[start : start + size])
            del self._rest[: start + size]
            yield kind, body
