"""A PostgreSQL that answers nobody, as when its host has gone without a word."""

import time
from collections.abc import Iterator

import pytest
import requests

from tests.support.cluster import RunningCluster
from tests.support.wire import Punter

ENDS_WITHIN_S = 10.0
BACK_WITHIN_S = 10.0


@pytest.fixture
def hanging(cluster: RunningCluster) -> Iterator[RunningCluster]:
    """The cluster, whose PostgreSQL goes on at the end in any case."""
    yield cluster
    cluster.postgres.resume()


def health(address: str) -> requests.Response:
    return requests.get(f"{address}/health", timeout=10)


@pytest.mark.soak
def test_the_workers_say_so_hear_of_each_other_and_are_current_afterwards(hanging: RunningCluster) -> None:
    first, second = hanging.workers
    race = first.declare("hang-1405")
    with Punter(first.url) as one, Punter(second.url) as other:
        one.follow(race, mode="delta")
        other.follow(race)
        hanging.postgres.pause()
        time.sleep(6)  # longer than a worker may be unheard

        for worker in (first, second):
            asked = time.monotonic()
            answer = health(worker.url)
            assert (answer.status_code, answer.json()["services"]["database"]) == (503, "error")
            assert time.monotonic() - asked < 4
            assert answer.json()["services"]["websocket"]["connected"] == 2

        hanging.postgres.resume()
        resumed = time.monotonic()
        version = second.price(race, r1=2.5)
        for punter in (one, other):
            punter.wait_until(lambda: punter.boards[race].version == version, "the price", BACK_WITHIN_S)  # noqa: B023
        print(f"current {time.monotonic() - resumed:.1f} s after PostgreSQL went on")
        assert health(first.url).status_code == 200


@pytest.mark.soak
def test_a_worker_told_to_end_meanwhile_ends_in_time(hanging: RunningCluster) -> None:
    first, second = hanging.workers
    races = [first.declare(f"hang-end-{n}") for n in range(6)]
    with Punter(first.url) as punter:
        punter.ask("subscribe_races", {"raceIds": races, "mode": "delta"})
        for number, race in enumerate(races):
            first.price(race, r1=2 + number)
            second.price(race, r1=3 + number)  # waits out the interval, and so is pending
        hanging.postgres.pause()

        told = time.monotonic()
        assert first.stop() == 0
        took = time.monotonic() - told
        print(f"ended {took:.1f} s after SIGTERM")
        assert took < ENDS_WITHIN_S

    hanging.postgres.resume()
    first.start()
