"""One turn's messages to many sockets, one send() for each: compiled where that has been built, else in Python."""

import ctypes
import errno
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import structlog

log = structlog.get_logger()
COMPILED = Path(__file__).with_name("_send_loop.so")
MOST_PARTS = 64
MOST_UNSENT = 512
DESCRIPTORS_AT_FIRST = 1024
AGAIN = (-errno.EAGAIN, -errno.EWOULDBLOCK)


class Part(NamedTuple):
    """The same bytes for several sockets."""

    fds: "array[int]"
    """32-bit, each descriptor once."""
    frames: bytes


class Unsent(NamedTuple):
    """A socket that did not take all that it was to get."""

    fd: int
    sent: int
    """Bytes that went; below 0 where the socket is dead."""
    frames: list[bytes]


class Job(Protocol):
    """A run over all sockets that get something, which may be interrupted."""

    def run(self, until_ns: int) -> list[Unsent]:
        """Write until that moment of the monotonic clock; return who did not take all."""

    @property
    def is_done(self) -> bool:
        """Tell whether everybody has been written to."""


class SendLoop(Protocol):
    """Writes; knows of no connection, only of descriptors."""

    name: str

    def begin(self, parts: Sequence[Part]) -> Job:
        """Return the job of writing to each descriptor the parts it is in, in their order. Nothing is written yet.

        No other job may begin before this one is done.
        """

    def admit(self, fd: int) -> None:
        """Get to know a descriptor, before anything is written to it."""

    def set_busy(self, fd: int, *, busy: bool) -> None:
        """Note whether a descriptor has older bytes to send first: what it gets then comes back whole, as unsent."""


class PythonLoop:
    """In Python."""

    name = "python"

    def __init__(self, sockets: Mapping[int, Any]) -> None:
        """`sockets` finds, for a descriptor, the thing whose `sock` it is; that must not wait."""
        self._sockets = sockets
        self._busy: set[int] = set()

    def admit(self, fd: int) -> None:
        """As the protocol has it."""
        self._busy.discard(fd)

    def set_busy(self, fd: int, *, busy: bool) -> None:
        """As the protocol has it."""
        (self._busy.add if busy else self._busy.discard)(fd)

    def begin(self, parts: Sequence[Part]) -> Job:
        """As the protocol has it."""
        return PythonJob(self._sockets, self._busy, parts)


class PythonJob:
    """A run in Python."""

    def __init__(self, sockets: Mapping[int, Any], busy: set[int], parts: Sequence[Part]) -> None:
        """Find out who gets what."""
        self._sockets, self._busy = sockets, busy
        self._wanted: dict[int, list[bytes]] = {}
        for fds, frames in parts:
            for fd in fds:
                self._wanted.setdefault(fd, []).append(frames)
        self._order: Iterator[tuple[int, list[bytes]]] = iter(self._wanted.items())
        self._left = len(self._wanted)

    @property
    def is_done(self) -> bool:
        """As the protocol has it."""
        return not self._left

    def run(self, until_ns: int) -> list[Unsent]:
        """As the protocol has it."""
        unsent = []
        for fd, frames in self._order:
            self._left -= 1
            if fd in self._busy:
                unsent.append(Unsent(fd, 0, frames))
            else:
                joined = frames[0] if len(frames) == 1 else b"".join(frames)
                sent = self._send(fd, joined)
                if sent != len(joined):
                    unsent.append(Unsent(fd, sent, [joined]))
            if not self._left & 15 and time.monotonic_ns() >= until_ns:
                break
        return unsent

    def _send(self, fd: int, joined: bytes) -> int:
        try:
            return int(self._sockets[fd].sock.send(joined))
        except (BlockingIOError, InterruptedError):
            return 0
        except (OSError, KeyError):
            return -1  # it has gone; whoever reads it will learn of that


