"""The pages of a horse, a jockey, a trainer and a course: what is to come, what became of the rest."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.services import cards, odds, races
from racing.services.cards import RunnerDeclared
from racing.services.races import Placing
from racing.statuses import RaceStatus
from racing.views.punters import course as course_page
from racing.views.punters import people as people_pages
from tests.factories import a_quote, a_race, quotes
from tests.views.lists import lines, links, words

EVERYBODY = ("/horses/quiet-harbour", "/jockeys/r-moore", "/trainers/j-smith")


def declare(race_id: str, minutes: float, others: int = 2, course: str = "Wexmoor") -> None:
    """Put a race on the site, its off so far from this moment; runner "0" is the one these pages are about."""
    runners = [RunnerDeclared("0", "Quiet Harbour", "7", None, "R Moore", "J Smith")]
    runners += [RunnerDeclared(str(n), f"Other {n}", str(n)) for n in range(1, others + 1)]
    off_time = datetime.now(UTC) + timedelta(minutes=minutes)
    cards.declare_race(cards.RaceDeclared(race_id, course, off_time, f"The {race_id} Stakes", runners), None)


def runs(page: str, which: str) -> list[str]:
    """Return the lines under a heading, "to-come" or "past"."""
    section = re.search(rf'<section aria-labelledby="{which}">(.*?)</section>', page, re.DOTALL)
    assert section is not None
    return [words(line) for line in re.findall(r"<li[ >].*?</li>", section[1], re.DOTALL)]


@pytest.mark.parametrize("path", EVERYBODY)
def test_what_is_to_come_stands_before_what_was(path: str, either_client: FlaskClient) -> None:
    declare("tomorrow", 24 * 60 + 90)
    declare("soon", 19.9)
    declare("won", -120)
    declare("third", -3000, others=4)
    races.declare_result("won", [Placing("0", 1, Decimal("4.5"))], None)
    races.withdraw("third", "4", None)
    races.declare_result("third", [Placing("1", 1), Placing("2", 2), Placing("0", 3, Decimal("11"))], None)
    odds.change_prices("soon", [*quotes({"0": "3"}), a_quote("0", "4", "tote")], None)

    page = either_client.get(path).text

    to_come, past = runs(page, "to-come"), runs(page, "past")
    assert ["soon" in to_come[0], "tomorrow" in to_come[1], len(to_come)] == [True, True, 2]
    assert to_come[0].endswith("in 20 min 3/1 4.00 +300")
    assert ["won" in past[0], "third" in past[1], len(past)] == [True, True, 2]
    assert past[0].endswith("1st of 3 SP 7/2 4.50 +350")
    assert past[1].endswith("3rd of 4 SP 10/1 11.00 +1000")


@pytest.mark.parametrize(
    ("became", "told"),
    [
        (lambda: races.withdraw("race", "0", None), "non-runner"),
        (lambda: races.declare_result("race", [Placing("1", 1)], None), "unplaced of 3"),
        (lambda: races.declare_result("race", [Placing("1", 1), Placing("0", None)], None), "placed"),
        (lambda: races.change_status("race", RaceStatus.ABANDONED, None), "abandoned"),
        (lambda: races.change_status("race", RaceStatus.FINISHED, None), "finished"),
        (lambda: races.change_status("race", RaceStatus.OFF, None), "off"),
        (lambda: None, "due off"),
    ],
)
def test_a_run_is_told_by_what_became_of_it(became: object, told: str, client: FlaskClient) -> None:
    declare("race", -5)
    assert callable(became)
    became()

    page = client.get("/horses/quiet-harbour").text

    (line,) = [*runs(page, "to-come"), *runs(page, "past")]
    assert line.rstrip(" \N{EN DASH}").endswith(told)  # no price yet is a dash, in each format


def test_prices_to_come_are_followed_from_where_the_page_stands_and_say_how_old_they_are(client: FlaskClient) -> None:
    declare("soon", 19.9)
    declare("over", -120)
    odds.change_prices("soon", [*quotes({"0": "3", "1": "5"}), a_quote("0", "4", "tote")], None)
    races.declare_result("over", [Placing("0", 1, Decimal("4.5"))], None)

    page = client.get("/jockeys/r-moore").text

    (held,) = [json.loads(text) for text in re.findall(r"<script[^>]* data-held>(.*?)</script>", page)]
    assert (held["raceId"], held["runnerId"], held["version"]) == ("soon", "0", 1)
    assert sorted(held["offers"]) == [["house", 3.0], ["tote", 4.0]]
    assert re.search(r"Prices as of \d\d:\d\d:\d\d", words(page))
    assert "data-outage" in page


def test_a_page_follows_no_more_races_than_a_connection_may(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_SUBSCRIPTIONS"] = 2
    for number in range(3):
        declare(f"race-{number}", 10 + number)

    page = client.get("/trainers/j-smith").text

    assert re.findall(r'"raceId": "(race-\d)"', page) == ["race-0", "race-1"]
    assert len(runs(page, "to-come")) == 3


def test_a_script_that_holds_the_runs_already_is_told_so_cheaply(client: FlaskClient) -> None:
    declare("soon", 10)
    found = re.search(r'data-list-mark="(\w+)"', client.get("/horses/quiet-harbour").text)
    assert found is not None
    has_it = {"If-List-Differs": found[1]}

    assert client.get("/horses/quiet-harbour", headers=has_it).status_code == 204
    races.withdraw("soon", "0", None)
    assert client.get("/horses/quiet-harbour", headers=has_it).status_code == 200


def test_nothing_to_come_and_nothing_past_are_said(client: FlaskClient) -> None:
    declare("soon", 10)
    assert "None here so far." in words(client.get("/jockeys/r-moore").text)

    races.change_status("soon", RaceStatus.ABANDONED, None)

    assert "R Moore is not declared for a race to come." in words(client.get("/jockeys/r-moore").text)


def test_a_page_names_the_others_of_the_run_and_leads_to_them(client: FlaskClient) -> None:
    declare("soon", 10)

    horse, jockey = client.get("/horses/quiet-harbour").text, client.get("/jockeys/r-moore").text

    assert links(horse, "R Moore") == ["/jockeys/r-moore"]
    assert links(horse, "J Smith") == ["/trainers/j-smith"] * 2
    assert links(jockey, "Quiet Harbour") == ["/horses/quiet-harbour"]
    assert links(jockey, "R Moore") == []
    assert links(horse, "Wexmoor · The soon Stakes") == ["/races/soon"]


def test_long_lists_come_page_by_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_pages, "RUNS_A_PAGE", 2)
    for race_id, minutes in (("soon", 5), ("d1", -1500), ("d2", -3000), ("d3", -4500), ("d4", -6000), ("d5", -7500)):
        declare(race_id, minutes)

    first, second, third, beyond = (client.get(f"/trainers/j-smith?page={n}").text for n in (1, 2, 3, 4))

    assert [re.findall(r"The (\w+) Stakes", page) for page in (first, second, third)] == [
        ["soon", "d1", "d2"], ["d3", "d4"], ["d5"],
    ]  # fmt: skip
    assert links(first, "Older") == links(third, "Newer") == ["/trainers/j-smith?page=2"]
    assert links(first, "Newer") == links(third, "Older") == []
    assert "No race is older." in words(beyond)
    for nonsense in ("0", "-1", "x", "9" * 30, "²"):
        page = client.get("/trainers/j-smith", query_string={"page": nonsense})
        assert page.status_code == 200
        assert "The soon Stakes" in page.text


def test_a_reader_elsewhere_sees_the_own_clock(client: FlaskClient) -> None:
    declare("soon", 10)
    client.set_cookie("time_zone", "Asia/Tokyo")

    (line,) = runs(client.get("/horses/quiet-harbour").text, "to-come")

    assert re.search(r"\d\d:\d\d (\w{3} )?\d\d:\d\d your time", line)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/horses/nobody", "No horse 'nobody' has been on a card here."),
        ("/horses/quiet", "No horse 'quiet' has been on a card here."),
        ("/jockeys/quiet-harbour", "No jockey 'quiet-harbour' has been on a card here."),
        ("/trainers/%25", "No trainer '%' has been on a card here."),
        ("/horses/<b>", "No horse '<b>' has been on a card here."),
        ("/courses/nowhere", "No meeting was ever held at 'nowhere' here."),
        ("/courses/wexmoor-2030", "No meeting was ever held at 'wexmoor-2030' here."),
        ("/courses/_", "No meeting was ever held at '_' here."),
        ("/courses/wexmoor%00", "No meeting was ever held"),
    ],
)
def test_who_is_not_known_has_no_page_but_a_sentence(path: str, sentence: str, client: FlaskClient) -> None:
    declare("soon", 10)

    page = client.get(path)

    assert page.status_code == 404
    assert sentence in words(page.text)
    assert "<b>'" not in page.text


def test_a_course_s_page_has_its_meetings_those_to_come_first(
    either_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course_page, "MEETINGS_A_PAGE", 1)
    now = datetime.now(UTC)
    days = {name: now + timedelta(days=ahead) for name, ahead in (("next", 3), ("last", -3), ("before", -30))}
    for name, at in days.items():
        a_race(name, off_time=at)
    a_race("elsewhere", off_time=now + timedelta(days=1), course="Castle Ridge")

    first, second = (either_client.get(f"/courses/wexmoor?page={n}").text for n in (1, 2))

    slugs = {name: f"wexmoor-{at:%Y-%m-%d}" for name, at in days.items()}
    assert list(lines(first)) == [slugs["next"], slugs["last"]]
    assert list(lines(second)) == [slugs["before"]]
    assert links(first, "its next races") == ["/?course=wexmoor"]
    assert links(first, "Older") == ["/courses/wexmoor?page=2"]
    assert links(second, "Newer") == ["/courses/wexmoor?page=1"]
