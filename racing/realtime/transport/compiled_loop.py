"""The send loop in C, by ctypes: see send_loop.c, which tools/compile builds."""

import ctypes
import errno
import time
from array import array
from collections.abc import Sequence

from racing.realtime.transport.send_loop import Job, Part, Unsent

MOST_PARTS = 64
MOST_UNSENT = 512
DESCRIPTORS_AT_FIRST = 1024
AGAIN = (-errno.EAGAIN, -errno.EWOULDBLOCK)


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
        self.wanted[fd] = 0

    def set_busy(self, fd: int, *, busy: bool) -> None:
        """As the protocol has it."""
        self.busy[fd] = busy

    def abandon(self) -> None:
        """As the protocol has it."""
        self.wanted = (ctypes.c_uint64 * len(self.busy))()

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
        unsent = self._job.run(until_ns)
        while self._job.is_done and self._waiting and not unsent and time.monotonic_ns() < until_ns:
            self._job = CompiledJob(self._loop, self._waiting.pop(0))
            unsent = self._job.run(until_ns)
        return unsent


class _Part(ctypes.Structure):
    _fields_ = [  # ctypes wants a list
        ("fds", ctypes.c_void_p),
        ("bytes", ctypes.c_char_p),
        ("length", ctypes.c_int64),
        ("count", ctypes.c_int64),
    ]


class _Unsent(ctypes.Structure):
    _fields_ = [("fd", ctypes.c_int64), ("sent", ctypes.c_int64), ("parts", ctypes.c_uint64)]
