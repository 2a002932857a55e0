"""Punters in a process of their own: raw WebSockets in one selector loop, so that the clients cost little.

`python bench/crowd.py PORT RACE_ID COUNT` prints, each time the last of them has its next `odds_update`, that
moment on the monotonic clock, in nanoseconds. The first line is the answer to the subscriptions.
"""

import selectors
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from websocket import ABNF, WebSocket, create_connection

ODDS_UPDATE, PING, PONG = b'42["odds_update"', b"2", "3"
CONNECT = "40"


@dataclass
class Punter:
    """One connection: what of a frame has come, and how many updates it has had."""

    socket: WebSocket
    rest: bytearray = field(default_factory=bytearray)
    updates: int = 0

    def read(self) -> None:
        """Take in what has come."""
        came = self.socket.sock.recv(65536)
        if not came:
            sys.exit("the server closed a connection")
        self.rest += came
        for frame in self._frames():
            if frame.startswith(ODDS_UPDATE):
                self.updates += 1
            elif frame == PING:
                self.socket.send(PONG)

    def _frames(self) -> Iterator[bytes]:
        """Yield the whole frames (a server's are not masked; ours are shorter than 64 kB)."""
        while len(self.rest) >= 2:
            size, start = self.rest[1] & 0x7F, 2
            if size == 126:
                if len(self.rest) < 4:
                    return
                size, start = int.from_bytes(self.rest[2:4], "big"), 4
            if len(self.rest) < start + size:
                return
            frame = bytes(self.rest[start : start + size])
            is_text = self.rest[0] & 0x0F == ABNF.OPCODE_TEXT
            del self.rest[: start + size]
            if is_text:
                yield frame


def join(port: int, race_id: str) -> Punter:
    """Return a new connection that has asked to follow the race."""
    socket = create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=30)
    socket.recv()  # Engine.IO's open
    socket.send(CONNECT)
    socket.recv()  # Socket.IO's connect
    socket.send(f'42["subscribe_race",{{"raceId":"{race_id}"}}]')
    return Punter(socket)


def watch(punters: list[Punter]) -> None:
    """Print the moments, for ever."""
    selector = selectors.DefaultSelector()
    for punter in punters:
        selector.register(punter.socket.sock, selectors.EVENT_READ, punter)
    told = 0
    while True:
        for key, _ in selector.select():
            key.data.read()
        slowest = min(punter.updates for punter in punters)
        if slowest > told:
            now = time.monotonic_ns()
            told = slowest
            print(now, flush=True)


if __name__ == "__main__":
    watch([join(int(sys.argv[1]), sys.argv[2]) for _ in range(int(sys.argv[3]))])
