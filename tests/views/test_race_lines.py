"""What many readers ask for at the same moment is drawn once, and nobody gets an older price for it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from racing.extensions import db
from racing.services import odds, races
from racing.statuses import RaceStatus
from racing.views.kept_briefly import KEPT_FOR_S, KeptBriefly
from tests.factories import a_race, quotes
from tests.support.asked import asked, reads_of

SOON = datetime.now(UTC) + timedelta(hours=1)
LISTS = ["/", f"/meetings/wexmoor-{SOON:%Y-%m-%d}"]
PRICED = 'data-best data-price="{}"'


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(app: Flask) -> Clock:
    clock = Clock()
    app.extensions.update(kept_lines=KeptBriefly(clock), kept_others=KeptBriefly(clock))
    return clock


@pytest.fixture
def read(app: Flask, clock: Clock) -> list[str]:
    """The races whose prices are read, a statement's worth each."""
    read: list[str] = []

    def note(*call: object) -> None:
        if "FROM current_prices" in str(call[2]):
            read.append(",".join(str(value) for value in call[3]))  # type: ignore[attr-defined]

    event.listen(db.engine, "before_cursor_execute", note)
    return read


def a_day(*race_ids: str) -> None:
    for race_id in race_ids:
        a_race(race_id, prices={"1": "2.5", "2": "4"}, off_time=SOON, time_zone="UTC")


@pytest.mark.parametrize("path", LISTS)
def test_a_line_is_drawn_once_for_all_who_ask_in_a_moment(
    path: str, client: FlaskClient, clock: Clock, read: list[str]
) -> None:
    a_day("one", "two")
    first = client.get(path).text
    del read[:]

    assert client.get(path).text.count(PRICED.format("2.50")) == first.count(PRICED.format("2.50")) == 2
    assert read == []

    clock.now = KEPT_FOR_S
    client.get(path)
    assert read == ["one,two"]


def test_only_the_race_that_moved_is_read_and_its_price_is_there_at_once(
    client: FlaskClient, clock: Clock, read: list[str]
) -> None:
    a_day("one", "two")
    client.get("/")
    odds.change_prices("two", quotes({"1": "2.25"}), None)
    del read[:]

    page = client.get("/").text

    assert read == ["two"]
    assert PRICED.format("2.50") in page
    assert PRICED.format("2.25") in page
    races.change_status("one", RaceStatus.GOINGDOWN, None)
    assert "going down" in client.get("/").text


def test_readers_of_other_zones_and_other_lists_get_lines_of_their_own(client: FlaskClient, clock: Clock) -> None:
    a_day("one")
    assert "your time" not in client.get("/").text

    client.set_cookie("time_zone", "Asia/Tokyo")
    assert "your time" in client.get("/").text
    assert "<b>Wexmoor</b>" in client.get("/").text
    assert "<b>Wexmoor</b>" not in client.get(LISTS[1]).text


def test_the_way_to_other_races_is_found_once_for_all_who_ask_in_a_moment_and_anew_where_the_race_moves(
    client: FlaskClient, clock: Clock
) -> None:
    a_day("one", "two")

    def told() -> tuple[str, int]:
        with asked() as noted:
            answer = client.get("/races/one/others").text
        return answer, len(reads_of(noted, "races"))

    first, statements = told()
    assert statements > 3
    assert told() == (first, 1)  # the race itself: whether it moved
    clock.now = KEPT_FOR_S
    assert told() == (first, statements)

    races.change_off_time("one", SOON + timedelta(minutes=5), None)
    assert f"{SOON + timedelta(minutes=5):%H:%M}" in told()[0]


def test_so_many_lines_are_kept_at_most(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("racing.views.kept_briefly.MOST_KEPT", 2)
    kept: KeptBriefly[str] = KeptBriefly(clock)
    for key in "abc":
        kept.keep(key, 1, key)

    assert [kept.get(key, 1) for key in "abc"] == [None, "b", "c"]


def test_a_list_says_over_how_long_its_readers_spread_what_they_ask(client: FlaskClient, app: Flask) -> None:
    assert 'data-spread-ms="0"' in client.get("/").text

    for number in range(200):
        app.extensions["connections"].connect(f"reader-{number}")

    assert 'data-spread-ms="6000"' in client.get("/").text
