"""Flask-Limiter's counters: in memory, in step with the other workers', and forgotten when their time is up.

The library's own memory is looked through from end to end a hundred times a second, however many addresses are in it.
"""

import time
from heapq import heappop, heappush

from limits.storage import Storage

from racing.realtime.tally import Tally

KIND = "hits"
MOST_KEYS = 200_000
# The names of what has expired are dropped beside the counting, a few at a time.
MOST_DROPPED = 4


class SharedStorage(Storage):
    """Fixed windows that hold over all workers once `join` was called."""

    STORAGE_SCHEME = ["racing-shared"]  # noqa: RUF012  # the library's own declaration

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        """Count nothing yet."""
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._counts: dict[str, tuple[int, float]] = {}
        self._expiring: list[tuple[float, str]] = []
        self._tally = Tally("")

    def join(self, tally: Tally) -> None:
        """Count together with the other workers from now on."""
        self._tally = tally
        tally.hear(KIND, self._hear, self._drop)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may swallow: nothing that happens here."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, for `expiry` seconds where nothing was counted before; return the count."""
        name = self._tally.name(key)
        self._tally.add(KIND, f"{name}/{expiry:g}", amount)
        return self._count(name, expiry, amount)

    def get(self, key: str) -> int:
        """Return the count."""
        count, until = self._counts.get(self._tally.name(key), (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return until when is counted, in seconds of the epoch."""
        now = time.time()
        return max(now, self._counts.get(self._tally.name(key), (0, now))[1])

    def clear(self, key: str) -> None:
        """Count anew, at all workers."""
        name = self._tally.name(key)
        self._drop(name)
        self._tally.clear(KIND, name)

    def reset(self) -> int:
        """Count everything anew, here; return how many counters there were."""
        dropped = len(self._counts)
        self._counts, self._expiring = {}, []
        return dropped

    def check(self) -> bool:
        """Tell that it works."""
        return True

    def _count(self, name: str, expiry: float, amount: int) -> int:
        now = time.time()
        count, until = self._counts.get(name, (0, 0.0))
        if until <= now:
            count, until = 0, now + expiry
            heappush(self._expiring, (until, name))
        self._counts[name] = count + amount, until
        self._forget(now)
        return count + amount

    def _forget(self, now: float) -> None:
        for _ in range(MOST_DROPPED):
            if not self._expiring or (self._expiring[0][0] > now and len(self._expiring) <= MOST_KEYS):
                return
            until, name = heappop(self._expiring)
            if self._counts.get(name, (0, 0.0))[1] == until:
                del self._counts[name]

    def _drop(self, name: str) -> None:
        self._counts.pop(name, None)

    def _hear(self, told: str, amount: int, ago_s: float) -> None:
        name, _, expiry = told.partition("/")
        if ago_s <= float(expiry):  # else it was in a window before this one
            self._count(name, float(expiry), amount)
