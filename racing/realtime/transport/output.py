"""The one way out: all that is due for a client in a turn of the loop leaves in one send(), in order.

What is sent is noted with its receivers and written at the end of the turn, or up to HOLD_S later where more is on its
way: within `held`, and for a moment after a broadcast. Nothing that was noted is overtaken: a client that did not take
all has the rest kept and sent first, as soon as its socket has room.
"""

import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

import structlog

from racing.realtime.transport.backlog import Backlog
from racing.realtime.transport.hub import Hub
from racing.realtime.transport.send_loop import Job, Part, SendLoop, Unsent

log = structlog.get_logger()
HOLD_S = 0.005
SLICE_NS = 5_000_000
"""For so long a broadcast has the loop for itself; then the others have their turn."""
CROWD = 50
"""A turn that wrote to so many is a broadcast: what comes right after it waits for more."""


class Line(Protocol):
    """A client's socket, as far as output goes."""

    fd: int
    sock: Any
    backlog: Backlog | None
    is_over: bool
    """What is written to it last has been handed over."""

    def overflow(self, waiting: int) -> None:
        """Note that the client leaves too much unread."""

    def drop(self) -> None:
        """Hang up: the socket is dead."""

    def written(self) -> None:
        """Note that nothing of what was handed over waits any more."""

    def want_room(self, wanted: bool) -> None:
        """Ask to be told of room in the socket, by `Output.resume`."""


