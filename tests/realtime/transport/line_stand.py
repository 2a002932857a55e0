"""Lines on their own: real sockets, a real epoll and a stepped loop, of a server that has no sessions."""

import socket
import struct
from array import array
from collections.abc import Iterator
from contextlib import contextmanager

from racing.realtime.transport.line import Line, Lines
from racing.realtime.transport.output import Output
from racing.realtime.transport.poller import Poller
from racing.realtime.transport.send_loops import best
from tests.realtime.transport.hub import StepHub
from tests.realtime.transport.loop_stand import must_be_compiled

MOST_MESSAGES, MOST_BYTES, LARGEST = 50, 300_000, 10_000


class Owner:
    """Whose messages they are: notes what it is told. In rooms, it keeps its descriptor, as a session does."""

    line: Line

    def __init__(self) -> None:
        self.received: list[str | bytes] = []
        self.overflows: list[int] = []
        self.is_gone, self.is_in_rooms = False, False

    def receive(self, message: str | bytes) -> None:
        self.received.append(message)

    def gone(self) -> None:
        self.is_gone = True
        self.leave()

    def leave(self) -> None:
        if self.is_gone and self.line.is_dropped and not self.is_in_rooms:
            self.line.let_go()

    def overflow(self, waiting: int) -> None:
        self.overflows.append(waiting)


class Punter:
    """A client: its end of the connection, and what is the server's of it."""

    def __init__(self, lines: Lines, kind: socket.SocketKind, *, inflates: bool) -> None:
        ours, self.end = socket.socketpair(socket.AF_UNIX, kind)
        ours.setblocking(False)
        self.end.setblocking(False)
        self.owner = Owner()
        self.line = lines.open(ours, self.owner, inflates=inflates)

    def send(self, data: bytes) -> None:
        self.end.sendall(data)

    def came(self) -> bytes:
        """Return what came until now."""
        return b"".join(self.came_at_once())

    def came_at_once(self) -> list[bytes]:
        """Return what came until now; on a socket of whole messages, send() by send()."""
        came: list[bytes] = []
        try:
            while more := self.end.recv(1_000_000):
                came.append(more)
        except (BlockingIOError, ConnectionResetError):
            pass
        return came

    @property
    def has_mail(self) -> bool:
        """Tell whether there is something to read."""
        try:
            return self.end.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return False

    @property
    def has_ended(self) -> bool:
        """Tell whether the server has hung up, and there is nothing more to read."""
        try:
            return self.end.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True


class Stand:
    """All lines of a worker."""

    def __init__(self, kind: str = "python") -> None:
        if kind == "compiled":
            must_be_compiled()
        self.hub = StepHub()
        self.poller = Poller(self.hub)
        loop = best(self.poller.watched, kind)
        self.output = Output(self.hub, loop, self.poller.watched.get, MOST_MESSAGES, MOST_BYTES)
        self.lines = Lines(self.poller, self.output, LARGEST)
        self.punters: list[Punter] = []
        self.hub.spawn(self.poller.run)
        self.hub.run()

    def connect(self, kind: socket.SocketKind = socket.SOCK_STREAM, *, inflates: bool = False) -> Punter:
        punter = Punter(self.lines, kind, inflates=inflates)
        self.punters.append(punter)
        return punter

    def crowd(self, count: int) -> list[Punter]:
        """Connect so many, of whose messages each send() can be told."""
        return [self.connect(socket.SOCK_SEQPACKET) for _ in range(count)]

    def tell(self, frames: bytes, *punters: Punter) -> None:
        """Write the same to all of these."""
        self.output.to_many(array("i", [punter.line.fd for punter in punters]), frames)

    def close(self) -> None:
        for punter in self.punters:
            punter.line.drop()
            punter.end.close()
        self.hub.run(1)
        assert self.output.is_idle


@contextmanager
def standing(kind: str = "python") -> Iterator[Stand]:
    """Have a stand for a while."""
    stand = Stand(kind)
    yield stand
    stand.close()


def close_frame(code: int) -> bytes:
    """Return a Close frame as the server sends it."""
    return b"\x88\x02" + struct.pack("!H", code)


def said(lines: Stand, punter: Punter, data: bytes) -> list[str | bytes]:
    """Let a client say this; return what its owner got by it."""
    before = len(punter.owner.received)
    punter.send(data)
    lines.hub.run()
    return punter.owner.received[before:]
