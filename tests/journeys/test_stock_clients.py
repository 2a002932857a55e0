"""Thirty stock clients at once, npm's and Python's, on every transport, while prices move: nothing lost or doubled."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support import node
from tests.support.needs import lacking, need_program
from tests.support.notes import ASKING, STEADY, Note, broadcasts, troubles
from tests.support.servers import RunningServer
from tests.support.stock_client import NotingClient
from tests.support.wire import all_is_quiet

FOLDER = Path(__file__).parent / "npm"
RACES = ("stock-1", "stock-2")
WRITES, CONVERGE_S = 300, 15
TRANSPORTS = {"websocket": ["websocket"], "polling": ["polling"], "upgrade": ["polling", "websocket"]}
WAYS = [
    ({"mode": "delta"}, STEADY),
    ({"mode": "delta"}, ASKING),
    ({"mode": "full"}, STEADY),
    ({"mode": "delta", "encoding": "msgpack"}, STEADY),
    ({"mode": "full", "encoding": "msgpack"}, ASKING),
]
CLIENTS = [
    {"transports": transports, "raceId": RACES[n % len(RACES)], "how": how, "asks": asks}
    for transports in TRANSPORTS.values()
    for n, (how, asks) in enumerate(WAYS)
]


pytestmark = pytest.mark.soak


@pytest.fixture
def swift(migrated_sqlite: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A web process that publishes fifty times a second, and lets its clients ask as often."""
    shutil.copy(migrated_sqlite, tmp_path / "racing.db")
    much = {"CLIENT_EVENTS_PER_SECOND": "10000", "CLIENT_EVENTS_BURST": "10000", "BROADCAST_INTERVAL_MS": "20"}
    with RunningServer(f"sqlite:///{tmp_path / 'racing.db'}", tmp_path / "instance", **much) as running:
        yield running


class NpmCrowd:
    """A running npm/crowd.mjs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def is_ready(self) -> bool:
        """Wait until all are subscribed."""
        return self._line() == "ready"

    def end(self, versions: dict[str, int]) -> list[dict[str, Any]]:
        """Wait until all hold these versions; return what each has noted."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(versions) + "\n")
        self._process.stdin.flush()
        return [self._line() for _ in CLIENTS]

    def _line(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the npm clients have ended, or hold less than they should"
        return json.loads(line)


@contextmanager
def npm_crowd(server: RunningServer) -> Iterator[NpmCrowd]:
    """The npm clients, who have at most a minute for all of it."""
    path = need_program(("node",), "Node")
    need_program(("npm",), "npm")
    if wrong := node.install(FOLDER):
        lacking(f"the npm client: {wrong}")
    command = [path, str(FOLDER / "crowd.mjs"), server.url, json.dumps(CLIENTS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        last = threading.Timer(60, process.kill)
        last.start()
        try:
            yield NpmCrowd(process)
        finally:
            last.cancel()
            process.kill()


def test_thirty_stock_clients_miss_nothing_while_prices_move(swift: RunningServer) -> None:
    for race in RACES:
        swift.declare(race)
        swift.price(race, r1=2.5)
    with npm_crowd(swift) as crowd:
        python = [
            NotingClient(swift.url, *(one[key] for key in ("transports", "raceId", "how", "asks"))) for one in CLIENTS
        ]
        assert crowd.is_ready()
        assert all(client.is_ready() for client in python)

        for n in range(WRITES):
            versions = {race: swift.price(race, r1=2 + n % 50, r2=3 + n % 7) for race in RACES}

        by_npm = crowd.end(versions)
        assert [
            (client.transport, client.notes[-3:])
            for client in python
            if not client.reaches(versions[client.race_id], CONVERGE_S)
        ] == []
        used = [client.transport for client in python]
        by_python = [client.end() for client in python]

    expected = ["polling" if one["transports"] == ["polling"] else "websocket" for one in CLIENTS]
    assert [one["transport"] for one in by_npm] == expected
    assert used == expected
    noted = [[Note(*note) for note in one["noted"]] for one in by_npm] + by_python
    found = [(client, trouble) for client, notes in zip(CLIENTS * 2, noted, strict=True)
             for trouble in troubles(notes, str(client["asks"]))]  # fmt: skip
    assert found == []
    for race in RACES:
        _all_were_told_the_same([notes for client, notes in zip(CLIENTS * 2, noted, strict=True)
                                 if client["raceId"] == race and client["asks"] == STEADY])  # fmt: skip
    assert all_is_quiet(swift), swift.log[-3000:]


def _all_were_told_the_same(all_notes: list[list[Note]]) -> None:
    """Each joined at its own time; from the last who did, all were told of the same versions."""
    versions = [[note.version for note in broadcasts(notes)] for notes in all_notes]
    since = max(told[0] for told in versions if told[0] is not None)
    tails = [[version for version in told if version is not None and version >= since] for told in versions]
    assert all(tail == tails[0] for tail in tails)
    assert len(tails[0]) > WRITES / 10
