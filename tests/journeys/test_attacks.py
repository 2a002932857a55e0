"""Connections that never end what they ask, and floods of new ones: punters are served, and nothing of it stays."""

import json
import os
import resource
import shutil
import threading
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
import requests
import socketio

from racing.realtime.transport.http_pace import MOST_UNFINISHED
from tests.support.connect_storm import Storm, begin_storm
from tests.support.half_open import UNREAD, WAYS, HalfOpen
from tests.support.servers import RunningServer
from tests.support.visits import JUST_CLOSING, Standing
from tests.support.wire import Punter, all_is_quiet

pytestmark = [pytest.mark.soak, pytest.mark.alone]
HALF_OPEN, MOST_UNREAD, ENDED_WITHIN_S, SERVED_WITHIN_S, PACE_S = 1000, 20, 20.0, 2.0, 0.5
STORM_PER_SECOND, STORM_S, ATTACKER = 5000, 5.0, "127.0.0.2"
LET_IN_PER_SECOND, LET_IN_BURST = 100, 400
WITHIN_S = 10.0
MOST_GROWTH_KB = 40 * 1024
NEVER_JOINED_S = 20.0


@pytest.fixture
def open_to_all(migrated_sqlite: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A web process on which no limit by address holds."""
    shutil.copy(migrated_sqlite, tmp_path / "racing.db")
    with RunningServer(f"sqlite:///{tmp_path / 'racing.db'}", tmp_path / "instance") as running:
        yield running


@pytest.fixture
def guarded(migrated_sqlite: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A web process with the limits that it comes with."""
    shutil.copy(migrated_sqlite, tmp_path / "racing.db")
    limits = {"MAX_CONNECTIONS_PER_IP": "100"}
    with RunningServer(f"sqlite:///{tmp_path / 'racing.db'}", tmp_path / "instance", **limits) as running:
        yield running


class Served:
    """What a punter and a reader get of a server meanwhile, and how long it takes at most."""

    def __init__(self, server: RunningServer, punter: Punter) -> None:
        self._server, self._punter = server, punter
        self._race = server.declare()
        punter.follow(self._race)
        self.slowest_page_s = self.slowest_price_s = 0.0
        self._price = 2.0
        self.look()
        self.slowest_page_s = self.slowest_price_s = 0.0  # the first page of a server has its template compiled

    def look(self) -> None:
        """Read the race's page and wait for a price that is written now."""
        began = time.monotonic()
        assert requests.get(f"{self._server.url}/races/{self._race}", timeout=30).status_code == 200
        self.slowest_page_s = max(self.slowest_page_s, time.monotonic() - began)
        self._price += 0.5
        began, version = time.monotonic(), self._server.price(self._race, r1=self._price)
        while self._punter.next("odds_update", self._race, within_s=30)["payload"]["version"] < version:
            pass
        self.slowest_price_s = max(self.slowest_price_s, time.monotonic() - began)


def descriptors(server: RunningServer) -> int:
    assert server.process is not None
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def test_a_thousand_half_open_requests_end_within_twenty_seconds_and_punters_are_served(
    open_to_all: RunningServer,
) -> None:
    server = open_to_all
    with Punter(server.url) as punter:
        served = Served(server, punter)
        before = Standing(server)
        ways = [*islice(cycle(WAYS), HALF_OPEN - MOST_UNREAD), *[UNREAD] * MOST_UNREAD]
        half_open, began = [HalfOpen(server.port, way) for way in ways], time.monotonic()
        while descriptors(server) < before.descriptors + HALF_OPEN:
            assert time.monotonic() - began < WITHIN_S, descriptors(server) - before.descriptors
        began = time.monotonic()  # the last of them is in
        while descriptors(server) > before.descriptors + JUST_CLOSING:
            assert time.monotonic() - began < ENDED_WITHIN_S, descriptors(server) - before.descriptors
            for one in half_open:
                one.say_more()
            served.look()
            time.sleep(PACE_S)  # nobody tells that another has been hung up on
        print("half open for", round(time.monotonic() - began, 1), "s;", vars(served))
        after = Standing(server)
    for one in half_open:
        one.close()
    assert served.slowest_page_s < SERVED_WITHIN_S
    assert served.slowest_price_s < SERVED_WITHIN_S
    assert after.kilobytes - before.kilobytes < MOST_GROWTH_KB
    assert all_is_quiet(server), server.log[-3000:]


def test_of_an_address_that_opens_a_thousand_halves_a_hundred_are_waited_for(guarded: RunningServer) -> None:
    before = descriptors(guarded)
    half_open = [HalfOpen(guarded.port, way) for way in islice(cycle(WAYS), HALF_OPEN)]
    began = time.monotonic()

    requests.get(f"{guarded.url}/health", timeout=WITHIN_S)
    # At the door, and in the WSGI server, who has sent a long head, or half a body.
    while descriptors(guarded) > before + 2 * MOST_UNFINISHED + JUST_CLOSING:
        assert time.monotonic() - began < WITHIN_S, descriptors(guarded) - before
    for one in half_open:
        one.close()


def test_five_thousand_connects_a_second_from_one_address_are_refused_and_others_are_served(
    guarded: RunningServer,
) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Punter(guarded.url) as punter:
        served = Served(guarded, punter)
        before = Standing(guarded)
        storm = begin_storm(guarded.port, ATTACKER, STORM_PER_SECOND, STORM_S)
        while storm.poll() is None:
            served.look()
            with Punter(guarded.url) as another:  # from another address than the storm's
                assert "timestamp" in another.ask("ping")
        told = json.loads(storm.communicate()[0])
        print("storm:", told, round(told["tried"] / told["seconds"]), "a second;", vars(served))
        after = _settled(guarded, before)

    assert told["answers"].get("101", 0) <= LET_IN_BURST + LET_IN_PER_SECOND * (told["seconds"] + 5)
    assert told["answers"]["429"] > 0
    assert served.slowest_page_s < SERVED_WITHIN_S
    assert served.slowest_price_s < SERVED_WITHIN_S
    assert after.kilobytes - before.kilobytes < MOST_GROWTH_KB
    assert all_is_quiet(guarded), guarded.log[-3000:]


def _settled(server: RunningServer, before: Standing) -> Standing:
    """Wait until the server holds no more than before."""
    deadline = time.monotonic() + NEVER_JOINED_S
    while descriptors(server) > before.descriptors + JUST_CLOSING:
        assert time.monotonic() < deadline, descriptors(server) - before.descriptors
        time.sleep(PACE_S)  # nobody tells that another has been hung up on
    return Standing(server)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_stock_clients_that_were_refused_come_back_by_themselves(guarded: RunningServer, transport: str) -> None:
    storm = Storm(guarded.port, "127.0.0.1")
    storm.blow(4 * LET_IN_BURST, 1.0)
    assert storm.answers["429"] > 0
    client, connected = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=1), threading.Event()
    client.on("connect", connected.set)
    address = f"{guarded.url}/socket.io/?EIO=4&transport=polling"
    while (refused := requests.get(address, timeout=WITHIN_S)).status_code == 200:
        pass
    assert (refused.status_code, refused.headers["Retry-After"], bool(refused.text)) == (429, "1", True)

    client.connect(guarded.url, transports=[transport], retry=True)

    assert connected.wait(WITHIN_S)
    client.disconnect()
