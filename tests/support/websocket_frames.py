"""Frames as a client may put them on the wire, right and wrong (RFC 6455, section 5)."""

import struct
from contextlib import suppress
from typing import NamedTuple

from websocket import WebSocket, WebSocketConnectionClosedException, create_connection

WITHIN_S = 10.0
MASK = b"\x37\xfa\x21\x3d"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    final: bool = True,
    reserved: int = 0,
    masked: bool = True,
    length_bytes: int | None = None,
    claims: int | None = None,
) -> bytes:
    """Return a frame. `length_bytes` are 0, 2 or 8, by default as few as will do; it may claim another length."""
    length = len(payload) if claims is None else claims
    if length_bytes is None:
        length_bytes = 0 if length < 126 else 2 if length < 65_536 else 8
    first = (0x80 if final else 0) | reserved << 4 | opcode
    short = {0: length, 2: 126, 8: 127}[length_bytes]
    extended = {0: b"", 2: struct.pack("!H", length & 0xFFFF), 8: struct.pack("!Q", length)}[length_bytes]
    head = bytes((first, (0x80 if masked else 0) | short)) + extended
    if not masked:
        return head + payload
    return head + MASK + bytes(byte ^ MASK[n % 4] for n, byte in enumerate(payload))


def close(code: int, reason: bytes = b"") -> bytes:
    """Return a Close frame."""
    return frame(CLOSE, struct.pack("!H", code) + reason)


class Came(NamedTuple):
    """A message or control frame of the server."""

    opcode: int
    payload: bytes


class Wire:
    """A WebSocket that has joined the namespace, on which anything may be sent."""

    def __init__(self, url: str) -> None:
        address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._websocket: WebSocket = create_connection(address, timeout=WITHIN_S)
        assert self.next().payload.startswith(b"0{")
        self.send(frame(TEXT, b"40"))
        assert self.next().payload.startswith(b"40{")

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._websocket.sock.sendall(data)

    def next(self) -> Came:
        """Return what comes next; Engine.IO's pings are answered, and passed over."""
        while (came := self._frame()) == (TEXT, b"2"):
            self.send(frame(TEXT, b"3"))
        return came

    def _frame(self) -> Came:
        came = self._websocket.recv_frame()  # `recv` would answer pings and closes by itself
        return Came(came.opcode, came.data if isinstance(came.data, bytes) else came.data.encode())

    def ended_with(self) -> int | None:
        """Wait for the end of the connection; return the code of the Close frame, None where there was none.

        An empty Close frame is code 1005. Before it nothing may come, after it only the end of the connection.
        """
        try:
            came = self.next()
        except (WebSocketConnectionClosedException, ConnectionResetError):
            return None
        assert came.opcode == CLOSE, came
        with suppress(ConnectionResetError):  # what we sent on was no longer read
            assert self._websocket.sock.recv(1) == b""
        return int(struct.unpack("!H", came.payload[:2])[0]) if came.payload else 1005

    def hang_up(self) -> None:
        """End the connection."""
        self._websocket.shutdown()
