"""Limits that hold over all workers, although no request waits to be counted.

Every worker counts in its own memory, and tells the others what it counted over the link between them. So each decides
by what all have counted, a moment ago; while Redis is away, by what it has counted itself.
"""

import time
from collections.abc import Mapping
from typing import Any

from limits.storage import MemoryStorage

from racing.realtime.link import RedisLink

# What the other workers are told later than this they do not count. Their hosts' clocks are that close, too.
LATEST_S = 2.0


class SharedStorage(MemoryStorage):
    """Flask-Limiter's counters in memory, kept in step with the other workers' once `join` was called."""

    STORAGE_SCHEME = ["racing-shared"]  # noqa: RUF012  # the library's own declaration

    _link: RedisLink | None = None

    def join(self, link: RedisLink) -> None:
        """Count together with the other workers from now on."""
        self._link = link
        link.on("hit", self._hear)
        link.on("uncount", self._hear_cleared)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """As the library's, told to the others."""
        if self._link is not None:
            self._link.say("hit", key=key, expiry=expiry, amount=amount, at=time.time())
        return super().incr(key, expiry, amount)

    def clear(self, key: str) -> None:
        """As the library's, told to the others."""
        if self._link is not None:
            self._link.say("uncount", key=key, at=time.time())
        super().clear(key)

    def _hear(self, message: Mapping[str, Any]) -> None:
        # A Redis that hung says everything at once, some of it more than once: that must not shut a writer out.
        if time.time() - message["at"] > min(message["expiry"], LATEST_S):
            return
        super().incr(message["key"], message["expiry"], message["amount"])

    def _hear_cleared(self, message: Mapping[str, Any]) -> None:
        # Told late, it would forget what was counted since.
        if time.time() - message["at"] <= LATEST_S:
            super().clear(message["key"])
