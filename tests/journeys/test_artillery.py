"""A crowd that arrives: Artillery's own Socket.IO client, ten punters a second for a minute, each staying for 30 s."""

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
ARRIVALS = 600


@pytest.mark.soak
@pytest.mark.timeout(900)  # Artillery is six hundred megabytes to install
def test_ten_arrivals_a_second_are_all_served(server: RunningServer, tmp_path: Path) -> None:
    path = need_program(("node",), "Node")
    need_program(("npm",), "npm")
    if wrong := node.install(FOLDER):
        lacking(f"Artillery: {wrong}")
    race = server.declare("artillery-1405")
    server.price(race, r1=2.5, r2=11)
    report = tmp_path / "report.json"
    command = [
        path,
        FOLDER / "node_modules/artillery/bin/run",
        "run",
        "--quiet",
        "--output",
        report,
        FOLDER / "follow.yml",
    ]
    env = {**os.environ, "TARGET": server.url, "RACE_ID": race, "ARTILLERY_DISABLE_TELEMETRY": "true"}

    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as crowd:
        prices = 0
        while crowd.poll() is None:
            prices = server.price(race, r1=2 + prices % 7, r2=3 + prices % 5)
            try:
                crowd.wait(0.5)  # a price twice a second, until the crowd has gone
            except subprocess.TimeoutExpired:
                continue
        said = crowd.stdout.read() if crowd.stdout else ""

    assert crowd.returncode == 0, said
    counters = json.loads(report.read_text())["aggregate"]["counters"]
    assert {name: count for name, count in counters.items() if name.startswith("errors")} == {}
    assert counters["vusers.failed"] == 0
    # Arrivals follow the clock, not a count: a few more or fewer than rate x time.
    assert abs(counters["vusers.created"] - ARRIVALS) <= ARRIVALS * 0.02
    # Each one's flow goes on only after its board has come.
    assert counters["vusers.completed"] == counters["vusers.created"] == counters["socketio.emit"]
    assert prices > 100
    assert all_is_quiet(server), server.log
