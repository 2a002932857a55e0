"""What the whole house did in the last quarter of an hour, in steps of five seconds, as one worker has heard it.

Each worker notes what all of them tell (cluster.py), so that any of them can draw it. One that has just begun asks the
others for what was before.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from racing import metrics
from racing.realtime.cluster import Cluster, Share
from racing.realtime.link import RedisLink

EVERY_S = 5
KEPT = 180  # samples: fifteen minutes


class Sample(NamedTuple):
    """The house at an epoch second that is a multiple of EVERY_S.

    `connections` and `lag_ms` (the worst worker's) are of that moment; the others were counted since the sample before,
    `seconds` ago. `delays` has how many broadcasts took how long, by metrics.CHANGE_BOUNDS_S.
    """

    at: int
    seconds: float
    connections: int
    lag_ms: int
    written: int
    published: int
    delivered: int
    repaired: int
    delays: Sequence[int]


_COUNTED = ("written", "published", "delivered", "repaired")


class History:
    """The samples of one worker, oldest first."""

    def __init__(self, cluster: Cluster, link: RedisLink | None, clock: Callable[[], float] = time.time) -> None:
        """`clock` returns epoch seconds."""
        self._cluster, self._link, self._clock = cluster, link, clock
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._before: Mapping[str, Share] = {}
        self._sampled_at = clock()
        if link is not None:
            link.on("history wanted", self._tell)
            link.on("history", self._hear)

    def run(self, sleep: Callable[[float], object]) -> None:
        """Note a sample every EVERY_S seconds, at those that all workers count by."""
        if self._link is not None:
            self._link.say("history wanted")
        while True:
            sleep(EVERY_S - self._clock() % EVERY_S)
            self.sample()

    def sample(self) -> None:
        """Note how things stand now."""
        now, shares = self._clock(), self._cluster.shares()
        at = round(now / EVERY_S) * EVERY_S
        if self._samples and at <= self._samples[-1].at:
            return
        # Of a worker just heard of nobody knows since when it has counted.
        since = [(share, self._before.get(worker, share)) for worker, share in shares.items()]
        counted = {name: sum(_more(now.counts, then.counts, name) for now, then in since) for name in _COUNTED}
        delays = _added(_delays_since(now, then) for now, then in since)
        self._samples.append(
            Sample(
                at=at,
                seconds=max(0.1, now - self._sampled_at),
                connections=sum(share.connections for share in shares.values()),
                lag_ms=max(share.counts.get("lagMs", 0) for share in shares.values()),
                **counted,
                delays=delays,
            )
        )
        self._before, self._sampled_at = shares, now

    def samples(self) -> Sequence[Sample]:
        """Return them, oldest first."""
        return list(self._samples)

    def _tell(self, _message: Mapping[str, Any]) -> None:
        if self._link is not None and self._samples:
            self._link.say("history", samples=[list(sample) for sample in self._samples])

    def _hear(self, message: Mapping[str, Any]) -> None:
        """Take what was before our own first sample."""
        first = self._samples[0].at if self._samples else self._clock()
        told = [_sample(values) for values in message["samples"]]
        older = [sample for sample in told if first - KEPT * EVERY_S <= sample.at < first]
        self._samples = deque([*older, *self._samples], maxlen=KEPT)


def _more(now: Mapping[str, int], then: Mapping[str, int], name: str) -> int:
    return max(0, now.get(name, 0) - then.get(name, 0))


def _delays_since(now: Share, then: Share) -> list[int]:
    return [max(0, more - less) for more, less in zip_longest(now.delays, then.delays, fillvalue=0)]


def _added(delays: Iterable[Sequence[int]]) -> list[int]:
    # Of who has published nothing yet, or is of the release before, there are none.
    return [sum(of_bound) for of_bound in zip_longest(*delays, fillvalue=0)]


def _sample(values: Sequence[Any]) -> Sample:
    at, seconds, connections, lag_ms, written, published, delivered, repaired, delays = values
    whole = [int(count) for count in (connections, lag_ms, written, published, delivered, repaired)]
    return Sample._make([int(at), float(seconds), *whole, [int(count) for count in delays]])


def delay_ms(samples: Sequence[Sample], part: float) -> int | None:
    """Return within how many ms that part (0.95) of the broadcasts left; None where there were none.

    Between the bounds of a bucket they are taken to be spread evenly; of those beyond the last only that is known.
    """
    counts = _added(sample.delays for sample in samples)
    wanted, below, lower = sum(counts) * part, 0, 0.0
    for count, upper in zip(counts, metrics.CHANGE_BOUNDS_S, strict=False):
        if count and below + count >= wanted:
            upper = upper if upper < float("inf") else lower
            return round((lower + (upper - lower) * (wanted - below) / count) * 1000)
        below, lower = below + count, upper
    return None


def per_second(samples: Sequence[Sample], name: str) -> float:
    """Return how many of `name` (published, delivered, written, repaired) a second, over these samples."""
    seconds = sum(sample.seconds for sample in samples)
    return round(sum(getattr(sample, name) for sample in samples) / seconds, 1) if seconds else 0.0
