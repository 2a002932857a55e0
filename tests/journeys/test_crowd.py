"""Two hundred clients watch a real market at ten times its speed while their connections are cut at random."""

import random
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.board import Board
from tests.support.crowd import Crowd, Fan
from tests.support.relay import Relay
from tests.support.servers import ROOT, RunningServer
from tests.support.wire import all_is_quiet

RACE, MARKET = "betfair-1-127236622", "1.127236622.bz2"
CLIENTS, CUT_A_SECOND = 200, 0.1
WATCH_S, CONVERGE_S = 120, 10
# A second, less what may lie between the clock that spaces broadcasts and the stamp that is put on them.
STAMPS_APART_S = 0.95
WAYS = [{"mode": mode, "encoding": encoding} for mode in ("full", "delta") for encoding in ("json", "msgpack")]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", [20261124])
def test_two_hundred_clients_that_are_cut_again_and_again_end_with_the_board_of_the_database(
    server: RunningServer, racing_data: Path, seed: int
) -> None:
    luck = random.Random(seed)
    market = racing_data / "markets" / MARKET
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "replay", str(market), "--speed", "10", "--from", "10"]
    with (
        Relay(server.port) as relay,
        subprocess.Popen(command, cwd=ROOT, env=server.env, stderr=subprocess.DEVNULL) as replay,
    ):
        _wait_for_race(server)
        ports = [relay.port if number % 10 == 0 else server.port for number in range(CLIENTS)]
        crowd = Crowd([Fan(port, RACE, WAYS[n % len(WAYS)]) for n, port in enumerate(ports)], luck)

        def trouble() -> None:
            crowd.cut_some(CUT_A_SECOND)
            if luck.random() < 0.2:
                relay.stall(luck.uniform(0.5, 4))

        deadline = time.monotonic() + WATCH_S
        crowd.run(lambda: replay.poll() is not None or time.monotonic() > deadline, trouble)
        assert replay.poll() == 0

        image = Board.of(server.api("GET", f"/races/{RACE}/odds").json())
        deadline = time.monotonic() + CONVERGE_S
        crowd.run(lambda: all(board == image for board in crowd.boards()) or time.monotonic() > deadline)

        assert [n for n, board in enumerate(crowd.boards()) if board != image] == []
        assert image.race["status"] == "RESULT"
        crowd.leave()
    cuts = sum(fan.times_cut for fan in crowd.fans)
    assert cuts > 5 * CLIENTS
    assert [close for fan in crowd.fans for close in _too_close(fan)] == []
    assert all_is_quiet(server), server.log[-3000:]


def _too_close(fan: Fan) -> list[float]:
    """Return the seconds between broadcasts of which the later is not urgent, where they are below one."""
    gaps = [((then.stamp - before.stamp).total_seconds(), then) for before, then in pairwise(fan.broadcasts)]
    return [gap for gap, broadcast in gaps if gap < STAMPS_APART_S and not broadcast.is_urgent]


def _wait_for_race(server: RunningServer) -> None:
    deadline = time.monotonic() + 60
    while server.api("GET", f"/races/{RACE}").status_code != 200:
        assert time.monotonic() < deadline, "the replay never declared its race"
        time.sleep(0.1)  # another process declares the race
