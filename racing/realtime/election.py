"""Which worker publishes a change: one Redis key an interval and race, so that no two of them do."""

from collections.abc import Callable
from typing import Protocol

import structlog
from redis import Redis, RedisError

from racing.realtime.link import RedisLink, redis_options

log = structlog.get_logger()
# The one wait for Redis in the live loop; no request ever waits for it.
TIMEOUT_S = 0.1
REST_S = 1.0
# Shorter than the interval, so that the winner of the last one can win the next, whatever the clocks do.
HELD_FOR = 0.9
URGENT_HELD_S = 1.0


class Election(Protocol):
    """Decides for one worker whether it is the one."""

    def wins_interval(self, race_id: str) -> bool:
        """Tell whether this worker publishes the race's ordinary changes of this interval."""

    def wins_change(self, race_id: str, version: int) -> bool:
        """Tell whether this worker publishes this urgent change; the interval then begins anew."""


class Alone:
    """The election of a process without Redis: it always wins."""

    def wins_interval(self, race_id: str) -> bool:
        """Tell that it does."""
        return True

    def wins_change(self, race_id: str, version: int) -> bool:
        """Tell that it does."""
        return True


class RedisElection:
    """The election among several workers. While Redis is away each wins for its own clients."""

    def __init__(self, link: RedisLink, interval_s: float, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._link, self._clock, self._interval_ms = link, clock, int(interval_s * 1000)
        self._redis = Redis.from_url(
            link.url, **redis_options(link.url, verify_tls=link.verify_tls, timeout_s=TIMEOUT_S)
        )
        self._rests_until = 0.0

    def wins_interval(self, race_id: str) -> bool:
        """As Election's."""
        return self._take(f"racing:interval:{race_id}", int(self._interval_ms * HELD_FOR))

    def wins_change(self, race_id: str, version: int) -> bool:
        """As Election's."""
        if not self._take(f"racing:urgent:{race_id}:{version}", int(URGENT_HELD_S * 1000)):
            return False
        self._hold_interval(race_id)
        return True

    def _take(self, key: str, for_ms: int) -> bool:
        if self._is_resting():
            return True
        try:
            return bool(self._redis.set(key, self._link.host_id, nx=True, px=max(for_ms, 1)))
        except (RedisError, OSError) as error:
            self._rest(error)
            return True

    def _hold_interval(self, race_id: str) -> None:
        if self._is_resting():
            return
        try:
            self._redis.set(f"racing:interval:{race_id}", self._link.host_id, px=int(self._interval_ms * HELD_FOR))
        except (RedisError, OSError) as error:
            self._rest(error)

    def _is_resting(self) -> bool:
        return not self._link.is_up or self._clock() < self._rests_until

    def _rest(self, error: Exception) -> None:
        self._rests_until = self._clock() + REST_S
        log.info("no election: Redis did not answer in time", error=str(error)[:200])
