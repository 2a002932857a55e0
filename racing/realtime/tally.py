"""What a worker has counted lately, told to the others in one message each tenth of a second.

Nobody waits to be counted. Each worker decides by what all have counted, a moment ago; while Redis is away, by what it
has counted itself. Who was counted leaves the process only as a keyed digest.
"""

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from racing.realtime.link import RedisLink

TELL_EVERY_S = 0.1
# Of more keys than these in one message the rest is told in the next.
MOST_AT_ONCE = 2000
# What is told later than this is not counted: a Redis that hung says everything at once, some of it more than once, and
# that must shut nobody out. The workers' hosts' clocks are that close, too.
LATEST_S = 2.0

Hear = Callable[[str, int, float], None]
"""Takes a name, how many were counted, and how many seconds ago that was told."""


class Tally:
    """Counts by kind and name; the other workers' counts come in the same way."""

    def __init__(self, secret: str) -> None:
        """`secret` is one that all workers have."""
        secret_key = blake2b(secret.encode()).digest()
        self._link: RedisLink | None = None
        self._counted: dict[str, dict[str, int]] = {}
        self._hear: dict[str, Hear] = {}
        self._hear_cleared: dict[str, Callable[[str], None]] = {}

        @lru_cache(10_000)
        def name(key: str) -> str:
            """Return what somebody is counted under."""
            return blake2b(key.encode(), key=secret_key, digest_size=9).hexdigest()

        self.name = name

    def join(self, link: RedisLink) -> None:
        """Count together with the other workers from now on."""
        self._link = link
        link.on("counted", self._hear_counted)
        link.on("cleared", self._hear_clear)

    def hear(self, kind: str, counted: Hear, cleared: Callable[[str], None] = lambda name: None) -> None:
        """Call these with what other workers counted of a kind, and with what they count anew."""
        self._hear[kind], self._hear_cleared[kind] = counted, cleared

    def add(self, kind: str, name: str, amount: int) -> None:
        """Count."""
        if self._link is not None:
            counted = self._counted.setdefault(kind, {})
            counted[name] = counted.get(name, 0) + amount

    def clear(self, kind: str, name: str) -> None:
        """Let the others count somebody anew, at once."""
        if self._link is not None:
            self.tell()
            self._link.say("cleared", of=kind, name=name)

    def tell(self) -> None:
        """Tell the others what was counted since the last time."""
        if self._link is None or not self._counted:
            return
        told, left = self._counted, MOST_AT_ONCE
        self._counted = {}
        for kind, counted in told.items():
            if len(counted) > left:
                names = list(counted)
                self._counted[kind] = {name: counted.pop(name) for name in names[left:]}
            left -= len(counted)
        self._link.say("counted", at=time.time(), counted=told)

    def run(self, sleep: Callable[[float], Any]) -> None:
        """Tell them again and again."""
        while True:
            sleep(TELL_EVERY_S)
            self.tell()

    def _hear_counted(self, message: Mapping[str, Any]) -> None:
        ago_s = time.time() - message["at"]
        if ago_s > LATEST_S:
            return
        for kind, counted in message["counted"].items():
            if (hear := self._hear.get(kind)) is not None:
                for name, amount in counted.items():
                    hear(name, int(amount), ago_s)

    def _hear_clear(self, message: Mapping[str, Any]) -> None:
        if (cleared := self._hear_cleared.get(message["of"])) is not None:
            cleared(message["name"])
