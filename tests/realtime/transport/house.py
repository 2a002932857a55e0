"""A whole transport on a stepped loop: python-socketio's real server, our client manager, a real listener and door."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameProtocol, Opcode

from racing.realtime.packets import ClientPacket
from racing.realtime.transport.handshake import AGREED
from racing.realtime.transport.manager import FanOutManager
from racing.realtime.transport.transports import Transports
from tests.realtime.transport.hub import StepHub
from tests.support.websocket_frames import TEXT, frame

MOST_MESSAGES, MOST_BYTES = 50, 300_000
MOMENT_S = 0.1
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
COMPRESSION = "Sec-WebSocket-Extensions: permessage-deflate"


class House:
    """One worker."""

    def __init__(self, send_loop: str = "python") -> None:
        self.hub = StepHub()
        self.server = socketio.Server(
            async_mode="threading", client_manager=FanOutManager(), serializer=ClientPacket, async_handlers=False,
            ping_interval=25, ping_timeout=20,
        )  # fmt: skip
        self.server.start_background_task = lambda work, *args: self.hub.spawn(work, *args)
        self.server.sleep = self.hub.sleep
        self.manager: FanOutManager = self.server.manager
        self.heard: list[tuple[Any, ...]] = []
        self.server.on("connect", lambda sid, environ, auth: self.heard.append(("connect", sid)))
        self.server.on("disconnect", lambda sid, reason: self.heard.append(("disconnect", sid, reason)))
        self.server.on("say", lambda sid, *words: self.heard.append(("say", *words)))
        self.transports = Transports(self.server, MOST_MESSAGES, MOST_BYTES)
        self.transports.go_direct(self.hub, send_loop)
        assert self.transports.direct is not None
        self.direct = self.transports.direct
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.listener.setblocking(False)
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as server.py has it
        self.address = self.listener.getsockname()
        self.door = self.direct.run(self.listener, socketio.WSGIApp(self.server))
        self.clients: list[Client] = []
        self.hub.run()

    def come_in(self, *headers: str, joined: bool = True, query: str = "") -> "Client":
        """Connect a WebSocket; with a `query`, of a session that there is already."""
        client = Client(self, *headers, query=query)
        self.clients.append(client)
        if not query:
            client.opening = json.loads(client.next()[1:])
        if joined and not query:
            client.send("40")
            client.sid = json.loads(client.next()[2:])["sid"]
        return client

    def emit(self, event: str, *words: Any, **where: Any) -> None:
        """Send an event, as services do."""
        self.server.emit(event, words if len(words) != 1 else words[0], **where)

    def close(self) -> None:
        for client in self.clients:
            client.hang_up()
        self.hub.run_until(lambda: not self.server.eio.sockets)
        self.hub.run(1)
        assert self.direct.output.is_idle
        assert self.manager.rooms == {}
        assert self.manager._rooms_of == {}
        self.listener.close()


class Client:
    """A client of the house: its frames are read by wsproto."""

    def __init__(self, house: House, *headers: str, query: str) -> None:
        self._house = house
        self.sid, self.opening = "", {}
        self.socket = socket.create_connection(house.address)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = [
            f"GET /socket.io/?EIO=4&transport=websocket{query} HTTP/1.1", "Host: house", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13", *headers, "", "",
        ]  # fmt: skip
        self.socket.send("\r\n".join(lines).encode())
        self._bytes = b""
        self._came: list[Any] = []
        self._parts: list[Any] = []
        house.hub.run_until(self._is_answered)
        self.answer, _, self._bytes = self._bytes.partition(b"\r\n\r\n")
        assert self.answer.startswith(b"HTTP/1.1 101 "), self.answer
        extensions = []
        if b"permessage-deflate" in self.answer:
            extensions.append(PerMessageDeflate())
            extensions[0].finalize(AGREED)
        self._protocol = FrameProtocol(client=True, extensions=extensions)

    def send(self, *packets: str | bytes) -> None:
        """Send packets, a frame each."""
        frames = [frame(TEXT, one.encode()) if isinstance(one, str) else frame(2, one) for one in packets]
        self.socket.send(b"".join(frames))

    def next(self) -> Any:
        """Return the next packet that comes; of a Close frame its code."""
        self._house.hub.run_until(lambda: bool(self._take()))
        return self._came.pop(0)

    def came(self) -> list[Any]:
        """Return all that comes by itself; on this machine what was sent is there at once."""
        self._house.hub.run(MOMENT_S)
        while self._receive():
            self._house.hub.run()
        self._take()
        came, self._came = self._came, []
        return came

    @property
    def has_been_hung_up_on(self) -> bool:
        """Tell whether the server has closed the connection, and there is nothing more to read."""
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True

    def hang_up(self) -> None:
        """Close the connection without a word."""
        self.socket.close()

    def _is_answered(self) -> bool:
        self._receive()
        return b"\r\n\r\n" in self._bytes

    def _receive(self) -> bytes:
        try:
            more = self.socket.recv(1_000_000)
        except (BlockingIOError, OSError):
            more = b""
        self._bytes += more
        return more

    def _take(self) -> list[Any]:
        self._receive()
        if self._bytes:
            self._protocol.receive_bytes(self._bytes)
            self._bytes = b""
        for one in self._protocol.received_frames():
            if one.opcode is Opcode.CLOSE:
                self._came.append(int(one.payload[0]))
                continue
            self._parts.append(one.payload)
            if one.message_finished:
                self._came.append(type(one.payload)().join(self._parts))
                self._parts = []
        return self._came


@contextmanager
def open_house(send_loop: str = "python") -> Iterator[House]:
    """Have a house for a while."""
    house = House(send_loop)
    yield house
    house.close()


class Slow:
    """A handler that waits for something."""

    def __init__(self, house: House, event: str) -> None:
        self.house, self.began, self.may_go_on = house, 0, False
        house.server.on(event, self)

    def __call__(self, *_: Any) -> None:
        self.began += 1
        while not self.may_go_on:
            self.house.hub.sleep(0.01)


def session_of(house: House, client: Client) -> Any:
    return house.server.eio.sockets[client.opening["sid"]]


def say(*words: str) -> str:
    return '42["say",' + ",".join(f'"{word}"' for word in words) + "]"


def told(house: House, what: str) -> list[tuple[Any, ...]]:
    """What the handlers heard of one kind."""
    return [words for kind, *words in house.heard if kind == what]
