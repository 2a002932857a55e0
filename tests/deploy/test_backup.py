"""The commands of docs/operations.md for backup and restore, run as they stand there."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pgserver import _commands

from tests.support.cluster import RunningCluster
from tests.support.servers import ROOT
from tests.support.wire import Punter

pytestmark = pytest.mark.soak
RUNNERS = {"r1": 2.5, "r2": 11, "r3": 4.33}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[RunningCluster]:
    """One worker, its Redis and its PostgreSQL."""
    with RunningCluster(tmp_path, workers=1) as running:
        yield running


def documented(program: str) -> list[str]:
    """The command that the documentation gives for this program."""
    text = (ROOT / "docs" / "operations.md").read_text()
    (line,) = re.findall(rf"^    ({program} .*)$", text, re.MULTILINE)
    return shlex.split(line)


def run_documented(program: str, folder: Path, **variables: str) -> None:
    """Run it with these variables filled in."""
    words = [re.sub(r"\$(\w+)", lambda found: variables[found[1]], word) for word in documented(program)]
    environment = {**os.environ, "PATH": f"{_commands.POSTGRES_BIN_PATH}:{os.environ['PATH']}"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_backup_brings_back_races_prices_versions_and_log_ins(cluster: RunningCluster, tmp_path: Path) -> None:
    worker = cluster.workers[0]
    race = worker.declare()
    worker.price(race, **RUNNERS)
    worker.price(race, r1=3)
    before = [worker.api("GET", f"/races/{race}{part}").json() for part in ("", "/odds", "/history?runnerId=1")]
    run_documented("pg_dump", tmp_path, DATABASE_URL=cluster.postgres.url)
    worker.price(race, r1=99)

    run_documented("createdb", tmp_path, MAINTENANCE_URL=cluster.postgres.url)
    run_documented("pg_restore", tmp_path, RESTORED_URL=cluster.postgres.url_of("racing_restored"))
    worker.stop()
    worker.env["DATABASE_URL"] = cluster.postgres.url_of("racing_restored")
    worker.flask("db", "upgrade")  # a backup of an older release; here it is up to date
    worker.start()

    after = [worker.api("GET", f"/races/{race}{part}").json() for part in ("", "/odds", "/history?runnerId=1")]
    assert after == before
    assert after[0]["version"] == 2
    assert worker.price(race, r2=12) == 3, "it goes on where the backup ended"


def test_punters_step_back_by_themselves_to_a_restored_database(cluster: RunningCluster, tmp_path: Path) -> None:
    worker = cluster.workers[0]
    race = worker.declare()
    worker.price(race, **RUNNERS)
    run_documented("pg_dump", tmp_path, DATABASE_URL=cluster.postgres.url)
    worker.price(race, r1=99)
    with Punter(worker.url) as punter:
        assert punter.follow(race, mode="delta")["version"] == 2

        run_documented("createdb", tmp_path, MAINTENANCE_URL=cluster.postgres.url)
        run_documented("pg_restore", tmp_path, RESTORED_URL=cluster.postgres.url_of("racing_restored"))
        worker.stop()
        worker.env["DATABASE_URL"] = cluster.postgres.url_of("racing_restored")
        worker.start()

        # What the protocol says to a `since` above the race's own version: an image that replaces all.
        punter.wait_until(
            lambda: any(one.event == "odds_update" and one.payload["payload"]["version"] == 1 for one in punter.inbox),
            "image of the restored race",
            15,
        )
        image = next(
            one.payload["payload"]
            for one in punter.inbox
            if one.event == "odds_update" and one.payload["payload"]["version"] == 1
        )
    assert (image["full"], image["base"]) == (True, 0)
    assert {entry["runnerId"]: entry["price"] for entry in image["odds"]} == {"1": 2.5, "2": 11, "3": 4.33}