class CompiledLoop:
    """In C: what is left to Python is one call a slice."""

    name = "compiled"

    def __init__(self, library: ctypes.CDLL) -> None:
        """`library` is send_loop.c."""
        self.gather, self.send_some = library.gather, library.send_some
        self.gather.restype = self.send_some.restype = ctypes.c_int64
        self.gather.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p]
        numbers = [ctypes.c_int64] * 2
        self.send_some.argtypes = [
            *(ctypes.c_void_p,) * 2, *numbers, *(ctypes.c_void_p,) * 2, ctypes.c_int64, ctypes.c_void_p,
            ctypes.c_int64, ctypes.c_void_p,
        ]  # fmt: skip
        self.unsent = (_Unsent * MOST_UNSENT)()
        self.left = ctypes.c_int64()
        self._make_room(DESCRIPTORS_AT_FIRST)

    def _make_room(self, descriptors: int) -> None:
        old = getattr(self, "busy", b"")
        self.busy = (ctypes.c_uint8 * descriptors)(*old)
        self.wanted = (ctypes.c_uint64 * descriptors)()

    def admit(self, fd: int) -> None:
        """As the protocol has it."""
        if fd >= len(self.busy):
            self._make_room(max(fd + 1, 2 * len(self.busy)))
        self.busy[fd] = False

    def set_busy(self, fd: int, *, busy: bool) -> None:
        """As the protocol has it."""
        self.busy[fd] = busy

    def begin(self, parts: Sequence[Part]) -> Job:
        """As the protocol has it."""
        if len(parts) <= MOST_PARTS:
            return CompiledJob(self, parts)
        return Jobs(self, [parts[at : at + MOST_PARTS] for at in range(0, len(parts), MOST_PARTS)])


class CompiledJob:
    """A run in C over at most MOST_PARTS parts. It keeps alive what C reads."""

    def __init__(self, loop: CompiledLoop, parts: Sequence[Part]) -> None:
        """Find out who gets what."""
        self._loop, self._parts, self._at = loop, parts, 0
        self._table = (_Part * len(parts))()
        for row, (fds, frames) in zip(self._table, parts, strict=True):
            row.fds, row.count = fds.buffer_info()
            row.bytes, row.length = frames, len(frames)
        if len(parts) == 1:
            self._order, self._wanted, self._count = parts[0].fds, None, len(parts[0].fds)
        else:
            self._order, self._wanted = array("i", bytes(4 * sum(len(fds) for fds, _ in parts))), loop.wanted
            self._count = loop.gather(self._table, len(parts), loop.wanted, self._order.buffer_info()[0])

    @property
    def is_done(self) -> bool:
        """As the protocol has it."""
        return self._at >= self._count

    def run(self, until_ns: int) -> list[Unsent]:
        """As the protocol has it."""
        loop, left = self._loop, self._loop.left
        self._at = loop.send_some(
            self._table, self._order.buffer_info()[0], self._at, self._count, self._wanted, loop.busy, until_ns,
            loop.unsent, MOST_UNSENT, ctypes.byref(left),
        )  # fmt: skip
        return [
            Unsent(row.fd, 0 if row.sent in AGAIN else row.sent, self._of(row.parts))
            for row in loop.unsent[: left.value]
        ]

    def _of(self, wanted: int) -> list[bytes]:
        return [frames for bit, (_, frames) in enumerate(self._parts) if wanted >> bit & 1]


class Jobs:
    """Several jobs, one after the other."""

    def __init__(self, loop: CompiledLoop, each: Sequence[Sequence[Part]]) -> None:
        """Begin with the first; the tables of the loop serve one at a time."""
        self._loop, self._waiting = loop, list(each)
        self._job = CompiledJob(loop, self._waiting.pop(0))

    @property
    def is_done(self) -> bool:
        """As the protocol has it."""
        return self._job.is_done and not self._waiting

    def run(self, until_ns: int) -> list[Unsent]:
        """As the protocol has it."""
        if self._job.is_done:
            self._job = CompiledJob(self._loop, self._waiting.pop(0))
        return self._job.run(until_ns)


class _Part(ctypes.Structure):
    _fields_ = [  # ctypes wants a list
        ("fds", ctypes.c_void_p),
        ("bytes", ctypes.c_char_p),
        ("length", ctypes.c_int64),
        ("count", ctypes.c_int64),
    ]


class _Unsent(ctypes.Structure):
    _fields_ = [("fd", ctypes.c_int64), ("sent", ctypes.c_int64), ("parts", ctypes.c_uint64)]


def best(sockets: Mapping[int, Any], wanted: str = "auto") -> SendLoop:
    """Return the loop that is `wanted`: "python", "compiled", or "auto", which is compiled where that has been built.

    Raises OSError where it must be compiled and has not been.
    """
    if wanted == "python" or (wanted == "auto" and not COMPILED.exists()):
        return PythonLoop(sockets)
    try:
        return CompiledLoop(ctypes.CDLL(str(COMPILED)))
    except OSError:
        if wanted == "compiled":
            raise
        log.warning("the compiled send loop cannot be loaded; Python's serves", file=str(COMPILED), exc_info=True)
        return PythonLoop(sockets)
