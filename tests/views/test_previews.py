"""What a shared link says: the race and its favourite, while it is to come; what became of it, afterwards."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.services import races
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, an_article

_NAMED = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
MEETING = "/meetings/wexmoor-2030-06-01"


def told(client: FlaskClient, path: str, **more: str) -> dict[str, str]:
    """What the head of a page says to whoever shows a link to it."""
    page = client.get(path, **more).text  # type: ignore[arg-type]
    canonical = re.search(r'<link rel="canonical" href="([^"]+)">', page)
    named = {name: unescape(content) for name, content in _NAMED.findall(page)}
    return {**named, "canonical": canonical[1] if canonical else ""}


def test_a_race_to_come_is_told_with_its_field_and_its_favourite(client: FlaskClient) -> None:
    a_race(prices={"1": "3.25", "2": "5", "3": None}, distance="1m2f", going="Good")

    preview = told(client, f"/races/{RACE}")

    assert preview["og:title"] == "14:05 Wexmoor: The Harbour Lights Stakes"
    said = r"Sat 1 Jun 2030\. 4 runners, 1m2f, Good\. Favourite Horse 1 9/4 at \d\d:\d\d\."
    assert re.fullmatch(said, preview["og:description"])
    assert preview["description"] == preview["og:description"]


def test_joint_favourites_are_told_together_and_a_non_runner_is_none(client: FlaskClient) -> None:
    a_race(prices={"1": "2", "2": "5", "3": "5"})
    races.withdraw(RACE, "1", None)

    assert "3 runners. Joint favourites Horse 2 and Horse 3 4/1" in told(client, f"/races/{RACE}")["og:description"]


def test_a_race_that_is_over_is_told_by_its_result(client: FlaskClient) -> None:
    a_race(prices={"1": "2", "2": "5"})
    races.declare_result(RACE, [Placing("2", 1, None), Placing("1", 2, None), Placing("4", 2, None)], None)

    assert told(client, f"/races/{RACE}")["og:description"].endswith("Result: 1 Horse 2, 2 Horse 1, 2 Horse 4.")


def test_an_abandoned_race_names_no_favourite(client: FlaskClient) -> None:
    a_race(prices={"1": "2"})
    races.change_status(RACE, RaceStatus.ABANDONED, None)

    assert told(client, f"/races/{RACE}")["og:description"] == "Sat 1 Jun 2030. 4 runners. Abandoned."


def test_a_race_without_prices_or_anything_else_is_told_all_the_same(client: FlaskClient) -> None:
    a_race(runners=1, title='The <Best> & "Only"')

    preview = told(client, f"/races/{RACE}")

    assert preview["og:title"] == '14:05 Wexmoor: The <Best> & "Only"'
    assert preview["og:description"] == "Sat 1 Jun 2030. 1 runner."


def test_a_meeting_and_an_article_are_told(client: FlaskClient) -> None:
    a_race()
    an_article("Rain at Wexmoor", RACE)

    meeting, article = told(client, MEETING), told(client, "/news/rain-at-wexmoor")

    assert meeting["og:title"] == "Racing at Wexmoor, Saturday 1 June 2030"
    assert meeting["og:description"].startswith("One race, at 14:05")
    assert (article["og:title"], article["og:description"]) == ("Rain at Wexmoor", "The going eases.")
    assert (article["og:type"], meeting["og:type"]) == ("article", "website")
    assert article["article:published_time"]


@pytest.mark.parametrize("path", [f"/races/{RACE}", MEETING, "/news", "/news/rain-at-wexmoor"])
def test_addresses_are_whole_and_the_picture_is_there(path: str, client: FlaskClient) -> None:
    a_race()
    an_article()

    preview = told(client, f"{path}?utm_source=chat", base_url="https://offtime.test")

    assert preview["og:url"] == preview["canonical"] == f"https://offtime.test{path}"
    assert preview["og:image"].startswith("https://offtime.test/static/")
    assert client.get(preview["og:image"].removeprefix("https://offtime.test")).status_code == 200


def test_the_picture_is_as_large_as_it_is_said_to_be_and_light(app: Flask) -> None:
    picture = Path(app.root_path, "static", "share.png").read_bytes()

    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
    assert len(picture) < 50_000


@pytest.mark.parametrize(
    ("path", "title", "substance"),
    [
        ("/", "Next races", "countdown"),
        ("/?country=GB", "Next races", "countdown"),
        ("/meetings/2030-06-01", "Meetings, Saturday 1 June 2030", "course"),
        ("/results/2030-06-01", "Results, Saturday 1 June 2030", "starting prices"),
        ("/non-runners/2030-06-01", "Non-runners, Saturday 1 June 2030", "Rule 4"),
        ("/movers", "Movers", "chance"),
        ("/courses/wexmoor", "Wexmoor", "meetings at Wexmoor"),
        ("/horses/horse-1", "Horse 1", "Where Horse 1 runs next"),
    ],
)
def test_a_list_says_what_it_lists_whatever_it_is_narrowed_to(
    path: str, title: str, substance: str, client: FlaskClient
) -> None:
    a_race()

    preview = told(client, path)

    assert preview["og:title"].startswith(title)
    assert substance in preview["description"]
    assert preview["canonical"] == f"http://localhost{path.split('?')[0]}"
