"""Race control without a browser: what the rules allow is offered, what has no way back is asked about, and undone."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from racing.extensions import db
from racing.models import AuditEntry
from racing.services import boards, odds, races
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import OFF_TIME, RACE, a_race, a_user, quotes
from tests.support.kept import nothing_written
from tests.views.pages import send_form, sign_in

PAGE = f"/staff/races/{RACE}"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MEETING = "/staff/meetings/wexmoor-2030-06-01"


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A client of staff, on a house with one priced race."""
    sign_in(client, a_user())
    a_race(prices={"1": "2.5", "2": "4", "3": "9"})
    return client


def state() -> dict[str, object]:
    return dict(boards.board(RACE)["race"])


def offered(desk: FlaskClient) -> list[str]:
    buttons = re.findall(r'name="status" value="(\w+)"|/status/(\w+)"', desk.get(PAGE).text)
    return [plain or asked for plain, asked in buttons]


def test_what_may_follow_is_offered_the_likely_one_first(desk: FlaskClient) -> None:
    races.change_status(RACE, RaceStatus.UNDERORDERS, None)

    assert offered(desk) == ["OFF", "FINISHED", "PHOTOGRAPH", "DELAYED", "FALSESTART", "ABANDONED", "RACEVOID"]
    assert send_form(desk, PAGE, f"{PAGE}/status", status="OFF").status_code == 303
    assert state()["status"] == "OFF"
    refused = send_form(desk, PAGE, f"{PAGE}/status", status="PARADING")
    assert (refused.status_code, "A race that is off cannot become parading." in refused.text) == (409, True)


@pytest.mark.parametrize("final", ["ABANDONED", "RACEVOID"])
def test_what_has_no_way_back_is_never_one_click(desk: FlaskClient, final: str) -> None:
    with nothing_written():
        asked = send_form(desk, PAGE, f"{PAGE}/status", status=final)
    assert (asked.status_code, "sure?" in asked.text) == (422, True)

    asks = f"{PAGE}/status/{final}"
    assert send_form(desk, asks, f"{PAGE}/status", status=final, sure="yes").status_code == 303

    assert state()["status"] == final
    assert desk.get(asks).status_code == 409


def test_the_last_change_is_offered_in_words_and_taken_back(desk: FlaskClient) -> None:
    assert "Undo" not in desk.get(PAGE).text
    send_form(desk, PAGE, f"{PAGE}/betting", betting="suspended")
    page = desk.get(PAGE).text
    assert re.search(r"Undo: Betting suspended, \d\d:\d\d by you<", page)
    entry = re.search(r'name="entry" value="(\d+)"', page)
    assert entry is not None

    assert send_form(desk, PAGE, f"{PAGE}/undo", entry=entry[1]).status_code == 303
    assert state()["betting"] == "open"

    with nothing_written():
        again = send_form(desk, PAGE, f"{PAGE}/undo", entry=entry[1])
    assert (again.status_code, "taken back already" in again.text) == (409, True)
    assert send_form(desk, PAGE, f"{PAGE}/undo", entry="x").status_code == 422


def test_what_cannot_be_taken_back_says_why(desk: FlaskClient) -> None:
    races.change_status(RACE, RaceStatus.ABANDONED, a_user(email="jo@example.org"), LONG_AGO)

    page = desk.get(PAGE).text

    assert "Abandoned, " in page
    assert "by jo@…. The race is abandoned for more than 10 minutes: that stands." in page
    assert "data-undo" not in page


