"""Cards on the desk: declared, edited, imported and cloned by forms that need no script."""

import html
import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.extensions import db
from racing.models import Race, Role, Runner
from racing.services import racecards, races
from racing.services.card_edits import FieldChange, edit_card
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, a_user
from tests.feeds.world_card import world_csv
from tests.support.kept import nothing_written, rows_of
from tests.views.pages import send_form, sign_in

NEW, IMPORT, CLONE, CARD = "/staff/cards/new", "/staff/cards/import", "/staff/cards/clone", f"/staff/cards/{RACE}"
HEAD = "course,offTime,title,name,draw"
GOOD = f"{HEAD}\nWexmoor,2030-06-01 14:05,The Lights,=Falcon,4\nWexmoor,2030-06-01 14:05,,Otter,\n"
BAD = f"{GOOD}Wexmoor,2030-06-01 14:40,The Next,,100\n"
NEW_RACE = {
    "course": "Wexmoor", "offTime": "2030-06-01T14:05", "timeZone": "Europe/London", "title": "The Lights",
    "do": "save",
    "runner-0-name": "Paper Falcon", "runner-0-draw": "4", "runner-3-name": "Velvet Otter", "runner-3-claim": "",
}  # fmt: skip


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A client signed in as staff."""
    sign_in(client, a_user())
    db.session.rollback()  # what requests write is to be seen
    return client


def held(page: str, field: str) -> str:
    """What a field of a page holds."""
    found = re.search(rf'name="{re.escape(field)}" value="([^"]*)"', page)
    assert found is not None, f"no field {field}"
    return html.unescape(found[1])


def fields_of(page: str) -> dict[str, str]:
    """Every field of the card's form, as a browser would send it."""
    names = re.findall(r'<input[^>]*\bname="([^"]+)" value="', page)
    return {name: held(page, name) for name in names if name != "csrf_token"} | {"do": "save"}


def test_a_race_is_declared_and_its_card_opened(desk: FlaskClient) -> None:
    answer = send_form(desk, NEW, NEW, **NEW_RACE)

    assert (answer.status_code, answer.location) == (303, "/staff/cards/wexmoor-2030-06-01-1405")
    declared = racecards.card("wexmoor-2030-06-01-1405")
    assert [(one.runner_id, one.draw) for one in declared.runners] == [("paper-falcon", 4), ("velvet-otter", None)]
    assert "The Lights" in desk.get("/staff/cards?day=2030-06-01").text


@pytest.mark.parametrize(
    ("typed", "place", "sentence"),
    [
        ({"runner-3-claim": "11"}, "runner-3-claim", "1 to 10 pounds"),
        ({"course": " "}, "course", "This is needed"),
        ({"offTime": ""}, "offTime", "Write the off time"),
        ({"runner-0-name": "", "runner-0-draw": "", "runner-3-name": ""}, "runner-0-name", "Name a horse"),
    ],
)
def test_what_is_wrong_comes_back_beside_its_field(
    desk: FlaskClient, typed: dict[str, str], place: str, sentence: str
) -> None:
    with nothing_written():
        answer = send_form(desk, NEW, NEW, **{**NEW_RACE, **typed})

    assert answer.status_code == 422
    assert re.search(rf'id="beside-{place}">[^<]*{sentence}', answer.text)
    assert held(answer.text, "title") == "The Lights"


def test_a_second_race_at_the_same_time_is_refused_and_more_rows_keep_what_was_typed(desk: FlaskClient) -> None:
    send_form(desk, NEW, NEW, **NEW_RACE)
    with nothing_written():
        twice = send_form(desk, NEW, NEW, **{**NEW_RACE, "course": "wexmoor"})
        more = send_form(desk, NEW, NEW, **{**NEW_RACE, "do": "rows"})

    assert (twice.status_code, more.status_code) == (422, 200)
    assert "has a race at that time already" in twice.text
    assert held(more.text, "runner-3-name") == "Velvet Otter"
    assert held(more.text, "runner-7-name") == ""


def test_a_card_is_edited_and_gets_a_runner_more(desk: FlaskClient) -> None:
    a_race()
    form = fields_of(desk.get(CARD).text)

    answer = send_form(
        desk, CARD, CARD, **{**form, "going": "Soft", "runner-1-jockey": "T Doyle", "runner-9-name": "Late One"}
    )

    assert answer.status_code == 303
    race = racecards.card(RACE)
    assert (race.version, race.going, race.runners[1].jockey) == (1, "Soft", "T Doyle")
    assert (race.runners[-1].name, race.runners[-1].runner_id) == ("Late One", "late-one")
    with nothing_written():
        again = send_form(desk, CARD, CARD, **fields_of(desk.get(CARD).text))
        wrong = send_form(desk, CARD, CARD, **{**fields_of(desk.get(CARD).text), "runner-0-age": "x"})
        no_form = send_form(desk, CARD, CARD, going="Heavy")
        deep = send_form(desk, CARD, CARD, seen="[" * 5000)
        half = send_form(desk, CARD, CARD, seen='{"": {"going": "\\ud800"}}')
    assert (again.status_code, wrong.status_code, no_form.status_code) == (303, 422, 422)
    assert (deep.status_code, half.status_code) == (422, 422)
    assert held(wrong.text, "runner-0-age") == "x"


