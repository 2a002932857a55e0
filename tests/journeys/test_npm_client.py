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
from tests.support.shapes import faults
from tests.support.wire import all_is_quiet

FOLDER = Path(__file__).parent / "npm"
WITHIN_S = 10
OUR_WORDS = ("acknowledged", "connect_error")  # of what the client says by itself


@pytest.fixture(scope="session")
def stock_client() -> list[str]:
    """The command that runs the client: followed by URL, race, transport and what else it is to do."""
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

    def next(self, event: str, but: tuple[str, ...] = ()) -> Any:
        """Return the next message, which must be this event; those in `but` may come before it."""
        while True:
            printed = json.loads(self._lines.get(timeout=WITHIN_S))
            if printed["event"] not in but:
                break
        assert printed["event"] == event, printed
        assert event in OUR_WORDS or faults(event, printed["message"]) == []
        return printed["message"]

    def first_image(self) -> Any:
        """Return the board that a subscription is answered with."""
        subscribed = self.next("subscribed", but=("connect_error",))
        image = self.next("odds_update")
        assert self.next("acknowledged") == subscribed
        return image["payload"]


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
        assert client.first_image()["version"] == 1

        house.price(race, r2=12)
        assert client.next("odds_update")["payload"]["version"] == 2
        house.api("POST", f"/races/{race}/status", {"status": "OFF"})

        final = client.next("odds_update")["payload"]
        assert client.next("race_status")["payload"]["status"] == "OFF"
        assert final["full"] is True
        assert final == house.api("GET", f"/races/{race}/odds").json()


def test_a_strangers_pages_come_back_after_a_restart(server: RunningServer, stock_client: list[str]) -> None:
    race = server.declare()
    pages = [[*stock_client, server.url, race, transport] for transport in ("websocket", "polling")]
    with running(pages[0]) as direct, running(pages[1]) as behind_a_proxy:
        assert [page.first_image()["version"] for page in (direct, behind_a_proxy)] == [0, 0]

        assert server.stop() == 0
        for page in (direct, behind_a_proxy):
            assert page.next("server_restart")["retryAfterMs"] > 0
        server.start()

        assert [page.first_image()["version"] for page in (direct, behind_a_proxy)] == [0, 0]
        server.price(race, r1=2.5)
        image = server.api("GET", f"/races/{race}/odds").json()
        assert [page.next("odds_update")["payload"] for page in (direct, behind_a_proxy)] == [image, image]
    assert all_is_quiet(server), server.log


def test_a_strangers_page_may_have_its_updates_packed(house: RunningServer, stock_client: list[str]) -> None:
    race = house.declare("npm-packed")
    house.price(race, r1=2.5, r2=11)
    with running([*stock_client, house.url, race, "websocket", json.dumps({"encoding": "msgpack"})]) as client:
        assert client.first_image() == house.api("GET", f"/races/{race}/odds").json()

        house.price(race, r2=12)

        assert client.next("odds_update")["payload"] == house.api("GET", f"/races/{race}/odds").json()


def test_a_notification_reaches_both_tabs_of_its_user_and_nobody_else(
    house: RunningServer, stock_client: list[str]
) -> None:
    race = house.declare("npm-tabs")
    page = [*stock_client, house.url, race, "websocket"]
    mine, another = json.dumps({"token": house.token}), json.dumps({"token": _token_of(house, "npm@example.org")})
    with (
        running([*page, mine]) as tab,
        running([*page, mine]) as other_tab,
        running([*page, another]) as somebody,
        running(page) as anybody,
    ):
        for client in (tab, other_tab, somebody, anybody):
            client.first_image()

        told = _tell_staff(house)
        house.price(race, r1=2.5)

        assert [client.next("notification")["payload"]["id"] for client in (tab, other_tab)] == [told, told]
        for client in (tab, other_tab, somebody, anybody):
            assert client.next("odds_update")["payload"]["version"] == 1  # nothing came to the others before it


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_bad_token_is_refused_by_its_reason(house: RunningServer, stock_client: list[str], transport: str) -> None:
    race = house.declare(f"npm-bad-token-{transport}")
    with running([*stock_client, house.url, race, transport, json.dumps({"token": "no.such.token"})]) as client:
        refusal = client.next("connect_error")

        assert refusal["data"]["type"] == "token_invalid"
        assert refusal["message"] == refusal["data"]["message"]


def test_what_a_page_has_missed_is_replayed(house: RunningServer, stock_client: list[str]) -> None:
    race = house.declare("npm-replay")
    article = house.api("POST", "/news", {"title": "Going soft", "summary": "In short.", "body": "At length."}).json()[
        "id"
    ]
    told = _tell_staff(house)
    missed = {"token": house.token, "replay": {"newsAfter": article - 1, "notificationsAfter": told - 1}}
    with running([*stock_client, house.url, race, "websocket", json.dumps(missed)]) as client:
        client.first_image()

        assert client.next("news_update")["payload"]["id"] == article
        assert client.next("notification")["payload"]["id"] == told
        assert client.next("replayed") == {"news": 1, "notifications": 1, "more": False}


def _tell_staff(server: RunningServer) -> int:
    told = {"email": server.staff_email, "kind": "alert", "title": "Arkle", "body": "Arkle is 5/1."}
    return int(server.api("POST", "/notifications", told).json()["id"])


def _token_of(server: RunningServer, email: str) -> str:
    server.flask("users", "create", email, "--role", "punter", "--password-stdin", stdin="a long password")
    answer = server.api("POST", "/auth/login", {"email": email, "password": "a long password"}, token="")
    return str(answer.json()["accessToken"])
