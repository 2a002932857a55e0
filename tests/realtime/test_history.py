"""The last quarter of an hour, as any worker can draw it: sampled, shared, and told to whoever has just begun."""

from collections.abc import Mapping
from typing import Any

import pytest

from racing.realtime.cluster import Cluster, Share
from racing.realtime.connections import Connections
from racing.realtime.history import EVERY_S, KEPT, History, delay_ms, per_second
from tests.realtime.stand import Stand
from tests.realtime.test_cluster import Line

NO_DELAYS = [0] * 16


class Worker:
    """One worker of a house, with a clock that is stepped; what the others tell is set."""

    def __init__(self, wire: list[Line], now: list[float]) -> None:
        line = Line(wire)
        self.heard: dict[str, Share] = {}
        self.cluster = Cluster(Connections(), Stand().publisher, lambda: now[0], line)  # type: ignore[arg-type]
        self.history = History(self.cluster, line, lambda: now[0])  # type: ignore[arg-type]
        self.line, self._now = line, now

    def hear(self, worker: str, counts: Mapping[str, int], connections: int = 0, **more: Any) -> None:
        """Have another worker say what it has done since it began."""
        said = {"host_id": worker, "connections": connections, "races": {}, "addresses": {}, "counts": counts, **more}
        self.cluster._hear_worker(said)


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def worker(now: list[float]) -> Worker:
    return Worker([], now)


def test_what_all_workers_did_between_two_samples_is_added_up(worker: Worker, now: list[float]) -> None:
    worker.hear("a", {"published": 10, "delivered": 100}, 3)
    worker.hear("b", {"published": 5}, 4)
    worker.history.sample()
    now[0] += EVERY_S
    worker.hear("a", {"published": 20, "delivered": 150, "lagMs": 30}, 3)
    worker.hear("b", {"published": 6, "lagMs": 70}, 5)
    worker.history.sample()

    first, second = worker.history.samples()

    assert (first.at, second.at) == (1000, 1005)
    assert (first.published, first.connections) == (0, 7), "nobody knows since when they count"
    assert (second.published, second.delivered, second.connections, second.lag_ms) == (11, 50, 8, 70)
    assert per_second([second], "published") == 2.2


def test_a_worker_that_comes_begins_again_or_goes_makes_no_leap(worker: Worker, now: list[float]) -> None:
    worker.hear("a", {"published": 100})
    worker.history.sample()
    for counts in ({"a": 101, "b": 5000}, {"a": 2}, {"a": 3, "b": 5001}):
        now[0] += EVERY_S + 1  # who is silent is counted no more
        for name, published in counts.items():
            worker.hear(name, {"published": published})
        worker.history.sample()

    assert [sample.published for sample in worker.history.samples()] == [0, 1, 0, 1]


def test_no_more_than_a_quarter_of_an_hour_is_kept_and_no_moment_twice(worker: Worker, now: list[float]) -> None:
    for _ in range(KEPT + 20):
        worker.history.sample()
        worker.history.sample()
        now[0] += EVERY_S

    ats = [sample.at for sample in worker.history.samples()]
    assert ats == list(range(ats[0], ats[0] + KEPT * EVERY_S, EVERY_S))
    assert ats[-1] == now[0] - EVERY_S


def test_who_has_just_begun_is_told_what_was_before(now: list[float]) -> None:
    wire: list[Line] = []
    old = Worker(wire, now)
    for _ in range(4):
        old.history.sample()
        now[0] += EVERY_S
    new = Worker(wire, now)
    new.history.sample()
    now[0] += EVERY_S
    new.history.sample()

    new.line.say("history wanted")

    assert [sample.at for sample in new.history.samples()] == [1000, 1005, 1010, 1015, 1020, 1025]
    assert new.history.samples()[:4] == old.history.samples()
    assert len(old.history.samples()) == 4


def test_delays_are_read_from_the_buckets_of_all_workers(worker: Worker, now: list[float]) -> None:
    def delays(**of_bound: int) -> list[int]:
        return [of_bound.get(f"n{place}", 0) for place in range(16)]

    worker.hear("a", {}, delays=NO_DELAYS)
    worker.hear("b", {}, delays=delays(n15=9))
    worker.history.sample()
    now[0] += EVERY_S
    worker.hear("a", {}, delays=delays(n5=90))  # up to 0.25 s
    worker.hear("b", {}, delays=delays(n8=10, n15=9))  # up to 1 s
    worker.history.sample()

    samples = worker.history.samples()
    assert delay_ms(samples, 0.5) == pytest.approx(183, abs=1)
    assert delay_ms(samples, 0.95) == pytest.approx(875, abs=1)
    assert delay_ms(samples[:1], 0.95) is None


def test_beyond_the_last_bound_only_that_is_known(worker: Worker, now: list[float]) -> None:
    worker.hear("a", {}, delays=NO_DELAYS)
    worker.history.sample()
    now[0] += EVERY_S
    worker.hear("a", {}, delays=[*NO_DELAYS[:-1], 4])
    worker.history.sample()

    assert delay_ms(worker.history.samples(), 0.95) == 10_000


def test_a_worker_of_the_release_before_tells_no_delays(worker: Worker, now: list[float]) -> None:
    for published in (1, 3):
        worker.hear("old", {"published": published})
        worker.history.sample()
        now[0] += EVERY_S

    assert worker.history.samples()[-1].published == 2
    assert delay_ms(worker.history.samples(), 0.95) is None
