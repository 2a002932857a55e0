"""The stock npm client, with no code of ours: what a stranger's page sees."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from tests.support import node
from tests.support.needs import lacking, need_program
from tests.support.servers import RunningServer
from tests.support.wire import faults

FOLDER = Path(__file__).parent / "npm"
WITHIN_S = 10


@pytest.fixture(scope="session")
def stock_client() -> list[str]:
    """The command that runs the client: followed by URL, race and transport."""
    path = need_program(("node",), "Node")
    need_program(("npm",), "npm")
    if wrong := node.install(FOLDER):
        lacking(f"the npm client: {wrong}")
    return [path, str(FOLDER / "client.mjs")]


class Messages:
    """What a running client prints, line by line, each held against the protocol."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, args=(process,), daemon=True).start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.put(line)

    def next(self, event: str) -> Any:
        """Return the next message, which must be this event."""
        printed = json.loads(self._lines.get(timeout=WITHIN_S))
        assert printed["event"] == event, printed
        if event != "acknowledged":
            assert faults(event, printed["message"]) == []
        return printed["message"]


@contextmanager
def running(command: list[str]) -> Iterator[Messages]:
    """Run a client; leaving the context ends it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Messages(process)
        finally:
            process.kill()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_strangers_page_holds_every_price_of_the_race(
    house: RunningServer, stock_client: list[str], transport: str
) -> None:
    race = house.declare(f"npm-{transport}")
    house.price(race, r1=2.5, r2=11)
    with running([*stock_client, house.url, race, transport]) as client:
        assert client.next("subscribed") == client.next("acknowledged") | {}
        assert client.next("odds_update")["payload"]["version"] == 1

        house.price(race, r2=12)
        assert client.next("odds_update")["payload"]["version"] == 2
        house.api("POST", f"/races/{race}/status", {"status": "OFF"})

        final = client.next("odds_update")["payload"]
        assert client.next("race_status")["payload"]["status"] == "OFF"
        assert final["full"] is True
        assert final == house.api("GET", f"/races/{race}/odds").json()


def test_a_strangers_page_comes_back_after_a_restart(server: RunningServer, stock_client: list[str]) -> None:
    race = server.declare()
    with running([*stock_client, server.url, race, "websocket"]) as client:
        client.next("subscribed")
        client.next("odds_update")
        client.next("acknowledged")
        server.price(race, r1=2.5)
        client.next("odds_update")

        assert server.stop() == 0
        server.start()

        returned = client.next_of("odds_update")
        assert returned["payload"] == server.api("GET", f"/races/{race}/odds").json()