def test_every_kind_of_change_has_words(desk: FlaskClient) -> None:
    staff = a_user(email="jo@example.org")
    odds.change_prices(RACE, quotes({"1": "3"}, "tote"), staff)
    assert "Undo: Horse 1 2/1 at Tote, " in desk.get(PAGE).text
    odds.change_prices(RACE, quotes({"1": "3.5", "2": None}, "tote"), staff)
    said = ["1 price"]
    for change in (
        lambda: races.change_off_time(RACE, OFF_TIME + timedelta(minutes=5), staff),
        lambda: races.withdraw(RACE, "4", staff),
        lambda: races.reinstate(RACE, "4", staff),
        lambda: races.change_status(RACE, RaceStatus.OFF, staff),
        lambda: races.declare_result(RACE, [Placing("1", 1)], staff),
        lambda: races.declare_result(RACE, [Placing("2", 1)], staff),
        lambda: races.change_enquiry(RACE, True, staff),
    ):
        change()
        found = re.search(r"Undo: (.+?), \d\d:\d\d by jo@…", desk.get(PAGE).text)
        assert found is not None
        said.append(found[1])
    assert said[1:] == [
        "Off at 14:10", "Horse 4 taken out", "Horse 4 put back", "Off", "Result declared", "Result amended",
        "Stewards&#39; enquiry announced",
    ]  # fmt: skip


def test_betting_off_time_and_enquiry_are_set(desk: FlaskClient) -> None:
    send_form(desk, PAGE, f"{PAGE}/betting", betting="suspended")
    send_form(desk, PAGE, f"{PAGE}/off-time", off_time="2030-06-01T14:35")
    send_form(desk, PAGE, f"{PAGE}/enquiry", enquiry="on")
    refused = send_form(desk, PAGE, f"{PAGE}/off-time", off_time="soon")

    assert (refused.status_code, 'value="soon"' in refused.text) == (422, True)
    told = state()
    assert (told["betting"], told["offTime"], told["enquiry"]) == ("suspended", "2030-06-01T13:35:00.000Z", True)


def test_a_runner_comes_out_with_what_follows_shown_and_goes_back(desk: FlaskClient) -> None:
    asks = f"{PAGE}/runners/1/withdraw"
    page = desk.get(asks).text
    assert "<dt>Rule 4 for it</dt><dd>40p</dd>" in page
    assert "<td>3/1</td><td><b>9/5</b></td>" in page

    with nothing_written():
        unasked = send_form(desk, asks, asks, pence="40")
        moved = send_form(desk, asks, asks, pence="45", others="cut")
    assert (unasked.status_code, moved.status_code) == (422, 409)
    assert 'value="cut" required checked' in moved.text
    assert send_form(desk, asks, asks, pence="40", others="removed").status_code == 303
    assert {entry["price"] for entry in boards.board(RACE)["odds"]} == {None}
    assert desk.get(asks).status_code == 409

    back = f"{PAGE}/runners/1/reinstate"
    assert "came out at" in desk.get(back).text
    assert send_form(desk, back, back).status_code == 303
    assert boards.board(RACE)["book"]["rule4"] == 0


def test_a_result_is_looked_at_refused_beside_its_field_and_declared(desk: FlaskClient) -> None:
    asks = f"{PAGE}/result"
    typed = {"position-1": "1", "sp-1": "8/1", "position-3": "1", "position-2": "3"}
    with nothing_written():
        gap = send_form(desk, asks, asks, **{"position-1": "1", "position-2": "3"})
        wrong = send_form(desk, asks, asks, **{**typed, "sp-1": "banana"})
        looked = send_form(desk, asks, asks, do="look", **typed)
        filled = send_form(desk, asks, asks, do="fill", **typed)
        early = send_form(desk, asks, asks, do="declare", **typed)
    assert (gap.status_code, wrong.status_code, early.status_code) == (422, 422, 422)
    assert 'value="banana"' in wrong.text
    assert 'id="wrong-1"' in wrong.text
    assert '1st, dead heat</b> Horse 1 <span class="quiet">SP 8/1</span>' in looked.text
    assert re.search(r'name="sp-3" value="8/1"', filled.text)
    assert re.search(r'name="sp-1" value="8/1"', filled.text)
    assert "not off yet" in early.text

    assert send_form(desk, asks, asks, do="declare", sure="yes", **typed).status_code == 303

    placings = [(each["runnerId"], each["position"]) for each in state()["result"]["placings"]]  # type: ignore[index]
    assert placings == [("1", 1), ("3", 1), ("2", 3)]
    assert send_form(desk, asks, asks, do="declare", **{"position-2": "1"}).status_code == 303


