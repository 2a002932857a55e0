"""The send loop in Python, where none has been compiled."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from racing.realtime.transport.send_loop import Job, Part, Unsent


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

    def abandon(self) -> None:
        """As the protocol has it: a job keeps to itself what it is about."""

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
