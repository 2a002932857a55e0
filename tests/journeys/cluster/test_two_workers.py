"""Two workers are one house: what happens at one of them, or in a process beside them, reaches the punters of both."""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import requests

from tests.support.cluster import RunningCluster
from tests.support.followers import Crowd
from tests.support.servers import ROOT, STAFF_PASSWORD, RunningServer
from tests.support.stage import board_at
from tests.support.wire import Punter, all_is_quiet

PASSWORD = "a long way to Tipperary"
STOCK_EMIT = """
import json, sys
from flask_socketio import SocketIO

SocketIO(message_queue=sys.argv[1], async_mode="threading").emit("news_update", json.loads(sys.argv[2]))
"""
WITHIN_S = 4.0  # about a second, and what a busy machine adds


@pytest.fixture
def house(cluster: RunningCluster) -> Iterator[RunningCluster]:
    """The shared cluster, whose workers must log no error meanwhile."""
    yield cluster
    for worker in cluster.workers:
        assert all_is_quiet(worker), worker.log


@contextmanager
def a_process(server: RunningServer, *command: str) -> Iterator[None]:
    """Run `flask --app wsgi ...` beside the workers until the context ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=ROOT, env=server.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def test_a_price_written_at_either_worker_reaches_the_punters_of_both(house: RunningCluster) -> None:
    race = house.workers[0].declare("both-ways")
    with Crowd([worker.url for worker in house.workers], [race]) as crowd:
        for price, worker in enumerate(house.workers, 3):
            worker.price(race, r1=price, r2=price + 1)
            crowd.converges(lambda race_id: board_at(house.workers, race_id), time.monotonic(), WITHIN_S)

        assert house.workers[1].api("POST", f"/races/{race}/status", {"status": "OFF"}).status_code == 200
        crowd.converges(lambda race_id: board_at(house.workers, race_id), time.monotonic(), WITHIN_S)
        for follower in crowd.followers:
            follower.wait_until(lambda: follower.told("race_status") != [], "bell", WITHIN_S)  # noqa: B023
            assert len(follower.told("race_status")) == 1


def test_an_event_from_a_stock_socketio_process_reaches_the_punters_of_both(house: RunningCluster) -> None:
    one, other = (Punter(worker.url) for worker in house.workers)
    at = "2030-06-01T13:05:00.000Z"
    news = {"id": 1, "title": "Rain", "summary": "The going eases.", "url": "/news/rain", "publishedAt": at}
    message = {"type": "news_update", "payload": news, "timestamp": at}
    with one, other:
        subprocess.run([sys.executable, "-c", STOCK_EMIT, house.redis.url, json.dumps(message)], check=True, timeout=30)

        assert [punter.next("news_update")["payload"] for punter in (one, other)] == [news, news]
        assert all(punter.has_nothing("news_update") for punter in (one, other))


def test_an_article_is_told_once_to_everybody(house: RunningCluster) -> None:
    one, other = (Punter(worker.url) for worker in house.workers)
    with one, other:
        article = {"title": "Good to firm", "summary": "In short.", "body": "At length."}
        published = house.workers[0].api("POST", "/news", article)
        assert published.status_code == 201

        for punter in (one, other):
            assert punter.next("news_update")["payload"]["id"] == published.json()["id"]
            assert punter.has_nothing("news_update")


def test_a_demo_beside_the_workers_moves_the_prices_of_both(house: RunningCluster) -> None:
    others = _open_races(house.workers[0])
    with a_process(house.workers[0], "demo"):
        _a_new_race(house.workers[0], others)
        # One race alone may be quiet for a while; of all that are declared by now some move every second or so.
        races = [race for race in _open_races(house.workers[0]) if race not in others]
        one, other = (Punter(worker.url) for worker in house.workers)
        with one, other:
            for punter in (one, other):
                answer = punter.ask("subscribe_races", {"raceIds": races, "mode": "delta"})
                seen = {race["raceId"]: race["version"] for race in answer["races"]}
                punter.wait_until(lambda: _has_moved(punter, seen), "price of the demo", within_s=60)  # noqa: B023


def _has_moved(punter: Punter, seen: dict[str, int]) -> bool:
    """Tell whether a delta has come that begins where a subscription found its race, or later."""
    updates = [one.payload for one in punter.inbox if one.event == "odds_update" and not one.payload["payload"]["full"]]
    # A race may be seen before its first prices: that they come is no move.
    return any(update["payload"]["base"] >= max(seen[update["raceId"]], 1) for update in updates)


def _open_races(worker: RunningServer) -> list[str]:
    races = requests.get(f"{worker.url}/api/v1/races", timeout=10).json()["races"]
    return [race["raceId"] for race in races if race["betting"] == "open"]


def _a_new_race(worker: RunningServer, others: Sequence[str]) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if new := [race for race in _open_races(worker) if race not in others]:
            return new[0]
        time.sleep(0.2)  # no event tells that another process has declared races
    raise AssertionError("the demo declares no race")


@pytest.fixture
def punter_token(house: RunningCluster) -> tuple[str, str]:
    """The address and a token of a user of this journey's own."""
    email = f"{uuid.uuid4().hex}@example.org"
    first = house.workers[0]
    first.flask("users", "create", email, "--role", "punter", "--password-stdin", stdin=PASSWORD)
    answer = first.api("POST", "/auth/login", {"email": email, "password": PASSWORD}, token="")
    return email, answer.json()["accessToken"]


