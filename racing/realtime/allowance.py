"""How often somebody may do something: a token bucket each (PROTOCOL, section 3: `rate_limited`)."""

import math
from collections.abc import Callable

A_ROUNDING = 1e-9
"""Seconds: sums of floats are not exact."""


class Allowance:
    """Lets everybody (a connection, a user, an address) do `burst` things at once, and `per_second` in the long run."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._fills_in_s = burst / per_second
        self._full_at: dict[str, float] = {}
        self._before: dict[str, float] = {}
        self._turn_at = 0.0

    def take(self, key: str, cost: int = 1) -> int:
        """Take `cost` (at most a burst) out of somebody's bucket.

        Returns 0, or where it does not hold that many, with nothing taken, the ms after which it will.
        """
        now = self._clock()
        full_at = self._full_after(key, cost, now)
        if wait_ms := self._too_early_ms(full_at, now):
            return wait_ms
        self._full_at[key] = full_at
        return 0

    def wait_ms(self, key: str, cost: int = 1) -> int:
        """Return what `take` would, and take nothing."""
        now = self._clock()
        return self._too_early_ms(self._full_after(key, cost, now), now)

    def charge(self, key: str, cost: int) -> None:
        """Take what somebody has taken elsewhere, although the bucket may not hold it: at most it is empty then."""
        now = self._clock()
        self._full_at[key] = min(self._full_after(key, cost, now), now + self._fills_in_s)

    def left(self, key: str) -> int:
        """Return how many somebody may take now."""
        now = self._clock()
        return max(0, math.floor(self._burst - (self._full_after(key, 0, now) - now) * self._per_second + A_ROUNDING))

    def full_in_s(self, key: str) -> float:
        """Return after how many seconds somebody's bucket is full again."""
        now = self._clock()
        return self._full_after(key, 0, now) - now

    def _full_after(self, key: str, cost: int, now: float) -> float:
        self._turn(now)
        # Of a bucket that fills up at a steady pace, when it will be full says all.
        full_at = self._full_at.get(key) or self._before.get(key, now)
        return max(now, full_at) + min(cost, self._burst) / self._per_second

    def _too_early_ms(self, full_at: float, now: float) -> int:
        too_late_s = full_at - now - self._fills_in_s
        return max(1, math.ceil(too_late_s * 1000)) if too_late_s > A_ROUNDING else 0

    def _turn(self, now: float) -> None:
        """Forget the buckets that are full again: those that nobody has taken from for as long as one takes to fill."""
        if now >= self._turn_at:
            self._before, self._full_at = (self._full_at if now < self._turn_at + self._fills_in_s else {}), {}
            self._turn_at = now + self._fills_in_s

    def forget(self, key: str) -> None:
        """Drop the bucket of a connection that has gone."""
        self._full_at.pop(key, None)
        self._before.pop(key, None)
