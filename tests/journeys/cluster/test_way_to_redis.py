"""Redis is reached over TLS, comes up after the workers, or is somebody else's: the workers find each other."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from tests.support.cluster import SECRETS, RunningCluster
from tests.support.followers import Crowd
from tests.support.redis_server import RunningRedis
from tests.support.servers import RunningServer
from tests.support.stage import board_at, told
from tests.support.tls_front import TlsFront

pytestmark = pytest.mark.soak

LINKED_WITHIN_S = 2.0
BUSY_S = 1.5  # what a busy machine adds


@contextmanager
def workers_at(cluster: RunningCluster, redis_url: str, folder: Path, **settings: str) -> Iterator[list[RunningServer]]:
    """Run two more workers on the cluster's database, with another way to Redis."""
    with ExitStack() as stack:
        workers = []
        for n in (1, 2):
            env = {**SECRETS, "REDIS_URL": redis_url, **settings}
            worker = RunningServer(cluster.postgres.url, folder / f"beside-{n}", **env)
            stack.callback(worker.__exit__, None, None, None)
            worker.start()
            workers.append(worker)
        yield workers


def redis_as_told_by(worker: RunningServer) -> str:
    return str(requests.get(f"{worker.url}/health", timeout=5).json()["services"]["redis"])


def seconds_until_linked(workers: Sequence[RunningServer]) -> float:
    began = time.monotonic()
    for worker in workers:
        while redis_as_told_by(worker) != "ok":
            assert time.monotonic() - began < LINKED_WITHIN_S + BUSY_S
            time.sleep(0.05)  # nothing tells what a worker has noticed
    return time.monotonic() - began


def each_reaches_the_punters_of_both(workers: Sequence[RunningServer], race: str, prices: Sequence[float]) -> None:
    with Crowd([worker.url for worker in workers], [race], kinds=[{"mode": "full"}, {"mode": "delta"}]) as crowd:
        for price, worker in zip(prices, workers, strict=True):
            worker.price(race, r1=price)
            crowd.converges(lambda race_id: board_at(workers, race_id), time.monotonic(), within_s=5)


def test_workers_serve_before_there_is_a_redis_and_join_when_it_comes(cluster: RunningCluster, tmp_path: Path) -> None:
    late = RunningRedis(tmp_path / "late")
    with workers_at(cluster, late.url, tmp_path) as workers:
        assert {redis_as_told_by(worker) for worker in workers} == {"error"}
        assert {requests.get(f"{worker.url}/health", timeout=5).json()["status"] for worker in workers} == {"degraded"}
        race = workers[0].declare("before-redis")
        each_reaches_the_punters_of_both(workers, race, (2.5, 3.5))

        with late:
            told(f"Redis came after the workers: linked after {seconds_until_linked(workers):.2f} s")
            each_reaches_the_punters_of_both(workers, race, (4.5, 5.5))


def test_redis_is_reached_over_tls_whoever_signed_its_certificate(cluster: RunningCluster, tmp_path: Path) -> None:
    with TlsFront(cluster.redis.port, tmp_path / "tls") as front:
        url = f"rediss://127.0.0.1:{front.port}/0"
        with workers_at(cluster, url, tmp_path) as workers:
            seconds_until_linked(workers)
            race = workers[0].declare("over-tls")
            # One of them at the plain port, the other behind TLS: it is the same Redis.
            each_reaches_the_punters_of_both([workers[0], cluster.workers[0]], race, (2.5, 3.5))


def test_a_certificate_that_nobody_signed_is_refused_where_it_is_to_be_verified(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    with TlsFront(cluster.redis.port, tmp_path / "tls") as front:
        url = f"rediss://127.0.0.1:{front.port}/0"
        with workers_at(cluster, url, tmp_path, REDIS_TLS_VERIFY="true") as workers:
            time.sleep(LINKED_WITHIN_S)  # as long as a link would take that is to come up
            assert {redis_as_told_by(worker) for worker in workers} == {"error"}
