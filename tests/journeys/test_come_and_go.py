"""Ten thousand clients come and go, half of them cut, while prices move: the server is then as it was before."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers import RunningServer
from tests.support.visits import Standing, visit
from tests.support.ways import WAYS
from tests.support.wire import Punter, all_is_quiet

pytestmark = [pytest.mark.soak, pytest.mark.timeout(400)]

ROUNDS, VISITORS = 20, 500
ROUNDS_TO_WARM_UP = 4
SETTLE_S = 15
# What is kept of each would be more; the allocator's slack and the prices written meanwhile are less. The three
# greenlets of each on the stock path leave the heap in pieces.
BYTES_A_VISITOR = {"direct": 600, "stock": 3000}
# On the stock path something of a connection sleeps on until its next ping would have been due.
PING_S = 1


@pytest.fixture(params=WAYS)
def lively(request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A web process that publishes twenty times a second."""
    shutil.copy(migrated_sqlite, tmp_path / "racing.db")
    settings = {"BROADCAST_INTERVAL_MS": "50", "WEBSOCKET_TRANSPORT": request.param, "PING_INTERVAL_MS": f"{PING_S}000"}
    with RunningServer(f"sqlite:///{tmp_path / 'racing.db'}", tmp_path / "instance", **settings) as running:
        yield running


@contextmanager
def prices_moving(server: RunningServer, race_id: str) -> Iterator[None]:
    """Write prices until the end."""
    is_over = threading.Event()

    def write() -> None:
        number = 0
        while not is_over.wait(0.05):
            number += 1
            server.price(race_id, r1=2 + number % 50)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        yield
    finally:
        is_over.set()
        writing.join()


def after_all_have_gone(server: RunningServer, as_were: Standing) -> Standing:
    """Wait until no more are there than were, whatever the server still has to notice."""
    deadline = time.monotonic() + SETTLE_S
    time.sleep(2 * PING_S)
    while not (standing := Standing(server)).is_no_more_than(as_were) and time.monotonic() < deadline:
        time.sleep(0.1)  # no event tells that the server has noticed the end of a connection
    return standing


def test_ten_thousand_visitors_leave_nothing_behind(lively: RunningServer) -> None:
    visited, watched = lively.declare("visited"), lively.declare("watched")
    empty = Standing(lively)
    with Punter(lively.url) as punter, prices_moving(lively, visited):
        punter.follow(watched, mode="delta")
        punter.follow(visited, mode="delta")
        one = Standing(lively)
        for _ in range(ROUNDS_TO_WARM_UP):
            visit(lively, visited, VISITORS)
        before = after_all_have_gone(lively, one)
        for _ in range(ROUNDS - ROUNDS_TO_WARM_UP):
            visit(lively, visited, VISITORS)
        after = after_all_have_gone(lively, one)

        version = lively.price(watched, r1=4)
        assert punter.next("odds_update", watched)["payload"]["version"] == version
    assert (after.connections, after.rooms, after.subscriptions) == (1, 2, 2)
    assert after.is_no_more_than(one), (one, after)
    bytes_a_visitor = BYTES_A_VISITOR[lively.env["WEBSOCKET_TRANSPORT"]]
    visitors = (ROUNDS - ROUNDS_TO_WARM_UP) * VISITORS
    assert (after.kilobytes - before.kilobytes) * 1024 < bytes_a_visitor * visitors, (before, after)
    gone = after_all_have_gone(lively, empty)
    assert gone.is_no_more_than(empty), (empty, gone)
    assert all_is_quiet(lively), lively.log[-3000:]