def test_a_result_that_somebody_else_wrote_meanwhile_is_shown_not_written_over(desk: FlaskClient) -> None:
    asks, mine = f"{PAGE}/result", {"do": "declare", "sure": "yes", "position-1": "1"}
    mine["stood"] = stood_in(desk.get(asks).text)
    races.declare_result(RACE, [Placing("2", 1)], None)

    with nothing_written():
        refused = send_form(desk, asks, asks, **mine)
        nonsense = send_form(desk, asks, asks, **{**mine, "stood": "[{}]"})
    assert (refused.status_code, nonsense.status_code) == (409, 422)
    assert "Somebody else wrote the result meanwhile" in refused.text
    assert "<b>1st</b> Horse 2" in refused.text
    assert 'name="position-1" value="1"' in refused.text

    again = {**mine, "stood": stood_in(refused.text)}
    assert send_form(desk, asks, asks, **again).status_code == 303
    assert send_form(desk, asks, asks, **again).status_code == 303, "twice the same is no conflict"


def stood_in(page: str) -> str:
    found = re.search(r'name="stood" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_weighed_in_a_result_is_text(desk: FlaskClient) -> None:
    races.declare_result(RACE, [Placing("2", 1)], None)
    assert "Amend the result" in desk.get(PAGE).text
    races.change_status(RACE, RaceStatus.WEIGHEDIN, None)

    page = desk.get(f"{PAGE}/result").text

    assert "<b>1st</b> Horse 2" in page
    assert '<input class="entry"' not in page
    assert "Take out" not in desk.get(PAGE).text


def test_a_meeting_is_put_back_and_abandoned_as_one(desk: FlaskClient) -> None:
    a_race("wexmoor-1440", off_time=OFF_TIME + timedelta(minutes=35))
    assert f'href="{MEETING}"' in desk.get("/staff/").text
    for typed in ("soon", "0", "9999"):
        refused = send_form(desk, MEETING, f"{MEETING}/delay", minutes=typed)
        assert (refused.status_code, f'value="{typed}"' in refused.text) == (422, True)

    assert send_form(desk, MEETING, f"{MEETING}/delay", minutes="15").status_code == 303
    assert state()["offTime"] == "2030-06-01T13:20:00.000Z"

    asks = f"{MEETING}/abandon"
    with nothing_written():
        assert desk.post(asks, data={}).status_code == 400
    assert "14:20 The Harbour Lights Stakes" in desk.get(asks).text
    assert send_form(desk, asks, asks, sure="yes").status_code == 303
    assert state()["status"] == "ABANDONED"
    assert "No race of it is still to be run" in desk.get(MEETING).text
    with nothing_written():
        assert (
            send_form(desk, MEETING if "csrf" in desk.get(MEETING).text else asks, asks, sure="yes").status_code == 409
        )


def test_the_desk_says_what_is_to_be_done_next(desk: FlaskClient, app: Flask) -> None:
    for place, status in enumerate(("FINISHED", "RESULT", "WEIGHEDIN")):
        race_id = a_race(f"race-{place}", off_time=OFF_TIME + timedelta(minutes=place + 1))
        races.change_status(race_id, RaceStatus.FINISHED, None)
        if status != "FINISHED":
            races.declare_result(race_id, [Placing("1", 1)], None)
        if status == "WEIGHEDIN":
            races.change_status(race_id, RaceStatus.WEIGHEDIN, None)

    todo = re.findall(r'<a class="target todo" href="[^"]+">([^<]+)<span class="vh">', desk.get("/staff/").text)

    assert todo == ["Parading", "Declare the result", "Weigh in"]
    assert db.session.scalars(select(AuditEntry)).all() == []
