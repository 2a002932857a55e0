"""Artillery, with its own Socket.IO engine: six hundred punters in a minute, and not one of them fails."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support import node
from tests.support.needs import lacking, need_program
from tests.support.servers import ROOT, RunningServer
from tests.support.wire import all_is_quiet

FOLDER = ROOT / "bench" / "artillery"
ARRIVALS, RUN_S = 600, 180

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]


@pytest.fixture(scope="session")
def artillery() -> list[str]:
    """The command that runs Artillery (600 MB, a minute to install)."""
    path = need_program(("node",), "Node")
    need_program(("npm",), "npm")
    if wrong := node.install(FOLDER):
        lacking(f"Artillery: {wrong}")
    return [path, str(FOLDER / "node_modules" / "artillery" / "bin" / "run")]


def test_ten_punters_a_second_arrive_for_a_minute_and_none_of_them_fails(
    server: RunningServer, artillery: list[str], tmp_path: Path
) -> None:
    race = server.declare()
    server.price(race, r1=2.5, r2=11)
    report = tmp_path / "report.json"
    asked = ["run", "--quiet", "--target", server.url, "--output", str(report), str(FOLDER / "arrivals.yml")]
    quiet = {"RACE_ID": race, "ARTILLERY_DISABLE_TELEMETRY": "true", "HOME": str(tmp_path)}

    ran = subprocess.run(
        [*artillery, *asked], cwd=FOLDER, env={**os.environ, **quiet}, capture_output=True, text=True, timeout=RUN_S
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    totals = json.loads(report.read_text())["aggregate"]
    counters = totals["counters"]
    assert counters["vusers.created"] == counters["vusers.completed"] == ARRIVALS, counters
    assert counters["vusers.failed"] == 0
    assert [name for name in counters if "error" in name] == []
    assert totals["summaries"]["socketio.response_time"]["count"] == ARRIVALS  # each was sent its board
    assert all_is_quiet(server), server.log[-3000:]
