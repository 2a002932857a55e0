"""One address that begins sessions as fast as it can, in a process of its own.

Run with PORT ADDRESS RATE SECONDS, it prints how many it tried in how many seconds, and how each ended: by the status
it was answered, or "nothing".
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from tests.support.visits import HANDSHAKE, RESET

HEAD = f"{HANDSHAKE}\r\n".encode()
NO_PORT_YET = 24  # IP_BIND_ADDRESS_NO_PORT: else 28,000 connections are all that one address has
MOST_OPEN = 3000
PATIENCE_S = 10.0


class Storm:
    """What comes down on one port."""

    def __init__(self, port: int, address: str) -> None:
        self._port, self._address = port, address
        self._selector = selectors.DefaultSelector()
        self.answers: Counter[str] = Counter()
        self.tried = 0
        self._inside: list[socket.socket] = []

    def blow(self, per_second: int, seconds: float) -> float:
        """Begin sessions at that pace; return for how many seconds it went on."""
        began = time.monotonic()
        while (now := time.monotonic()) < began + seconds:
            due = int((now - began) * per_second) - self.tried
            for _ in range(min(due, MOST_OPEN - len(self._selector.get_map()))):
                self._begin()
            self._look(0.001)
        took = time.monotonic() - began
        while self._selector.get_map() and time.monotonic() < began + seconds + PATIENCE_S:
            self._look(0.1)
        self.answers["nothing"] += len(self._selector.get_map())
        return took

    def _begin(self) -> None:
        self.tried += 1
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        sock.setsockopt(socket.IPPROTO_IP, NO_PORT_YET, 1)
        sock.bind((self._address, 0))
        sock.connect_ex(("127.0.0.1", self._port))
        self._selector.register(sock, selectors.EVENT_WRITE)

    def _look(self, within_s: float) -> None:
        for key, events in self._selector.select(within_s):
            sock: Any = key.fileobj
            try:
                if events & selectors.EVENT_WRITE:
                    sock.send(HEAD)
                    self._selector.modify(sock, selectors.EVENT_READ)
                    continue
                status = sock.recv(4096)[9:12].decode() or "nothing"
            except OSError:
                status = "nothing"
            self.answers[status] += 1
            self._selector.unregister(sock)
            if status == "101":
                self._inside.append(sock)  # who is in stays
            else:
                sock.close()


def begin_storm(port: int, address: str, per_second: int, seconds: float) -> "subprocess.Popen[str]":
    """Start one; its standard output is told when it is over."""
    command = [sys.executable, "-m", "tests.support.connect_storm", str(port), address, str(per_second), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    storm = Storm(int(sys.argv[1]), sys.argv[2])
    took_s = storm.blow(int(sys.argv[3]), float(sys.argv[4]))
    print(json.dumps({"tried": storm.tried, "seconds": took_s, "answers": storm.answers}))
