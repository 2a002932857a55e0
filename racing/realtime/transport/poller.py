"""One epoll for all sockets of the transport: the loop watches a single descriptor, whatever the number of clients."""

import time
from collections import deque
from typing import Protocol

import structlog

from racing.realtime.transport.hub import Hub

log = structlog.get_logger()
# EPOLLIN and EPOLLOUT of Linux: eventlet takes what is about epoll out of the standard library's `select`.
READ, WRITE = 0x1, 0x4
# To be told once of whatever comes, although nobody takes it (EPOLLET).
NEWS = READ | 1 << 31
# Then the others have their turn.
MOST_AT_ONCE, SLICE_S = 200, 0.005


class Watched(Protocol):
    """Something with a descriptor."""

    def ready(self, events: int) -> None:
        """Act on what epoll says of the descriptor. Must not wait."""


class Poller:
    """Tells each watched thing when its socket has something to read or room to write."""

    def __init__(self, hub: Hub) -> None:
        """Watch nothing yet."""
        self._hub, self._epoll = hub, hub.epoll()
        self.watched: dict[int, Watched] = {}

    def watch(self, descriptor: int, who: Watched, events: int = READ) -> None:
        """Begin to watch."""
        self.watched[descriptor] = who
        self._epoll.register(descriptor, events)

    def change(self, descriptor: int, events: int) -> None:
        """Watch for other events."""
        self._epoll.modify(descriptor, events)

    def hand_on(self, descriptor: int, who: Watched) -> None:
        """Let another act on a descriptor that is watched already."""
        self.watched[descriptor] = who

    def forget(self, descriptor: int) -> None:
        """Watch it no longer; to be called before it is closed."""
        if self.watched.pop(descriptor, None) is not None:
            self._epoll.unregister(descriptor)

    def run(self) -> None:
        """Serve for ever. What goes wrong with one descriptor is logged, and the others are served."""
        told: deque[tuple[int, int]] = deque()
        while True:
            if told:
                self._hub.sleep(0)
            else:
                self._hub.wait_readable(self._epoll.fileno())
                told.extend(self._epoll.poll(0, MOST_AT_ONCE))
            # Whoever was told of has had a turn before anybody is told of again: epoll begins with the same each time.
            until = time.monotonic() + SLICE_S
            while told and time.monotonic() < until:
                self._serve(*told.popleft())

    def _serve(self, descriptor: int, events: int) -> None:
        who = self.watched.get(descriptor)
        if who is None:
            return  # forgotten by one that came before it
        try:
            who.ready(events)
        except Exception:
            log.exception("a socket could not be served")
