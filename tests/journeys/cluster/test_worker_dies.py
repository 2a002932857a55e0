"""A worker is killed: its punters come back at the other, and what it had committed reaches everybody."""

import time
from pathlib import Path

import pytest
import requests

from tests.support.cluster import RunningCluster
from tests.support.followers import Crowd
from tests.support.servers import RunningServer
from tests.support.stage import on_stage, told
from tests.support.wire import all_is_quiet

REPAIRED_WITHIN_S = 5.0
COUNTED_WITHIN_S = 8.0  # five seconds unheard, and a second between two looks


@pytest.mark.soak
def test_punters_of_a_killed_worker_come_back_at_the_other(cluster: RunningCluster, data: Path) -> None:
    staying, dying = cluster.workers
    with on_stage(cluster.workers, data, "worker-killed") as stage:
        time.sleep(3)
        dying.kill()
        killed = time.monotonic()
        time.sleep(3)  # the market goes on with one worker
        assert stage.replay.goes_on
        stage.hush()

        hushed = time.monotonic()
        took = stage.crowd.converges(stage.board, hushed)
        told(f"a worker killed: all equal {took:.2f} s after the last write, {hushed - killed:.1f} s after the kill")
        everybody_is_counted_at(staying, len(stage.crowd.followers))

        dying.start()  # for the next: both serve
        for worker in cluster.workers:
            worker.price(stage.written, r1=900 + worker.port % 90)
            stage.crowd.converges(stage.board, time.monotonic())
    first, second = stage.writers
    assert {write.answer.status for write in first.writes} == {200}
    assert {write.answer.status for write in second.writes} <= {200, 0}
    assert all_is_quiet(staying), staying.log


def everybody_is_counted_at(worker: RunningServer, punters: int) -> None:
    deadline = time.monotonic() + COUNTED_WITHIN_S
    while (counted := _connected(worker)) != punters:
        assert time.monotonic() < deadline, f"{counted} counted, {punters} are there"
        time.sleep(0.1)  # no event tells that a worker counts another no more


def _connected(worker: RunningServer) -> int:
    return int(requests.get(f"{worker.url}/health", timeout=5).json()["services"]["websocket"]["connected"])


@pytest.mark.soak
def test_a_change_whose_worker_dies_before_it_tells_reaches_everybody(
    cluster: RunningCluster, data: Path, tmp_path: Path
) -> None:
    order = tmp_path / "die"
    staying, dying = cluster.workers
    dying.stop()
    dying.program, dying.env["DIES_AT"] = "tests/support/dies_untold.py", str(order)
    dying.start()
    with on_stage(cluster.workers, data, "dies-untold") as stage:
        price_me = staying.declare("dies-untold-quiet")  # nobody else writes it: no other change carries this one along
        with Crowd([staying.url, dying.url], [price_me]) as crowd:
            order.write_text(price_me)
            with pytest.raises(requests.ConnectionError):
                dying.price(price_me, r1=2.5, r2=8)
            died = time.monotonic()
            assert stage.board(price_me).version == 1, "it was to die after the commit"

            took = crowd.converges(stage.board, died)
            told(f"killed between commit and word: all equal after {took:.2f} s")
            assert took < REPAIRED_WITHIN_S
        assert stage.replay.goes_on
        stage.hush()
        stage.crowd.converges(stage.board, time.monotonic())
    dying.process, dying.program = None, "wsgi.py"
    assert all_is_quiet(staying), staying.log


@pytest.mark.soak
def test_a_rolling_restart_loses_no_write_and_leaves_nobody_stale(cluster: RunningCluster, data: Path) -> None:
    with on_stage(cluster.workers, data, "rolling", from_minutes=9) as stage:
        time.sleep(2)
        for worker in cluster.workers:
            assert worker.stop() == 0
            worker.start()
            time.sleep(3)  # as a deploy does: the next goes when this one serves
        assert stage.replay.goes_on
        stage.hush()
        stage.crowd.converges(stage.board, time.monotonic())
        writes = [write for writer in stage.writers for write in writer.writes]
        assert {write.answer.status for write in writes} <= {200, 0}  # 0: the connection was closed without an answer

        history = requests.get(f"{cluster.workers[0].url}/api/v1/races/{stage.written}/history", timeout=30).json()
        kept = {(row["bookmaker"], row["price"], row["version"]) for row in history["history"]}
        answered = [write for write in writes if write.answer.status == 200]
        assert {(write.bookmaker, write.price, write.version) for write in answered} <= kept

        lags = [stage.crowd.lag(stage.written, write.version, write.answer.at) for write in answered]
        unanswered = len(writes) - len(answered)
        told(f"rolling restart: {len(answered)} writes, {unanswered} unanswered, worst lag {max(lags):.2f} s")
        assert max(lags) < REPAIRED_WITHIN_S
    assert all(all_is_quiet(worker) for worker in cluster.workers)
