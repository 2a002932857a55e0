"""How many events a connection may send: a token bucket each (PROTOCOL, section 3: `rate_limited`)."""

import math
from collections.abc import Callable


class Allowance:
    """Lets every connection send `burst` events at once, and `per_second` in the long run."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, sid: str, cost: int = 1) -> int:
        """Take `cost` (at most a burst) out of a connection's bucket.

        Returns 0, or where it does not hold that many, with nothing taken, the ms after which it will.
        """
        cost = min(cost, self._burst)
        now = self._clock()
        held, at = self._buckets.get(sid, (self._burst, now))
        held = min(self._burst, held + (now - at) * self._per_second)
        if held < cost:
            self._buckets[sid] = held, now
            return math.ceil((cost - held) / self._per_second * 1000)
        self._buckets[sid] = held - cost, now
        return 0

    def forget(self, sid: str) -> None:
        """Drop the bucket of a connection that has gone."""
        self._buckets.pop(sid, None)
