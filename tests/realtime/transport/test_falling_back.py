"""A server on libraries that have changed serves WebSockets as they do, says so once, and works."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from websocket import create_connection

from tests.support.polling import PollingClient
from tests.support.raw import RawClient
from tests.support.servers import RunningServer

# Read by the interpreter at its start: the method takes one thing more than it did, and nobody asks for the slow way.
NEWER_LIBRARY = """
import os

import engineio

del os.environ["WEBSOCKET_TRANSPORT"]
stock = engineio.Server._handle_connect


def _handle_connect(self, environ, start_response, transport, jsonp_index=None, priority=None):
    return stock(self, environ, start_response, transport, jsonp_index)


engineio.Server._handle_connect = _handle_connect
"""
SLOW_WAY = "WebSockets are served the slow way"


@pytest.fixture(scope="module")
def newer(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A web process for which python-engineio is not what it was."""
    folder = tmp_path_factory.mktemp("newer")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    (folder / "sitecustomize.py").write_text(NEWER_LIBRARY)
    settings = {"PYTHONPATH": str(folder), "WEBSOCKET_TRANSPORT": "stock"}  # what it will be
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **settings) as running:
        yield running


def test_one_line_of_warning_names_what_has_changed(newer: RunningServer) -> None:
    [line] = [line for line in newer.log.splitlines() if SLOW_WAY in line]

    assert "warning" in line
    assert "engineio.Server._handle_connect" in line


def test_a_websocket_is_told_of_prices(newer: RunningServer) -> None:
    race_id = newer.declare("fallen-back-1405")
    with RawClient(newer.url) as client:
        client.emit("subscribe_race", {"raceId": race_id})
        client.events_until("odds_update")

        newer.price(race_id, r1=2.5)

        _, update = client.events_until("odds_update")[-1]
    assert update["payload"]["odds"][0]["price"] == 2.5


def test_a_session_that_polls_goes_over_to_a_websocket(newer: RunningServer) -> None:
    client = PollingClient(newer.url)
    websocket = create_connection(client.websocket_address(), timeout=10)
    websocket.send("2probe")
    assert websocket.recv() == "3probe"
    websocket.send("5")

    websocket.send("40")

    assert json.loads(websocket.recv().removeprefix("40"))["sid"]
    websocket.shutdown()
