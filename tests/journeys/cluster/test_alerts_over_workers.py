"""Two workers tell users what they watch: each happening once, also where one of them dies in the middle of it."""

from pathlib import Path

import pytest
import requests

from tests.support.cluster import RunningCluster
from tests.support.servers import RunningServer
from tests.support.watchers import Watchers
from tests.support.wire import Punter, all_is_quiet

ROUNDS = 8
MOST_ROUNDS = 40
WITHIN_S = 8.0


def test_users_of_both_workers_are_told_once(cluster: RunningCluster) -> None:
    watchers = Watchers(cluster.workers[0])
    ann, token = watchers.user("ann-of-both")
    races = [cluster.workers[0].declare(f"told-once-{number}") for number in range(ROUNDS)]
    for race in races:
        watchers.watch(ann, race)
    one, other = (Punter(worker.url, token=token) for worker in cluster.workers)
    with one, other:
        for number, race in enumerate(races):
            cluster.workers[number % 2].api("POST", f"/races/{race}/status", {"status": "OFF"})

        for punter in (one, other):
            heard = [punter.next("notification", within_s=WITHIN_S)["payload"] for _ in races]
            assert sorted(told["url"] for told in heard) == sorted(f"/races/{race}" for race in races)
            assert [told["id"] for told in heard] == sorted(told["id"] for told in heard)
            assert punter.has_nothing("notification")
    assert len(watchers.told(ann)) == ROUNDS
    assert all(all_is_quiet(worker) for worker in cluster.workers)


@pytest.mark.soak
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_telling_has_told_all_or_nothing(cluster: RunningCluster, tmp_path: Path, when: str) -> None:
    order = tmp_path / "die"
    staying, dying = cluster.workers
    dying.stop()
    dying.program, dying.env["DIES_AT"] = "tests/support/dies_telling.py", str(order)
    dying.start()
    watchers = Watchers(staying)
    ann, token = watchers.user(f"ann-{when}")
    order.write_text(when)
    races = []
    with Punter(staying.url, token=token) as punter:
        while order.exists():  # which of the two comes first to a race is nobody's to say
            assert len(races) < MOST_ROUNDS, "it was to die of its orders"
            races.append(staying.declare(f"dies-telling-{when}-{len(races)}"))
            watchers.watch(ann, races[-1])
            _off(staying, races[-1])
            told = punter.next("notification", within_s=WITHIN_S)["payload"]
            assert told["url"] == f"/races/{races[-1]}"
        assert dying.process is not None
        dying.process.wait(10)
        assert punter.has_nothing("notification")
    assert [url for *_, url in watchers.told(ann)] == [f"/races/{race}" for race in races]
    dying.process, dying.program = None, "wsgi.py"
    assert all_is_quiet(staying), staying.log


def _off(worker: RunningServer, race_id: str) -> None:
    answer = worker.api("POST", f"/races/{race_id}/status", {"status": "OFF"})
    assert answer.status_code == requests.codes.ok, answer.text
