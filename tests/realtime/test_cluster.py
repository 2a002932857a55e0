"""The workers counted together: each says what it has, and who falls silent is counted no more."""

import time
from typing import Any

import pytest

from racing import metrics
from racing.realtime.cluster import GONE_AFTER_S, Cluster
from racing.realtime.connections import Connections
from racing.realtime.counts import COUNTS
from racing.realtime.rooms import Variant
from tests.realtime.counted import counted
from tests.realtime.stand import Stand


class Line:
    """The link between workers: what one says, all others hear at once."""

    def __init__(self, wire: list["Line"]) -> None:
        self._hearers: dict[str, Any] = {}
        self._wire, self.host_id = wire, f"worker-{len(wire)}"
        wire.append(self)

    def on(self, kind: str, hear: Any) -> None:
        self._hearers[kind] = hear

    def say(self, kind: str, **message: Any) -> None:
        for other in self._wire:
            if other is not self:
                other._hearers[kind]({"host_id": self.host_id, **message})


class House:
    """Two workers and a clock that is stepped."""

    def __init__(self) -> None:
        self.now = 0.0
        wire: list[Line] = []
        self.connections = [Connections(), Connections()]
        self.clusters = [
            Cluster(connections, Stand().publisher, lambda: self.now, Line(wire))  # type: ignore[arg-type]
            for connections in self.connections
        ]
        for number, connections in enumerate(self.connections):
            connections.connect(f"punter-{number}", "192.0.2.1")
            connections.follow(f"punter-{number}", "wexmoor", Variant())
        self.connections[1].connect("another", "192.0.2.2")
        self.connections[1].follow("another", "ayr", Variant("delta"))


@pytest.fixture
def house() -> House:
    return House()


def test_a_worker_that_has_said_nothing_yet_is_not_counted(house: House) -> None:
    assert (house.clusters[0].workers(), house.clusters[0].count()) == (1, 1)


def test_workers_are_counted_together(house: House) -> None:
    house.clusters[1].announce()

    assert house.clusters[0].workers() == 2
    assert house.clusters[0].count() == 3
    assert house.clusters[0].followers() == {"wexmoor": 2, "ayr": 1}
    assert house.clusters[0].count_from("192.0.2.1") == 2
    assert house.clusters[0].count_from("192.0.2.2") == 1
    assert house.clusters[0].count_from("192.0.2.3") == 0


def test_what_is_said_twice_counts_once(house: House) -> None:
    house.clusters[1].announce()
    house.clusters[1].announce()

    assert house.clusters[0].count() == 3


def test_a_worker_that_falls_silent_is_counted_no_more(house: House) -> None:
    house.clusters[1].announce()
    house.now += GONE_AFTER_S + 0.1

    assert (house.clusters[0].workers(), house.clusters[0].count()) == (1, 1)


def test_a_worker_that_takes_its_leave_is_counted_no_more_at_once(house: House) -> None:
    house.clusters[1].announce()
    house.clusters[1].leave()

    assert house.clusters[0].count() == 1


def test_a_worker_alone_counts_itself() -> None:
    connections = Connections()
    connections.connect("punter", "192.0.2.1")
    alone = Cluster(connections, Stand().publisher, lambda: 0.0, None)
    alone.announce()
    alone.leave()

    assert (alone.count(), alone.workers(), alone.count_from("192.0.2.1")) == (1, 1, 1)


def test_who_follows_what_is_told_over_all_workers(house: House) -> None:
    house.clusters[1].announce()

    assert house.clusters[0].subscription_stats() == {
        "totalConnections": 3,
        "totalRooms": 2,
        "raceRooms": {"wexmoor": 2, "ayr": 1},
    }


def test_each_worker_is_told_of_with_what_it_has_done(house: House) -> None:
    house.clusters[1].announce()

    shares = house.clusters[0].shares()

    assert list(shares) == ["worker-0", "worker-1"]
    assert [share.connections for share in shares.values()] == [1, 2]
    assert all(share.counts.keys() == set(COUNTS) for share in shares.values())
    assert metrics.total(metrics.WORKERS) == 1  # as the other one, which has heard of nobody, sees it


def test_a_worker_of_the_release_before_is_counted_without_what_it_does_not_say(house: House) -> None:
    said = {"host_id": "old", "connections": 5, "races": {"ayr": 5}, "addresses": {}}
    house.clusters[0]._hear_worker(said)

    assert house.clusters[0].count() == 6
    assert house.clusters[0].shares()["old"].counts == {}


def test_the_way_over_redis_is_measured_by_the_clocks_of_both(house: House) -> None:
    board = {"raceId": "ayr", "board": {"version": 1}, "urgent": False}
    with counted() as counts:
        house.clusters[0]._hear_board({**board, "at": time.time() - 2})
        house.clusters[0]._hear_board({**board, "at": time.time() + 60})  # a clock that is ahead of ours
        house.clusters[0]._hear_board(board)  # said by the release before

    assert counts("racing_link_seconds_count") == 2
    assert counts("racing_link_seconds_sum") == pytest.approx(2, abs=0.5)


@pytest.mark.parametrize("wrong", [{"connections": "many"}, {"connections": None}, {"races": 5}, {"addresses": ["x"]}])
def test_what_no_worker_would_say_is_not_counted_and_does_not_spoil_the_count(
    house: House, wrong: dict[str, Any]
) -> None:
    house.clusters[1].announce()
    said = {"host_id": "stranger", "connections": 1, "races": {}, "addresses": {}, **wrong}

    with pytest.raises((TypeError, ValueError)):  # which the link logs; the message is dropped
        house.clusters[0]._hear_worker(said)

    assert (house.clusters[0].workers(), house.clusters[0].count()) == (2, 3)
