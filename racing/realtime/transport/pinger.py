"""Who is still there: one wheel of time for all sessions of our WebSockets (Engine.IO protocol, "Heartbeat").

A session stands in the slot of the tick at which it is to be asked, or, asked already, to have answered.
"""

from collections.abc import Callable
from typing import Protocol

TICKS_A_WAIT = 25
LONGEST_TICK_S = 1.0


class Asked(Protocol):
    """A session, as far as this goes."""

    slot: int
    """Where it stands; -1 nowhere."""
    pinged: bool

    def ping(self) -> None:
        """Ask."""


class Pinger:
    """Asks every session once an interval, and gives up on those that do not answer in time."""

    def __init__(self, interval_s: float, timeout_s: float, give_up: Callable[[Asked], None]) -> None:
        """`give_up` closes a session that did not answer within `timeout_s`. It must not wait."""
        self.tick_s = min(LONGEST_TICK_S, interval_s / TICKS_A_WAIT, timeout_s / TICKS_A_WAIT)
        self._interval, self._timeout = round(interval_s / self.tick_s), round(timeout_s / self.tick_s) + 1
        self._wheel: list[set[Asked]] = [set() for _ in range(max(self._interval, self._timeout) + 1)]
        self._now = 0
        self._give_up = give_up

    def begin(self, session: Asked) -> None:
        """Look after a session from now on; also when it has answered."""
        self.end(session)
        session.pinged = False
        self._stand(session, self._interval)

    def end(self, session: Asked) -> None:
        """Look after it no longer."""
        if session.slot >= 0:
            self._wheel[session.slot].discard(session)
            session.slot = -1

    def tick(self) -> None:
        """Do what this tick is for. To be called every `tick_s`."""
        self._now = (self._now + 1) % len(self._wheel)
        due, self._wheel[self._now] = self._wheel[self._now], set()
        for session in due:
            session.slot = -1
            if session.pinged:
                self._give_up(session)
            else:
                session.ping()
                self._stand(session, self._timeout)

    def _stand(self, session: Asked, ticks: int) -> None:
        session.slot = (self._now + ticks) % len(self._wheel)
        self._wheel[session.slot].add(session)
