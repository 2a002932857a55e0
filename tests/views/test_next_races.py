"""The list of races: which, by the filters of its address; what each line says; what becomes of nonsense."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.services import races
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus
from tests.factories import a_race
from tests.views.lists import lines, links, words

NOON = datetime.now(ZoneInfo("Europe/London")).replace(hour=12, minute=0, second=0, microsecond=0)


def off_in(minutes: float) -> datetime:
    """Return the off time that is so far ahead of this moment."""
    return datetime.now(UTC) + timedelta(minutes=minutes)


@pytest.fixture
def three_races(app: Flask) -> None:
    """One at home and one abroad still to come, and one that is run."""
    a_race("home", off_time=off_in(20), country="GB")
    a_race("away", off_time=off_in(10), country="IE", course="Castle Ridge")
    a_race("running", off_time=off_in(-2), country="GB")
    races.change_status("running", RaceStatus.OFF, None)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ["running", "away", "home"]),
        ("?country=IE", ["away"]),
        ("?country=ie", ["away"]),
        ("?course=castle-ridge", ["away"]),
        ("?status=running", ["running"]),
        ("?status=to-come", ["away", "home"]),
        ("?status=to-come&country=GB&course=wexmoor", ["home"]),
        ("?day=&country=&course=&status=", ["running", "away", "home"]),
    ],
)
def test_an_address_says_which_races_are_listed(
    asked: str, shown: list[str], client: FlaskClient, three_races: None
) -> None:
    page = client.get(f"/{asked}")

    assert page.status_code == 200
    assert list(lines(page.text)) == shown
    assert "does not count" not in page.text


@pytest.mark.parametrize(
    ("nonsense", "sentence"),
    [
        ("?day=2026-02-30", "'2026-02-30' is no day: write it as"),
        ("?day=soon", "'soon' is no day: write it as"),
        ("?status=flying", "'flying' is no status of a race: there are to-come, running and over."),
        ("?country=Narnia", "There is no racing in a country 'NARNIA'."),
        ("?course=nowhere", "There is no course 'nowhere'."),
        ("?course=%25", "There is no course '%'."),
        ("?course=<b>x</b>", "There is no course '<b>x</b>'."),
        (f"?course={'x' * 5000}", f"There is no course '{'x' * 40}'."),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_does_not_count(
    nonsense: str, sentence: str, client: FlaskClient, three_races: None
) -> None:
    page = client.get(f"/{nonsense}")

    assert page.status_code == 200
    assert sentence in words(page.text)
    assert "It does not count." in page.text
    assert "<b>x</b>" not in page.text
    assert list(lines(page.text)) == ["running", "away", "home"]
    assert '<details class="filters" open>' in page.text


def test_of_several_filters_only_the_nonsense_does_not_count(client: FlaskClient, three_races: None) -> None:
    page = client.get("/?country=IE&status=flying").text

    assert list(lines(page)) == ["away"]
    assert links(page, "Today") == ["/?country=IE&day=today"]


def test_the_form_and_the_chips_keep_what_is_chosen(client: FlaskClient, three_races: None) -> None:
    page = client.get("/?country=GB&course=wexmoor&status=to-come").text

    chosen = re.findall(r'<option value="([^"]*)" selected>', page)
    assert chosen == ["GB", "wexmoor", "to-come"]
    assert "Filter: Britain · Wexmoor" in words(page)
    assert links(page, "Tomorrow") == ["/?country=GB&course=wexmoor&status=to-come&day=tomorrow"]
    assert links(page, "Clear") == ["/"]


def test_a_day_has_all_its_races_and_today_is_today_however_it_is_written(client: FlaskClient) -> None:
    a_race("today", off_time=NOON)
    a_race("tomorrow", off_time=NOON + timedelta(days=1))
    a_race("later", off_time=NOON + timedelta(days=3))

    written, tomorrow = client.get(f"/?day={NOON:%Y-%m-%d}").text, client.get("/?day=tomorrow").text
    later = client.get(f"/?day={NOON + timedelta(days=3):%Y-%m-%d}").text

    assert list(lines(written)) == list(lines(client.get("/?day=today").text)) == ["today"]
    assert '<a href="/?day=today" aria-current="true">Today</a>' in written
    assert '<h1 class="page">Races tomorrow</h1>' in tomorrow
    assert list(lines(tomorrow)) == ["tomorrow"]
    assert list(lines(later)) == ["later"]
    assert f'name="day" value="{NOON + timedelta(days=3):%Y-%m-%d}"' in later


def test_an_empty_list_says_so_and_what_to_do(client: FlaskClient) -> None:
    assert "No race is on the card now. The next ones appear here" in client.get("/").text

    page = client.get("/?status=running").text

    assert "No race fits." in words(page)
    assert links(page, "Show the next races") == ["/"]


def test_a_line_tells_time_place_field_favourite_and_price(client: FlaskClient) -> None:
    a_race(
        prices={"1": "2.5", "2": "4"}, off_time=off_in(19.9),
        distance="1m2f", race_class="3",
    )  # fmt: skip
    races.withdraw("wexmoor-1405", "4", None)
    races.change_status("wexmoor-1405", RaceStatus.GOINGDOWN, None)
    races.change_betting("wexmoor-1405", Betting.SUSPENDED, None)

    (line,) = lines(client.get("/").text).values()

    assert "Wexmoor · The Harbour Lights Stakes 1m2f · Class 3 · 3 runners" in line
    assert "favourite Horse 1" in line
    assert "6/4 2.50 +150" in line
    assert "in 20 min going down suspended" in line


def test_a_race_that_is_over_names_the_winner_and_its_starting_price(client: FlaskClient) -> None:
    a_race("won", prices={"1": "2.5"}, off_time=off_in(-9))
    a_race("heat", prices={"1": "2.5"}, off_time=off_in(-8))
    a_race("off", prices={"1": "2.5"}, off_time=off_in(-7))
    races.declare_result("won", [Placing("2", 1, Decimal("4.5"))], None)
    races.declare_result("heat", [Placing("3", 1), Placing("4", 1)], None)
    races.change_status("off", RaceStatus.ABANDONED, None)

    told = lines(client.get("/?status=over").text)

    assert list(told) == ["won", "heat", "off"]
    assert "winner Horse 2" in told["won"]
    assert "7/2 4.50 +350" in told["won"]
    assert "dead heat Horse 3 / Horse 4" in told["heat"]
    assert "Horse" not in told["off"]
    assert told["off"].endswith("abandoned")


def test_a_reader_elsewhere_sees_the_own_clock_beside_the_course_s(client: FlaskClient) -> None:
    a_race("summer", off_time=datetime(2030, 6, 1, 13, 5, tzinfo=UTC))
    told = {}
    for zone in ("Europe/Paris", "Australia/Sydney", "Europe/London", "Europe/Lisbon", "No/Where"):
        client.set_cookie("time_zone", zone)
        told[zone] = lines(client.get("/").text)["summer"]

    assert told["Europe/Paris"].startswith("14:05 15:05 your time Wexmoor")
    assert told["Australia/Sydney"].startswith("14:05 23:05 your time Wexmoor")
    for same_clock in ("Europe/London", "Europe/Lisbon", "No/Where"):
        assert told[same_clock].startswith("14:05 Wexmoor")


def test_a_reader_for_whom_it_is_another_day_is_told_the_weekday(client: FlaskClient) -> None:
    a_race("evening", off_time=datetime(2030, 6, 1, 19, 5, tzinfo=UTC))
    client.set_cookie("time_zone", "Australia/Sydney")

    assert lines(client.get("/").text)["evening"].startswith("20:05 Sun 05:05 your time")


def test_more_races_than_a_connection_may_follow_say_how_old_they_are(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_SUBSCRIPTIONS"] = 2
    for minute in (5, 6, 7):
        a_race(f"in-{minute}", prices={"1": "2.5"}, off_time=off_in(minute))

    page = client.get("/").text

    assert "2 of these races are live at a time, the next ones by off time." in words(page)
    assert [("data-live-line" in each) for each in re.findall(r"<li data-key.*?</li>", page, re.DOTALL)] == [
        True, True, False,
    ]  # fmt: skip
    assert re.search(r"as of \d\d:\d\d$", lines(page)["in-7"])
    assert 'data-phase="before" data-freshness="stale"' in page


def test_a_script_gets_no_page_until_another_race_is_listed(client: FlaskClient) -> None:
    a_race("first", off_time=off_in(5))
    mark = re.search(r'data-list-mark="(\w+)"', client.get("/").text)
    assert mark is not None
    held = {"If-List-Differs": mark[1]}

    same = client.get("/", headers=held)
    a_race("second", off_time=off_in(6))
    declared = client.get("/", headers=held)

    assert (same.status_code, same.data) == (204, b"")
    assert list(lines(declared.text)) == ["first", "second"]
