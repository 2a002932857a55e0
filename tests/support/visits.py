"""Many short visits of clients that follow a race: all come at once, all are told, half go and half are cut."""

import contextlib
import json
import os
import re
import selectors
import socket
import struct
from pathlib import Path
from typing import Self

import requests

from tests.support.servers import RunningServer
from tests.support.websocket_frames import CLOSE, TEXT, frame

WITHIN_S = 30.0
JUST_CLOSING = 4  # descriptors of requests that the tests themselves make
PIECE = 65_536
RESET = struct.pack("ii", 1, 0)  # linger for no time: the socket ends with RST instead of FIN
HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
COMPRESSED = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"


class Visitor:
    """One client; what it waits for next is one of the steps."""

    def __init__(self, port: int, race_id: str, number: int) -> None:
        how = {"raceId": race_id, "mode": ("full", "delta")[number % 2]}
        subscribe = "42" + json.dumps(["subscribe_race", how])
        head = HANDSHAKE + (COMPRESSED if number % 3 == 0 else "") + "\r\n"
        self._steps = [
            (b'"maxPayload"', frame(TEXT, b"40")),
            (b'40{"sid"', frame(TEXT, subscribe.encode())),
            (b'"subscribed"', b""),
        ]
        self._came = b""
        self.socket = socket.create_connection(("127.0.0.1", port), WITHIN_S)
        self.socket.sendall(head.encode())

    def read(self) -> bool:
        """Take in what has come and answer it; tell whether there is more to wait for."""
        came = self.socket.recv(PIECE)
        assert came, "the server has closed the connection"
        self._came += came
        while self._steps and self._steps[0][0] in self._came:
            self._came = b""
            self.socket.sendall(self._steps.pop(0)[1])
        return bool(self._steps)

    def leave(self, way: int) -> None:
        """End the connection: with words of this protocol or that one, with a reset, or without a word."""
        if way == 0:
            self.socket.sendall(frame(CLOSE, struct.pack("!H", 1000)))
        elif way == 1:
            self.socket.sendall(frame(TEXT, (b"1", b"41")[self.socket.fileno() % 2]))
        elif way == 2:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()


def visit(server: RunningServer, race_id: str, visitors: int) -> None:
    """Let so many come at once, wait until each is told of the race, then let all go, half of them without a word."""
    with selectors.DefaultSelector() as selector:
        crowd = [Visitor(server.port, race_id, number) for number in range(visitors)]
        for visitor in crowd:
            selector.register(visitor.socket, selectors.EVENT_READ, visitor)
        while selector.get_map():
            ready = selector.select(WITHIN_S)
            assert ready, f"{len(selector.get_map())} visitors wait in vain"
            for key, _ in ready:
                if not key.data.read():
                    selector.unregister(key.fileobj)
    for number, visitor in enumerate(crowd):
        with contextlib.suppress(OSError):  # the server may have gone first
            visitor.leave(number % 4)


class Standing:
    """What a server holds, as the kernel and its own counts have it."""

    def __init__(self, server: RunningServer) -> None:
        assert server.process is not None
        process = Path(f"/proc/{server.process.pid}")
        self.descriptors = len(os.listdir(process / "fd"))
        kilobytes = re.search(r"^VmRSS:\s+(\d+) kB", (process / "status").read_text(), re.MULTILINE)
        assert kilobytes is not None
        self.kilobytes = int(kilobytes[1])
        told = requests.get(f"{server.url}/metrics", timeout=WITHIN_S).text
        self.connections, self.rooms, self.subscriptions = (
            _gauge(told, f"racing_{name}") for name in ("connections", "rooms", "subscriptions")
        )

    def __repr__(self) -> str:
        return repr(vars(self))

    def is_no_more_than(self, other: Self) -> bool:
        """Tell whether nobody is here who was not; of memory it says nothing."""
        names = ("connections", "rooms", "subscriptions")
        counts_are_no_more = all(getattr(self, name) <= getattr(other, name) for name in names)
        return counts_are_no_more and self.descriptors <= other.descriptors + JUST_CLOSING


def _gauge(told: str, name: str) -> int:
    found = re.search(rf"^{name} (\S+)$", told, re.MULTILINE)
    assert found is not None, name
    return int(float(found[1]))
