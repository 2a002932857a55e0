"""A loop whose time is stepped: it does all that can be done without waiting, then stands still."""

import heapq
import select
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet

WITHIN_S = 10.0


class StepHub:
    """A hub on real descriptors. Whoever sleeps or waits in it is a green thread; the test itself must not."""

    def __init__(self) -> None:
        self.now = 0.0
        self._calls: list[tuple[float, int, Callable[..., Any], tuple[Any, ...]]] = []
        self._numbers = count()
        self._waiting: dict[int, greenlet] = {}
        self._loop = getcurrent()

    # --- what the transport sees ------------------------------------------------------------------------------------

    def call_later(self, seconds: float, call: Callable[..., Any], *args: Any) -> None:
        heapq.heappush(self._calls, (self.now + seconds, next(self._numbers), call, args))

    def spawn(self, work: Callable[..., Any], *args: Any) -> None:
        self.call_later(0, greenlet(work, self._loop).switch, *args)

    def sleep(self, seconds: float) -> None:
        self.call_later(seconds, getcurrent().switch)
        self._loop.switch()

    def wait_readable(self, descriptor: int) -> None:
        self._waiting[descriptor] = getcurrent()
        self._loop.switch()

    def epoll(self) -> Any:
        return select.epoll()

    def take_over(self, environ: dict[str, Any]) -> Any:
        return environ.pop("socket of the test")

    # --- what the test does -----------------------------------------------------------------------------------------

    @property
    def next_in(self) -> float | None:
        """In how many seconds the next call is due; None where there is none."""
        return self._calls[0][0] - self.now if self._calls else None

    def run(self, seconds: float = 0.0) -> None:
        """Do what is due within so many seconds from now, and what the sockets ask for until then."""
        until = self.now + seconds
        while self._step(until):
            pass
        self.now = until

    def run_until(self, claim: Callable[[], bool]) -> None:
        """Go on until a claim is true; time stands still, sockets are waited for."""
        deadline = time.monotonic() + WITHIN_S
        self.run()
        while not claim():
            assert time.monotonic() < deadline, "it did not come true"
            poll = self._poll()
            poll.poll(20)
            self.run()

    def turn(self) -> None:
        """Do the one thing that is due next."""
        assert self._step(self.now + (self.next_in or 0.0)), "nothing is due"

    def _step(self, until: float) -> bool:
        if self._calls and self._calls[0][0] <= until:
            at, _, call, args = heapq.heappop(self._calls)
            self.now = max(self.now, at)
            call(*args)
            return True
        ready = self._poll().poll(0)
        for descriptor, _ in ready:
            if (waits := self._waiting.pop(descriptor, None)) is not None:
                waits.switch()
        return bool(ready)

    def _poll(self) -> Any:
        poll = select.poll()
        for descriptor in self._waiting:
            poll.register(descriptor, select.POLLIN)
        return poll
