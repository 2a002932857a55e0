"""What this layer keeps of a connection that follows one race and is otherwise quiet."""

import gc
import tracemalloc

import pytest

from racing.realtime.allowance import Allowance
from racing.realtime.connections import Connections
from racing.realtime.requests import SubscribeRace

pytestmark = pytest.mark.alone
CROWD = 5000
MOST_BYTES = 300


def test_a_connection_that_follows_one_race_is_small() -> None:
    connections, allowance = Connections(), Allowance(50, 200, lambda: 100.0)
    sids = [f"{number:020d}" for number in range(CROWD)]
    gc.collect()
    tracemalloc.start()
    try:
        for sid in sids:
            asked = SubscribeRace.model_validate({"raceId": "-".join(("wexmoor", "1405")), "mode": "delta"})
            connections.connect(sid, ".".join(("10", "0", "0", "7")))
            allowance.take(sid)
            connections.follow(sid, asked.raceId, asked.variant)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held / CROWD < MOST_BYTES
    assert connections.followers() == {"wexmoor-1405": CROWD}


def test_an_allowance_that_is_whole_again_is_kept_no_longer() -> None:
    now = 100.0
    allowance = Allowance(50, 200, lambda: now)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(CROWD):
            allowance.take(f"{number:020d}")
        for _ in range(2):
            now += 200 / 50
            allowance.take("somebody who is there still")
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert after - before < CROWD
