"""The staff's view of the live side: a whole page without scripts, and the figures that keep it current."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.models import Role
from racing.realtime.counts import COUNTS
from racing.realtime.rooms import Variant
from racing.services import odds
from racing.views.staff import live as staff_live
from racing.views.staff.live_charts import CHARTS
from tests.factories import RACE, a_race, a_user, quotes
from tests.views.pages import sign_in


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """A client of staff, on a house with three punters: two follow one race, one of them another as well."""
    sign_in(client, a_user())
    a_race()
    connections = app.extensions["connections"]
    for punter in ("ann", "bob", "cid"):
        connections.connect(punter)
    connections.follow("ann", RACE, Variant())
    connections.follow("bob", RACE, Variant("delta"))
    connections.follow("bob", "not-there", Variant())
    return client


def test_the_page_says_it_all_without_a_script(desk: FlaskClient) -> None:
    page = desk.get("/staff/live").text

    assert re.search(r'data-total="connections">3<', page)
    assert re.search(r'data-total="rooms">2<', page)
    assert re.search(r"data-workers-count>1<", page)
    assert re.search(r"data-redis>none<", page)
    assert re.search(r">14:05 Wexmoor, Sat 1 Jun 2030 · The Harbour Lights Stakes</a></th><td>2<", page)
    assert "Reload for newer figures" in page


def test_the_figures_are_those_of_the_page(desk: FlaskClient) -> None:
    answer = desk.get("/staff/live.json")

    live = answer.get_json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert (live["totals"]["connections"], live["totals"]["rooms"], live["redis"]) == (3, 2, "none")
    assert [(race["raceId"], race["followers"]) for race in live["races"]] == [(RACE, 2), ("not-there", 1)]
    assert live["races"][1]["name"] == "not-there"
    (worker,) = live["workers"]
    assert worker["isThis"]
    assert worker.keys() == {"id", "isThis", *staff_live.FACTS, *staff_live.NUMBERS}
    assert re.fullmatch(r"\d\d:\d\d:\d\d", live["asOf"])


def test_a_late_feed_is_said_to_be(desk: FlaskClient) -> None:
    a_race("soon", off_time=datetime.now(UTC) + timedelta(minutes=5))
    odds.change_prices("soon", quotes({"1": "3"}, "tote"), None, at=datetime.now(UTC) - timedelta(seconds=90))
    odds.change_prices("soon", quotes({"1": "3"}, "bexley"), None)

    page, live = desk.get("/staff/live").text, desk.get("/staff/live.json").get_json()

    bexley, tote = live["feeds"]
    assert (tote["name"], tote["races"], tote["awaited"], tote["isLate"]) == ("Tote", 1, 1, True)
    assert tote["ageMs"] == pytest.approx(90_000, abs=5000)
    assert not bexley["isLate"]
    assert "races are near: <b data-late-names>Tote</b>" in page
    assert re.search(r'<tr data-bookmaker="tote" class="late"><th[^>]*>Tote</th><td class="l">1 min ago<', page)
    assert re.search(r'<tr data-bookmaker="bexley"><th', page)


def test_the_last_fifteen_minutes_are_drawn_and_told(desk: FlaskClient, app: Flask) -> None:
    history, clock = app.extensions["history"], [1_000_000.0]
    history._clock = lambda: clock[0]
    for connections in (0, 1):
        history.sample()
        app.extensions["connections"].connect(f"more-{connections}")
        clock[0] += 5

    page, told = desk.get("/staff/live").text, desk.get("/staff/live.json").get_json()["history"]

    assert (told["at"], told["connections"]) == ([1_000_000, 1_000_005], [3, 4])
    assert {chart.name for chart in CHARTS} | {"at"} == told.keys()
    assert re.search(r'data-chart="connections">\s*<figcaption>Connections <b data-chart-now>4</b>', page)
    assert 'd="M298.3,21.5L300.0,3.0"' in page
    later = desk.get("/staff/live.json?after=1000000").get_json()["history"]
    assert later["at"] == [1_000_005]
    assert desk.get("/staff/live.json?after=now").status_code == 422


def test_a_page_drawn_before_anything_was_sampled_is_whole(desk: FlaskClient) -> None:
    page, live = desk.get("/staff/live").text, desk.get("/staff/live.json").get_json()

    assert '<path d=""/>' in page
    assert "No open race of today is priced." in page
    assert (live["rates"]["delay95Ms"], live["rates"]["publishedPerSecond"]) == (None, 0)


def test_every_number_that_a_worker_tells_is_shown() -> None:
    assert set(COUNTS) <= staff_live.NUMBERS.keys()


def test_only_the_races_with_most_followers_are_named(desk: FlaskClient, app: Flask) -> None:
    connections = app.extensions["connections"]
    for number in range(staff_live.MOST_RACES):
        connections.follow("cid", f"race-{number:02}", Variant())

    live = desk.get("/staff/live.json").get_json()

    assert (len(live["races"]), live["moreRaces"]) == (staff_live.MOST_RACES, 2)
    assert live["races"][0]["raceId"] == RACE
    assert "And <span data-more-races>2</span> more races" in desk.get("/staff/live").text


@pytest.mark.parametrize("path", ["/staff/live", "/staff/live.json"])
@pytest.mark.parametrize(("role", "status"), [(None, 302), (Role.PUNTER, 403), (Role.FEED, 403), (Role.ADMIN, 200)])
def test_it_is_for_staff(path: str, role: Role | None, status: int, client: FlaskClient) -> None:
    if role is not None:
        sign_in(client, a_user(role))

    assert client.get(path).status_code == status


def test_the_desk_leads_to_it(desk: FlaskClient) -> None:
    assert 'href="/staff/live"' in desk.get("/staff/").text