def test_a_stale_form_comes_back_with_both_values(desk: FlaskClient) -> None:
    a_race()
    form = fields_of(desk.get(CARD).text)
    edit_card(RACE, [FieldChange(None, "going", "", "Soft"), FieldChange("1", "trainer", "", "M Vance")], [], None)

    with nothing_written():
        stale = send_form(desk, CARD, CARD, **{**form, "going": "Heavy", "prize": "£9"})

    assert stale.status_code == 409
    assert "Now Soft; it was nothing when you opened the form." in stale.text
    assert (held(stale.text, "going"), held(stale.text, "prize")) == ("Heavy", "£9")
    seen_now = {**fields_of(stale.text)}
    assert send_form(desk, CARD, CARD, **seen_now).status_code == 303
    race = racecards.card(RACE)
    assert (race.going, race.prize) == ("Heavy", "£9")


def test_a_file_is_looked_at_then_imported_exactly_so(desk: FlaskClient) -> None:
    with nothing_written():
        looked = send_form(desk, IMPORT, IMPORT, do="look", file=(io.BytesIO(GOOD.encode()), "card.csv"))
    mark = held(looked.text, "mark")
    assert "1 meeting, 1 race and 2 runners" in looked.text
    with nothing_written():
        changed = send_form(desk, IMPORT, IMPORT, do="import", mark=mark, text=GOOD.replace("Otter", "Adder"))
    imported = send_form(desk, IMPORT, IMPORT, do="import", mark=mark, text=GOOD)

    assert (looked.status_code, changed.status_code, imported.status_code) == (200, 409, 303)
    assert imported.location == "/staff/cards?day=2030-06-01"
    assert [runner.name for runner in racecards.card("wexmoor-2030-06-01-1405").runners] == ["=Falcon", "Otter"]
    again = send_form(desk, IMPORT, IMPORT, do="look", text=GOOD)
    assert "is on the site already and stays as it is" in html.unescape(again.text)


def test_a_file_with_bad_lines_names_each_and_cannot_be_imported(desk: FlaskClient) -> None:
    with nothing_written():
        looked = send_form(desk, IMPORT, IMPORT, do="look", text=BAD)
        forced = send_form(desk, IMPORT, IMPORT, do="import", mark="0" * 64, text=BAD)
        empty = send_form(desk, IMPORT, IMPORT, do="look", text=" ")
        too_long = send_form(desk, IMPORT, IMPORT, do="look", text=GOOD + "x" * 1_000_000)

    assert [answer.status_code for answer in (looked, forced, empty, too_long)] == [422] * 4
    for place, sentence in (("Line 4, name", "This is needed."), ("Line 4, draw", "A whole number from 1 to 99.")):
        assert f"<b>{place}</b> {sentence}" in looked.text
    assert 'value="import"' not in looked.text
    assert "more than 1 MB" in too_long.text


def test_a_real_day_of_942_runners_is_imported_in_two_seconds(
    either_app: Flask, either_client: FlaskClient, racing_data: Path
) -> None:
    sign_in(either_client, a_user())
    text = world_csv(racing_data)

    def send(**fields: Any) -> Any:
        return send_form(either_client, IMPORT, IMPORT, text=text, **fields)

    looked = send(do="look")
    began = time.process_time()  # what others do on this machine meanwhile is not ours
    imported = send(do="import", mark=held(looked.text, "mark"))
    took = time.process_time() - began

    assert (looked.status_code, imported.status_code) == (200, 303)
    assert (rows_of(Race), rows_of(Runner)) == (100, 942)
    assert took < 2, took


def test_a_day_is_cloned_by_the_clock_of_its_course_without_what_became_of_it(desk: FlaskClient) -> None:
    a_race(prices={"1": "2.5"})
    races.withdraw(RACE, "2", None)
    races.change_status(RACE, RaceStatus.OFF, None)
    days = {"day": "2030-06-01", "onto": "2030-12-01"}  # summer time there, winter time here
    at = f"{CLONE}?day=2030-06-01&onto=2030-12-01"
    page = desk.get(at).text

    cloned = send_form(desk, at, CLONE, **days, mark=held(page, "mark"))

    assert (cloned.status_code, cloned.location) == (303, "/staff/cards?day=2030-12-01")
    race = racecards.card("wexmoor-2030-12-01-1405")
    assert race.off_time.isoformat() == "2030-12-01T14:05:00+00:00"
    assert (race.version, race.status, {runner.status for runner in race.runners}) == (0, "DORMANT", {"ACTIVE"})
    assert [runner.prices for runner in race.runners] == [[], [], [], []]
    with nothing_written():
        again = send_form(desk, at, CLONE, **days, mark=held(page, "mark"))
    assert again.status_code == 422
    assert "wexmoor-2030-12-01-1405" in again.text


def test_cards_are_for_staff(client: FlaskClient) -> None:
    a_race()
    sign_in(client, a_user(Role.FEED))

    for path in ("/staff/cards", NEW, IMPORT, CLONE, CARD):
        assert client.get(path).status_code == 403