class Output:
    """Collects what is due, and writes it."""

    def __init__(
        self, hub: Hub, loop: SendLoop, find: Callable[[int], Line | None], most_messages: int, most_bytes: int
    ) -> None:
        """`find` returns the line of a descriptor. A client may leave `most_messages` or `most_bytes` unread."""
        self._hub, self._loop, self._find = hub, loop, find
        self._most_messages, self._most_bytes = most_messages, most_bytes
        self._due: list[Part] = []
        self._job: Job | None = None
        self._wake = 0  # of the calls that were ordered, the one that counts
        self._flush_at: float | None = None
        self._held = 0
        self._quiet_until = 0.0
        self._last: list[Line] = []
        self._closing: tuple[list[Any], list[Any]] = [], []
        self._ending: list[Line] = []
        self._is_crowd = False
        self._busy: set[Line] = set()
        self.delivered = 0

    def admit(self, fd: int) -> None:
        """Get to know the descriptor of a new line."""
        self._loop.admit(fd)

    # --- what is due ------------------------------------------------------------------------------------------------

    def to_one(self, line: Line, frames: bytes) -> None:
        """Write to one client."""
        self.to_many(array("i", (line.fd,)), frames)

    def to_many(self, fds: "array[int]", frames: bytes) -> None:
        """Write the same to many. `fds` is 32-bit, holds each client once, and is not changed any more."""
        self._due.append(Part(fds, frames))
        self.delivered += len(fds)
        if self._flush_at is None and self._job is None:
            self._order(self._wait_s())

    def to_one_last(self, line: Line, frames: bytes) -> None:
        """Write to one client, for the last time: `written` is called when all of it has left."""
        self.to_one(line, frames)
        self._last.append(line)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let what falls due within leave together, unless it takes longer than HOLD_S."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if not self._held and self._due and self._job is None:
                self._order(self._wait_s())

    def _wait_s(self) -> float:
        return HOLD_S if self._held else max(0.0, self._quiet_until - time.monotonic())

    def _order(self, wait_s: float) -> None:
        at = time.monotonic() + wait_s
        if self._flush_at is None or at < self._flush_at:
            self._flush_at = at
            self._wake += 1
            self._hub.call_later(wait_s, self._flush, self._wake)

    # --- writing ----------------------------------------------------------------------------------------------------

    def _flush(self, wake: int) -> None:
        if wake != self._wake:
            return  # another call was ordered meanwhile, for an earlier moment
        self._flush_at = None
        try:
            self.write()
        except Exception:
            # It must not be the last that this worker writes: the log comes last, for it may be what failed.
            self._loop.abandon()
            self._end()
            if self._due:
                self._order(self._wait_s())
            log.exception("a turn could not be written")

    def write(self) -> None:
        """Write for a slice of time. Where more is to be written the next slice is ordered."""
        if self.is_idle:
            return
        job = self._job or self._begin()
        for unsent in job.run(time.monotonic_ns() + SLICE_NS):
            if (line := self._find(unsent.fd)) is not None:
                self._keep_or_drop(line, unsent)
        if not job.is_done:
            self._order(0)
            return
        self._end()
        if self._due:
            self._order(self._wait_s())

    def _begin(self) -> Job:
        due, self._due = self._due, []
        self._ending, self._last = self._last, []
        # Whoever is closed from now on may still be written to by this job, and by what falls due until its end.
        self._closing = [], self._closing[0]
        self._is_crowd = any(len(part.fds) >= CROWD for part in due)
        self._job = self._loop.begin(list(_joined(due)))
        return self._job

    def _end(self) -> None:
        self._job = None
        if self._is_crowd:
            self._quiet_until = time.monotonic() + HOLD_S
        for line in self._ending:
            line.is_over = True
            if line.backlog is None:
                line.written()
        for sock in (*self._closing[1], *(() if self._due else self._closing[0])):
            sock.close()
        self._closing = self._closing[0] if self._due else [], []

    # --- who does not read ------------------------------------------------------------------------------------------

    def _keep_or_drop(self, line: Line, unsent: Unsent) -> None:
        try:
            if unsent.sent >= 0:
                self._keep(line, unsent)
                return
        except Exception:
            # It may have got half a frame: whatever follows would be read as the other half.
            log.exception("what a client did not take could not be kept")
        line.drop()

    def _keep(self, line: Line, unsent: Unsent) -> None:
        backlog = line.backlog
        if backlog is None:
            backlog = line.backlog = Backlog()
            self._busy.add(line)
            self._loop.set_busy(line.fd, busy=True)
            line.want_room(wanted=True)
        if backlog.is_full:
            return
        if unsent.sent:
            backlog.add(b"".join(unsent.frames)[unsent.sent :])
        else:
            for frames in unsent.frames:
                backlog.add(frames)
        if len(backlog.frames) > self._most_messages or backlog.bytes > self._most_bytes:
            # No more is kept, or sent: it is about to be hung up on, and must not go on behind a gap until then.
            backlog.is_full = True
            line.want_room(wanted=False)
            self._hub.call_later(0, line.overflow, len(backlog.frames))

    def resume(self, line: Line) -> None:
        """Write on to a client whose socket has room again."""
        if line.backlog is None or line.backlog.is_full:
            return
        try:
            is_empty = line.backlog.send(line.sock)
        except OSError:
            line.drop()
            return
        if is_empty:
            self.release(line)
            line.written()

    def release(self, line: Line) -> None:
        """Drop what a client has not taken."""
        if line.backlog is not None:
            line.backlog = None
            self._busy.discard(line)
            self._loop.set_busy(line.fd, busy=False)
            line.want_room(wanted=False)

    def unread(self) -> tuple[int, int]:
        """Return how many messages wait, over all clients and for the slowest."""
        waiting = [len(line.backlog.frames) for line in self._busy if line.backlog is not None]
        return sum(waiting), max(waiting, default=0)

    def bury(self, sock: Any) -> None:
        """Close a socket once nothing that is due or under way can reach its descriptor, which is then used again."""
        if self._job is None and not self._due:
            sock.close()
        else:
            self._closing[0].append(sock)

    @property
    def is_written(self) -> bool:
        """Tell whether the sockets have taken everything."""
        return self.is_idle and not self._busy

    @property
    def is_idle(self) -> bool:
        """Tell whether everything due has been handed to the sockets."""
        return self._job is None and not self._due


def _joined(due: list[Part]) -> Iterator[Part]:
    """Yield what is due, with one part for those that follow each other and go to the same clients.

    Clients of the same races are in their rooms in the same order. One piece costs the kernel less than several.
    """
    for _, parts in groupby(due, key=attrgetter("fds")):
        first, *more = parts
        yield first if not more else Part(first.fds, b"".join([first.frames, *(part.frames for part in more)]))
