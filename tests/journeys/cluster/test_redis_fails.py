"""Redis dies, or hangs: nobody waits for it, each worker goes on for its own punters, and all are one again after."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.cluster import SECRETS, RunningCluster
from tests.support.servers import RunningServer
from tests.support.stage import Stage, on_stage, told
from tests.support.traffic import p99
from tests.support.wire import all_is_quiet

BACK_WITHIN_S = 2.5  # two seconds, and what a busy machine needs to tell
HANGS_S = 20
SLOWEST_P99_S = 0.25


def wait_for_health(cluster: RunningCluster, status: str, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    for worker in cluster.workers:
        while (health := requests.get(f"{worker.url}/health", timeout=5).json())["status"] != status:
            assert time.monotonic() < deadline, health
            time.sleep(0.05)  # nothing tells what a worker has noticed


def a_price_through_each_worker_arrives(cluster: RunningCluster, stage: Stage) -> None:
    for price, worker in enumerate(cluster.workers, 901):
        worker.price(stage.written, r1=price, r2=2)
        stage.crowd.converges(stage.board, time.monotonic())


@pytest.mark.soak
def test_redis_killed_and_started_again_loses_nothing(cluster: RunningCluster, data: Path) -> None:
    with on_stage(cluster.workers, data, "redis-killed") as stage:
        time.sleep(2)
        cluster.redis.kill()
        wait_for_health(cluster, "degraded", within_s=5)
        time.sleep(3)  # the market goes on without Redis
        assert stage.replay.goes_on

        cluster.redis.start()
        stage.hush()
        started = time.monotonic()
        wait_for_health(cluster, "ok", BACK_WITHIN_S)
        told(f"Redis killed: the link was back {time.monotonic() - started:.2f} s after its start")
        told(f"Redis killed: all equal after {stage.crowd.converges(stage.board, started):.2f} s")

        a_price_through_each_worker_arrives(cluster, stage)
    assert all(write.answer.status == 200 for writer in stage.writers for write in writer.writes)
    assert all(all_is_quiet(worker) for worker in cluster.workers)


@pytest.fixture
def without_redis(cluster: RunningCluster, tmp_path: Path) -> Iterator[RunningServer]:
    """A worker that knows no Redis, to compare with: what it takes longer for is the machine's."""
    worker = RunningServer(cluster.postgres.url, tmp_path, **SECRETS)
    worker.start()
    yield worker
    worker.kill()


@pytest.mark.soak
def test_redis_that_hangs_keeps_nobody_waiting(
    cluster: RunningCluster, without_redis: RunningServer, data: Path
) -> None:
    with on_stage([*cluster.workers, without_redis], data, "redis-hangs", from_minutes=6) as stage:
        cluster.redis.pause()
        hangs_from = time.monotonic()
        wait_for_health(cluster, "degraded", within_s=5)
        time.sleep(hangs_from + HANGS_S - time.monotonic())  # the hang itself
        assert stage.replay.goes_on

        resumed = time.monotonic()
        cluster.redis.resume()
        stage.hush()
        told(f"Redis hung {HANGS_S} s: all equal after {stage.crowd.converges(stage.board, resumed):.2f} s")
        wait_for_health(cluster, "ok", BACK_WITHIN_S)
        a_price_through_each_worker_arrives(cluster, stage)

    *took, compared = [slowest(stage, n, hangs_from, resumed) for n in range(len(stage.workers))]
    told(f"Redis hung: p99 {[f'{p * 1000:.0f} ms' for p in took]}; of a worker without Redis {compared * 1000:.0f} ms")
    assert max(took) < max(SLOWEST_P99_S, 1.5 * compared)
    assert all(all_is_quiet(worker) for worker in cluster.workers)


def slowest(stage: Stage, worker: int, since: float, until: float) -> float:
    """Return the p99 of the writes, pages and health checks that one worker answered, all of them with 200."""
    answers = [*(write.answer for write in stage.writers[worker].writes), *stage.readers[worker].answers]
    assert {answer.status for answer in answers} == {200}
    return p99(answers, since, until)
