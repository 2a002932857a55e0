"""A send loop, and clients it writes to: real sockets, of which the test holds both ends."""

import os
import shutil
import socket
import time
from array import array
from typing import NamedTuple

import pytest

from racing.realtime.transport.send_loop import Part, SendLoop, Unsent
from racing.realtime.transport.send_loops import COMPILED, best

KINDS = ["python", "compiled"]
LONG_AGO = 0
IN_A_WHILE = time.monotonic_ns() + 10**15


class Line(NamedTuple):
    """As much of a client's connection as a loop knows of."""

    sock: socket.socket


class Punter:
    """A client's two ends: the server's, which does not wait, and its own."""

    def __init__(self) -> None:
        self.sock, self.end = socket.socketpair()
        for one in (self.sock, self.end):
            one.setblocking(False)
        self.fd = self.sock.fileno()

    def came(self) -> bytes:
        """What came until now."""
        came = b""
        try:
            while more := self.end.recv(1_000_000):
                came += more
        except BlockingIOError:
            pass
        return came

    def fill(self) -> int:
        """Take no more: what fits in between is full. Returns how much that is."""
        filled = 0
        try:
            while True:
                filled += self.sock.send(bytes(65_536))
        except BlockingIOError:
            return filled

    def close(self) -> None:
        self.sock.close()
        self.end.close()


class Stand:
    """A loop, and clients that it knows."""

    def __init__(self, kind: str, clients: int = 0) -> None:
        if kind == "compiled":
            must_be_compiled()
        self.lines: dict[int, Line] = {}
        self.loop: SendLoop = best(self.lines, kind)
        assert self.loop.name == kind
        self.punters: list[Punter] = []
        for _ in range(clients):
            self.welcome()

    def welcome(self) -> Punter:
        punter = Punter()
        self.punters.append(punter)
        self.lines[punter.fd] = Line(punter.sock)
        self.loop.admit(punter.fd)
        return punter

    def part(self, frames: bytes, *receivers: int) -> Part:
        return Part(array("i", [self.punters[n].fd for n in receivers]), frames)

    def write(self, *parts: Part) -> list[Unsent]:
        """Write these from the beginning to the end."""
        job, unsent = self.loop.begin(parts), []
        while not job.is_done:
            unsent += job.run(IN_A_WHILE)
        return unsent

    def close(self) -> None:
        for punter in self.punters:
            punter.close()


def must_be_compiled() -> None:
    if not COMPILED.exists():
        if shutil.which(os.environ.get("CC", "cc")):
            pytest.fail("there is a compiler, but no compiled send loop: run tools/compile")
        pytest.skip("there is no C compiler here")


def rest(unsent: Unsent) -> bytes:
    """What a socket is still to get."""
    return b"".join(unsent.frames)[unsent.sent :]
