"""Workers are exchanged one after the other behind the router, and nobody who writes or reads notices."""

import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import requests

from tests.support.cluster import RunningCluster
from tests.support.wire import all_is_quiet

pytestmark = [pytest.mark.soak, pytest.mark.alone]

WRITERS, RUNNERS, EVERY_S = 6, 6, 0.05
ROUNDS, BETWEEN_S = 3, 1


class Visitor(threading.Thread):
    """Sends a request through the router again and again, each a change or a page; counts the answers."""

    def __init__(self, front: str, race: str, runner: str | None, token: str) -> None:
        super().__init__()
        self.answers: Counter[int] = Counter()
        self.slowest_s = 0.0
        self.is_over = threading.Event()
        self._front, self._race, self._runner = front, race, runner
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"

    def run(self) -> None:
        while not self.is_over.wait(EVERY_S):
            began = time.monotonic()
            self.answers[self._visit().status_code] += 1
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)

    def _visit(self) -> requests.Response:
        if self._runner is None:
            return self._http.get(f"{self._front}/races/{self._race}")
        price = 2 + self.answers.total() % 90 / 10  # never the one before, so that each raises the version
        body = {"odds": [{"runnerId": self._runner, "price": price}]}
        return self._http.post(f"{self._front}/api/v1/races/{self._race}/odds", json=body)


def test_no_write_and_no_page_fails_while_each_worker_is_restarted(tmp_path: Path) -> None:
    with RunningCluster(tmp_path, APP_ENV="production") as cluster:
        race = cluster.workers[0].declare(runners=RUNNERS)
        token, front = cluster.workers[0].token, cluster.nginx.url
        writers = [Visitor(front, race, str(n + 1), token) for n in range(WRITERS)]
        visitors = [*writers, Visitor(front, race, None, token)]
        for visitor in visitors:
            visitor.start()

        for _ in range(ROUNDS):
            for worker in cluster.workers:
                assert worker.stop() == 0
                worker.start()
                time.sleep(BETWEEN_S)  # both are there meanwhile: traffic, not an event

        for visitor in visitors:
            visitor.is_over.set()
        for visitor in visitors:
            visitor.join()
        answers = sum((visitor.answers for visitor in visitors), Counter())
        slowest_s = max(visitor.slowest_s for visitor in visitors)
        print(f"{2 * ROUNDS} restarts: {dict(answers)}, the slowest after {slowest_s:.2f} s")
        assert set(answers) == {200}
        version = cluster.workers[1].api("GET", f"/races/{race}").json()["version"]
        assert version == sum(writer.answers.total() for writer in writers), "each is there, and once"
        assert all(all_is_quiet(worker) for worker in cluster.workers)
