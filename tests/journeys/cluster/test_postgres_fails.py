"""PostgreSQL goes, or comes back older than it went: no write is half done, every punter ends at what it holds."""

import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
from pgserver._commands import POSTGRES_BIN_PATH
from sqlalchemy import create_engine, text

from tests.support.cluster import RunningCluster
from tests.support.servers import RunningServer
from tests.support.stage import on_stage, told
from tests.support.traffic import Write

AWAY_S = 7.0  # longer than a worker may be unheard before the others count it no more
BACK_WITHIN_S = 10.0


def rows(cluster: RunningCluster, query: str, **given: Any) -> list[Any]:
    engine = create_engine(cluster.postgres.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = list(connection.execute(text(query), given))
    engine.dispose()
    return found


def nothing_is_half_done(cluster: RunningCluster, race_id: str, *, audited: bool = True) -> None:
    """Hold that each version has one audit entry with the history rows it names, and what is current adds up to them.

    What no user writes (a replay) is not `audited`.
    """
    version = rows(cluster, "SELECT version FROM races WHERE id = :id", id=race_id)[0].version
    entries = rows(cluster, "SELECT version, detail FROM audit_entries WHERE race_id = :id AND version > 0", id=race_id)
    assert sorted(entry.version for entry in entries) == (list(range(1, version + 1)) if audited else [])
    history = rows(
        cluster,
        "SELECT c.version, c.bookmaker, r.runner_id, c.price FROM price_changes c JOIN runners r ON r.id = c.runner_pk"
        " WHERE c.race_id = :id ORDER BY c.version, c.id",
        id=race_id,
    )
    per_version = Counter(row.version for row in history)
    assert max(per_version) <= version
    if audited:
        assert per_version == {entry.version: len(entry.detail["prices"]) for entry in entries}
    last = {(row.bookmaker, row.runner_id): (row.price, row.version) for row in history}
    current = rows(
        cluster,
        "SELECT c.bookmaker, r.runner_id, c.price, c.version FROM current_prices c JOIN runners r ON r.id = c.runner_pk"
        " WHERE c.race_id = :id",
        id=race_id,
    )
    assert {(row.bookmaker, row.runner_id): (row.price, row.version) for row in current} == last


def as_answered(cluster: RunningCluster, race_id: str, writes: Sequence[Write]) -> int:
    """Hold that what was answered 200 is there at its version, and nothing twice; return how many others are there."""
    kept: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in rows(cluster, "SELECT bookmaker, price, version FROM price_changes WHERE race_id = :id", id=race_id):
        kept[row.bookmaker, row.price].append(row.version)
    unanswered = 0
    for write in writes:
        found = kept[write.bookmaker, round(write.price * 100)]
        if write.answer.status == 200:
            assert found == [write.version], write
        else:
            assert len(found) <= 1, write
            unanswered += len(found)
    return unanswered


def wait_until_it_answers(worker: RunningServer, path: str, status: int, within_s: float) -> requests.Response:
    deadline = time.monotonic() + within_s
    while (answer := requests.get(worker.url + path, timeout=10)).status_code != status:
        assert time.monotonic() < deadline, (path, answer.status_code)
        time.sleep(0.05)  # nothing tells what a worker has noticed
    return answer


@pytest.mark.soak
@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_database_that_goes_and_comes_back_leaves_nothing_half_done(
    cluster: RunningCluster, data: Path, how: str
) -> None:
    processes = [worker.process for worker in cluster.workers]
    with on_stage(cluster.workers, data, f"postgres-{how}", writes_a_second=20) as stage:
        time.sleep(3)
        assert stage.replay.goes_on
        cluster.postgres.stop(how)
        gone = time.monotonic()
        for worker in cluster.workers:
            assert wait_until_it_answers(worker, "/health", 503, 5).json()["status"] == "error"
            refusal = worker.api("POST", f"/races/{stage.written}/odds", {"odds": [{"runnerId": "1", "price": 3}]})
            assert (refusal.status_code, refusal.json()["error"]["type"]) == (503, "unavailable")
            page = requests.get(f"{worker.url}/races/{stage.written}", timeout=10)
            assert (page.status_code, "Back soon" in page.text) == (503, True)
        time.sleep(max(0.0, gone + AWAY_S - time.monotonic()))
        for worker in cluster.workers:
            connected = requests.get(f"{worker.url}/health", timeout=5).json()["services"]["websocket"]["connected"]
            assert connected == len(stage.crowd.followers), "the workers were to hear of each other all the time"

        cluster.postgres.start()
        back = time.monotonic()
        for worker in cluster.workers:
            wait_until_it_answers(worker, "/health", 200, BACK_WITHIN_S)
        stage.hush()
        assert [worker.process for worker in cluster.workers] == processes  # none had to be started again
        told(f"PostgreSQL stopped ({how}): all equal {stage.crowd.converges(stage.board, back):.2f} s after its start")

        writes = [write for writer in stage.writers for write in writer.writes]
        statuses = Counter(write.answer.status for write in writes)
        assert set(statuses) == {200, 503}, statuses
        unanswered = as_answered(cluster, stage.written, writes)
        told(f"PostgreSQL stopped ({how}): {dict(statuses)}, of the refused {unanswered} in the database")
        nothing_is_half_done(cluster, stage.written)
        nothing_is_half_done(cluster, stage.replay.race_id, audited=False)
        for worker in cluster.workers:
            worker.price(stage.written, r1=3 + worker.port % 90)
            stage.crowd.converges(stage.board, time.monotonic())


@pytest.mark.soak
def test_a_restored_database_whose_versions_went_back_is_what_every_punter_ends_at(
    cluster: RunningCluster, data: Path, tmp_path: Path
) -> None:
    dump = tmp_path / "before"
    with on_stage(cluster.workers, data, "restored", writes_a_second=10) as stage:
        time.sleep(3)
        subprocess.run([POSTGRES_BIN_PATH / "pg_dump", "-Fc", "-f", dump, cluster.postgres.url], check=True)
        noted = {race_id: stage.board(race_id).version for race_id in stage.crowd.race_ids}
        time.sleep(4)
        assert stage.replay.goes_on
        stage.hush()
        stage.crowd.converges(stage.board, time.monotonic())
        newest = {race_id: stage.board(race_id).version for race_id in stage.crowd.race_ids}

        command = [
            POSTGRES_BIN_PATH / "pg_restore",
            "--clean",
            "--single-transaction",
            "-d",
            cluster.postgres.url,
            dump,
        ]
        subprocess.run(command, check=True)
        restored = time.monotonic()

        now = {race_id: stage.board(race_id).version for race_id in stage.crowd.race_ids}
        assert all(now[race_id] <= noted[race_id] < newest[race_id] for race_id in now)
        told(f"restored from {newest} to {now}: all equal after {stage.crowd.converges(stage.board, restored):.2f} s")
        for worker in cluster.workers:
            worker.price(stage.written, r1=3 + worker.port % 90)
            stage.crowd.converges(stage.board, time.monotonic())
