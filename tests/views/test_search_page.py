"""The search: what is found under which heading, and what is said where there is nothing to find."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from racing.services import cards, search
from racing.services.cards import RunnerDeclared
from tests.factories import OFF_TIME, a_race
from tests.views.lists import links, words

LONDON = ZoneInfo("Europe/London")


def declare(*runners: tuple[str, str, str], race_id: str = "wexmoor-1405") -> None:
    """Put a race on the site, each runner (horse, jockey, trainer)."""
    declared = [
        RunnerDeclared(str(n), name, None, None, jockey, trainer) for n, (name, jockey, trainer) in enumerate(runners)
    ]
    cards.declare_race(cards.RaceDeclared(race_id, "Harbourside", OFF_TIME, "A Handicap", declared), None)


def found(page: str) -> dict[str, list[str]]:
    """Return, by heading, the lines of what was found."""
    groups = re.findall(r'<section aria-label="(\w+)">(.*?)</section>', page, re.DOTALL)
    return {heading: [words(line) for line in re.findall(r"<li>.*?</li>", inner)] for heading, inner in groups}


def test_names_of_each_kind_stand_under_their_headings_and_lead_to_their_pages(either_client: FlaskClient) -> None:
    declare(("Harbour Lights", "T Harbourne", "H Arbour"), ("Old Harbour", "R Moore", "Harb & Son"))
    declare(("Harbour Lights", "", ""), race_id="wexmoor-1440")

    page = either_client.get("/search?q=harb").text

    assert found(page) == {
        "Horses": ["Harbour Lights 2 races", "Old Harbour 1 race"],
        "Jockeys": ["T Harbourne 1 race"],
        "Trainers": ["Harb & Son 1 race"],
        "Meetings": ["Harbourside Sat 1 Jun 2030, 2 races"],
        "Courses": ["Harbourside 1 meeting"],
    }
    assert "6 found for “harb”" in words(page)
    for text, address in (
        ("Harbour Lights 2 races", "/horses/harbour-lights"),
        ("T Harbourne 1 race", "/jockeys/t-harbourne"),
        ("Harb & Son 1 race", "/trainers/harb-son"),
        ("Harbourside Sat 1 Jun 2030, 2 races", "/meetings/harbourside-2030-06-01"),
        ("Harbourside 1 meeting", "/courses/harbourside"),
    ):
        assert links(page, text) == [address]
        assert either_client.get(address).status_code == 200


def test_the_form_alone_where_nothing_is_asked(client: FlaskClient) -> None:
    for page in (client.get("/search"), client.get("/search?q="), client.get("/search?q=++")):
        assert page.status_code == 200
        assert 'name="q" type="search" value=""' in page.text
        assert not re.search(r'<p class="(note|quiet)" role="status"', page.text)


@pytest.mark.parametrize("asked", ["a", "-", "_", "%", "%%%", "__", '"', "<>", "\0\0"])
def test_less_than_two_letters_is_told(asked: str, client: FlaskClient) -> None:
    declare(("Ab", "", ""))

    page = client.get(f"/search?q={quote(asked)}")

    assert page.status_code == 200
    assert "Write at least two letters of a name." in page.text
    assert found(page.text) == {}


@pytest.mark.parametrize(
    "asked", ["zz", "o%d", "o_d", "%ld", "old%", "_ld h", "<b>old</b>", '"><script>alert(1)</script>', "zz\0", "zz\\"]
)
def test_signs_are_no_patterns_and_are_written_as_signs(asked: str, either_client: FlaskClient) -> None:
    declare(("Old Harbour", "", ""), ("Olde Harbour", "", ""))

    page = either_client.get(f"/search?q={quote(asked)}")

    assert page.status_code == 200
    shown = found(page.text)
    if asked == "old%":
        assert shown == {"Horses": ["Olde Harbour 1 race", "Old Harbour 1 race"]}
    else:
        assert shown == {}
        assert "no word of a name or a title on any card here begins with it." in words(page.text)
    assert "<b>old" not in page.text
    assert "<script>alert" not in page.text
    assert '""' not in re.search(r'<input id="q".*?>', page.text)[0]  # type: ignore[index]


def test_races_are_found_by_the_words_of_their_titles_those_to_come_first(either_client: FlaskClient) -> None:
    titles = {"past": "The King's Stand Stakes", "older": "King's Cup", "next": "Kings of Wexmoor Handicap",
              "later": "The Old King Chase", "no": "Viking Stakes"}  # fmt: skip
    days = {"past": -2, "older": -9, "next": 1, "later": 3, "no": 2}
    for race_id, title in titles.items():
        a_race(race_id, title=title, off_time=datetime.now(UTC) + timedelta(days=days[race_id]))

    def races(asked: str) -> list[str]:
        groups = re.findall(r'aria-label="Races">(.*?)</section>', either_client.get(f"/search?q={asked}").text, re.S)
        return re.findall(r'href="/races/(\w+)"', "".join(groups))

    assert races("king") == ["next", "later", "past", "older"]
    assert races("King%27s+Sta") == ["past"]
    assert races("stakes") == ["no", "past"]
    assert races("wexmoor") == ["next"]


def test_meetings_to_come_stand_before_the_last_ones(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_MEETINGS", 3)
    days = [datetime.now(UTC) + timedelta(days=ahead) for ahead in (-20, -3, 0, 5)]
    for number, at in enumerate(days):
        a_race(f"race-{number}", off_time=at)

    page = client.get("/search?q=wex").text

    assert re.findall(r'href="/meetings/wexmoor-([\d-]+)"', page) == [
        f"{at.astimezone(LONDON):%Y-%m-%d}" for at in (days[2], days[3], days[1])
    ]
    assert found(page)["Courses"] == ["Wexmoor 4 meetings"]


def test_a_long_question_is_cut_and_a_full_list_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    declare(("Harbour Ash", "", ""), ("Harbour Bay", "", ""), ("Harbour Cob", "", ""))

    page = client.get("/search?q=harbour").text

    assert found(page)["Horses"] == ["Harbour Cob 1 race", "Harbour Bay 1 race"]
    assert page.count("There may be more: write more of the name.") == 1
    assert client.get(f"/search?q={'x' * 9000}").status_code == 200


def test_a_name_without_latin_letters_is_not_found_and_does_no_harm(client: FlaskClient) -> None:
    a_race()

    assert "Write at least two letters" in client.get("/search?q=%E9%A6%99%E6%B8%AF").text