def notify(worker: RunningServer, email: str, title: str) -> int:
    body = {"email": email, "kind": "alert", "title": title, "body": "Arkle is 5/1."}
    answer = worker.api("POST", "/notifications", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_notification_reaches_two_tabs_at_two_workers_and_nobody_else(
    house: RunningCluster, punter_token: tuple[str, str]
) -> None:
    email, token = punter_token
    one, other = house.workers
    with (
        Punter(one.url, token=token) as tab,
        Punter(other.url, token=token) as other_tab,
        Punter(one.url) as anonymous,
        Punter(other.url, token=other.token) as staff,
    ):
        told = notify(one, email, "Your horse is entered")

        assert [each.next("notification")["payload"]["id"] for each in (tab, other_tab)] == [told, told]
        assert all(each.has_nothing("notification") for each in (tab, other_tab, anonymous, staff))


def both_tabs_are_anonymous(*tabs: Punter) -> None:
    ended = time.monotonic()
    for tab in tabs:
        refusal = tab.take("error")
        assert refusal.payload["type"] == "token_invalid"
        assert refusal.at - ended < WITHIN_S


def test_who_signs_out_at_one_worker_is_signed_out_at_the_other(
    house: RunningCluster, punter_token: tuple[str, str]
) -> None:
    email, token = punter_token
    one, other = house.workers
    with Punter(one.url, token=token) as tab, Punter(other.url, token=token) as other_tab:
        assert one.api("POST", "/auth/logout", token=token).status_code == 200

        both_tabs_are_anonymous(tab, other_tab)
        with Punter(one.url, token=one.token) as staff, Punter(other.url, token=other.token) as other_staff:
            notify(other, email, "For nobody to see")
            after = notify(other, other.staff_email, "The next, after which that one would have come")
            assert [each.next("notification")["payload"]["id"] for each in (staff, other_staff)] == [after, after]
        assert all(each.has_nothing("notification") for each in (tab, other_tab))
        assert other.api("GET", "/notifications", token=token).status_code == 401


def test_a_user_who_is_disabled_beside_the_workers_is_out_at_both(
    house: RunningCluster, punter_token: tuple[str, str]
) -> None:
    email, token = punter_token
    one, other = house.workers
    with Punter(one.url, token=token) as tab, Punter(other.url, token=token) as other_tab:
        one.flask("users", "disable", email)

        both_tabs_are_anonymous(tab, other_tab)
        for worker in (one, other):
            assert worker.api("GET", "/notifications", token=token).status_code == 401


def test_staff_who_signed_in_at_one_worker_may_write_at_the_other(house: RunningCluster) -> None:
    one, other = house.workers
    login = {"email": one.staff_email, "password": STAFF_PASSWORD}
    token = one.api("POST", "/auth/login", login, token="").json()["accessToken"]
    race = one.declare("signed-in-elsewhere")

    answer = other.api("POST", f"/races/{race}/odds", {"odds": [{"runnerId": "1", "price": 4}]}, token=token)

    assert answer.status_code == 200
