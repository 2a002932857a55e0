"""A client that never reads costs a bounded amount of memory, then its transport, and nobody else anything."""

import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from tests.support.board import Board
from tests.support.crowd import Crowd, Fan
from tests.support.raw import RawClient
from tests.support.servers import ROOT, RunningServer
from tests.support.wire import all_is_quiet

RACES, RUNNERS = 10, 12
WARM_UP, UPDATES = 1_500, 10_000
WITHIN_S = 240
MOST_GROWTH = 5 * 1024 * 1024
IN_TIME_S = 2.0  # of a machine that does other things as well

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]


@pytest.fixture
def hasty(sqlite_url: str, tmp_path: Path) -> Iterator[RunningServer]:
    """A web process that publishes a hundred times a second."""
    with RunningServer(sqlite_url, tmp_path / "instance", BROADCAST_INTERVAL_MS="10") as running:
        yield running


@contextmanager
def writing(server: RunningServer, race_ids: list[str]) -> Iterator[None]:
    """Move a price of every race, again and again, from another process."""
    command = [sys.executable, "-m", "tests.support.writer", server.env["DATABASE_URL"], str(RUNNERS), *race_ids]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as writer:
        yield
        assert writer.poll() is None, "the writer ended early"
        assert writer.stdin is not None
        writer.stdin.close()
    assert writer.returncode == 0


class Memory:
    """The resident memory of a process: what it had at first, and the most that was seen."""

    def __init__(self, server: RunningServer) -> None:
        assert server.process is not None
        self._status = Path(f"/proc/{server.process.pid}/status")
        self.first = self.most = self._now()

    def look(self) -> None:
        """Note how much it is now."""
        self.most = max(self.most, self._now())

    @property
    def growth(self) -> int:
        """By how many bytes it was ever above the first."""
        return self.most - self.first

    def _now(self) -> int:
        line = next(line for line in self._status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024


class Watched(NamedTuple):
    """By how many bytes the server's memory grew, and the most seconds between an update's stamp and its coming."""

    growth: int
    late_s: float


def _watch(crowd: Crowd, server: RunningServer, updates: int) -> Watched:
    """Let the crowd receive so many updates."""
    memory, already = Memory(server), [len(fan.broadcasts) for fan in crowd.fans]
    wanted, deadline = sum(already) + updates, time.monotonic() + WITHIN_S
    crowd.run(lambda: _received(crowd) >= wanted or time.monotonic() > deadline, memory.look)
    assert _received(crowd) >= wanted
    memory.look()
    new = [one for fan, had in zip(crowd.fans, already, strict=True) for one in fan.broadcasts[had:]]
    return Watched(memory.growth, max((one.came - one.stamp).total_seconds() for one in new))


def _received(crowd: Crowd) -> int:
    return sum(len(fan.broadcasts) for fan in crowd.fans)


def _stuck(server: RunningServer, race_ids: list[str]) -> RawClient:
    client = RawClient(server.url, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)])
    client.emit("subscribe_races", {"raceIds": race_ids})
    return client


def test_a_client_that_never_reads_costs_less_than_five_megabytes_and_then_its_transport(
    hasty: RunningServer,
) -> None:
    race_ids = [hasty.declare(f"wexmoor-{n}", RUNNERS) for n in range(RACES)]
    for race_id in race_ids:
        hasty.price(race_id, **{f"r{n}": 2.5 + n for n in range(1, RUNNERS + 1)})
    crowd = Crowd([Fan(hasty.port, race_id, {"mode": "delta"}) for race_id in race_ids], random.Random(1))
    with writing(hasty, race_ids):
        _watch(crowd, hasty, WARM_UP)
        without = _watch(crowd, hasty, WARM_UP)
        stuck = _stuck(hasty, race_ids)
        with_it = _watch(crowd, hasty, UPDATES)

    print(f"without a client that never reads: {without}; with one: {with_it}")
    assert with_it.growth - without.growth < MOST_GROWTH
    assert with_it.late_s < IN_TIME_S
    assert "racing_slow_clients_closed_total 1.0" in requests.get(f"{hasty.url}/metrics", timeout=10).text
    assert hasty.log.count("cause='slow'") == 1
    stuck.socket.shutdown()

    images = [Board.of(hasty.api("GET", f"/races/{race_id}/odds").json()) for race_id in race_ids]
    back = [Fan(hasty.port, race_id, {"mode": "full"}) for race_id in race_ids]
    healthy = list(crowd.fans)
    crowd.fans.extend(back)
    deadline = time.monotonic() + 10
    crowd.run(lambda: crowd.boards() == [*images, *images] or time.monotonic() > deadline)
    assert crowd.boards() == [*images, *images]
    assert [fan.times_cut for fan in healthy] == [0] * RACES
    crowd.leave()
    assert all_is_quiet(hasty), hasty.log[-3000:]
