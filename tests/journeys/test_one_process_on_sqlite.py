"""SQLite is for one web process: a second is refused in words, commands beside it are not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.servers import ROOT, RunningServer

pytestmark = pytest.mark.soak

REFUSED_WITHIN_S = 30


def second(server: RunningServer, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Try to start a second web process on the same database."""
    env = {**server.env, "PORT": str(free_port()), "INSTANCE_PATH": str(folder / "second"), **settings}
    return subprocess.run(
        [sys.executable, "wsgi.py"], cwd=ROOT, env=env, text=True, capture_output=True, timeout=REFUSED_WITHIN_S
    )


@pytest.mark.parametrize("with_redis", [False, True])
def test_a_second_web_process_is_told_why_not(
    with_redis: bool, server: RunningServer, tmp_path: Path, redis_url: str
) -> None:
    refused = second(server, tmp_path, **({"REDIS_URL": redis_url} if with_redis else {}))

    assert refused.returncode == 1
    assert refused.stderr.startswith("Cannot start: another web process serves ")
    assert str(tmp_path / "racing.db") in refused.stderr
    assert "DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert server.api("GET", "/races").status_code == 200


def test_another_way_to_the_same_file_is_the_same_file(server: RunningServer, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(tmp_path)
    url = f"sqlite:///{tmp_path}/elsewhere/racing.db"

    assert second(server, tmp_path, DATABASE_URL=url).returncode == 1


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_the_next_process_takes_over_however_the_first_ended(ending: str, server: RunningServer) -> None:
    getattr(server, ending)()

    server.start()

    assert server.api("GET", "/races").status_code == 200


def test_commands_work_beside_it(server: RunningServer) -> None:
    assert server.flask("demo", "--once").returncode == 0
    assert "staff@example.org" in server.flask("users", "list").stdout
    assert server.flask("thin").stdout.startswith("Removed 0 price changes")
    assert len(server.api("GET", "/races").json()["races"]) > 0


def test_one_process_may_use_sqlite_and_redis(sqlite_url: str, tmp_path: Path, redis_url: str) -> None:
    with RunningServer(sqlite_url, tmp_path / "instance", REDIS_URL=redis_url) as server:
        assert server.declare() == "wexmoor-1405"


def test_a_folder_that_cannot_be_written_to_is_named(server: RunningServer, tmp_path: Path) -> None:
    refused = second(server, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/racing.db")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Cannot start: the folder of the SQLite file cannot be written to")
