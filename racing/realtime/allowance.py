"""How many events a connection may send: a token bucket each (PROTOCOL, section 3: `rate_limited`)."""

import math
from collections.abc import Callable

A_ROUNDING = 1e-9
"""Seconds: sums of floats are not exact."""


class Allowance:
    """Lets every connection send `burst` events at once, and `per_second` in the long run."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._fills_in_s = burst / per_second
        self._full_at: dict[str, float] = {}
        self._before: dict[str, float] = {}
        self._turn_at = 0.0

    def take(self, sid: str, cost: int = 1) -> int:
        """Take `cost` (at most a burst) out of a connection's bucket.

        Returns 0, or where it does not hold that many, with nothing taken, the ms after which it will.
        """
        now = self._clock()
        self._turn(now)
        # Of a bucket that fills up at a steady pace, when it will be full says all.
        full_at = (
            max(now, self._full_at.get(sid) or self._before.get(sid, now)) + min(cost, self._burst) / self._per_second
        )
        too_late_s = full_at - now - self._fills_in_s
        if too_late_s > A_ROUNDING:
            return max(1, math.ceil(too_late_s * 1000))
        self._full_at[sid] = full_at
        return 0

    def _turn(self, now: float) -> None:
        """Forget the buckets that are full again: those that nobody has taken from for as long as one takes to fill."""
        if now >= self._turn_at:
            self._before, self._full_at = (self._full_at if now < self._turn_at + self._fills_in_s else {}), {}
            self._turn_at = now + self._fills_in_s

    def forget(self, sid: str) -> None:
        """Drop the bucket of a connection that has gone."""
        self._full_at.pop(sid, None)
        self._before.pop(sid, None)
