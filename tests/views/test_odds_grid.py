"""The odds grid as a plain form: what is typed is written, or comes back with the reason, and nothing is written."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from racing.extensions import db
from racing.models import AuditEntry
from racing.services import boards, odds, races, suspensions
from racing.statuses import Betting
from tests.factories import RACE, a_quote, a_race, a_user, quotes
from tests.support.kept import nothing_written, rows_of
from tests.views.pages import sign_in

PAGE, ODDS = f"/staff/races/{RACE}", f"/staff/races/{RACE}/odds"
_INPUT = re.compile(r"<input\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A member of staff signed in; the house and the tote price three of a race's runners, all of the tote's."""
    a_race(runners=3, prices={"1": "2", "2": "4", "3": "4"})
    odds.change_prices(RACE, quotes({"1": "2.1", "2": "3.6", "3": "4"}, "tote"), None)
    sign_in(client, a_user())
    return client


def fields(page: TestResponse) -> MultiDict[str, str]:
    """Return what a browser would send of the odds form as it is drawn; boxes are not ticked."""
    form = page.text.partition(" data-odds-form ")[2].partition("</form>")[0]
    inputs = [dict(_ATTRIBUTE.findall(found)) for found in _INPUT.findall(form)]
    named = [each for each in inputs if "name" in each and each.get("type") != "checkbox"]
    return MultiDict([(each["name"], html.unescape(each.get("value", ""))) for each in named])


def typed(page: TestResponse, **cells: str) -> MultiDict[str, str]:
    """Return the form with prices typed into it: `tote_1="5/2"`; other names are of other fields."""
    form = fields(page)
    for name, text in cells.items():
        maker, _, runner = name.rpartition("_")
        form[f"price-{runner}.{maker}" if maker else name] = text
    return form


def shown() -> dict[tuple[str, str], float | None]:
    """Return what punters see: (runner, bookmaker) -> price."""
    return {(entry["runnerId"], entry["bookmaker"]): entry["price"] for entry in boards.board(RACE)["odds"]}


def test_prices_of_several_bookmakers_are_written_as_traders_type_them(desk: FlaskClient) -> None:
    form = typed(desk.get(PAGE), house_1="10-11", house_2="+1", tote_1="2.2", tote_3="")

    answer = desk.post(ODDS, data=form)

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert shown().items() >= {
        ("1", "house"): 1.91, ("2", "house"): 4.33, ("1", "tote"): 2.2, ("3", "tote"): None, ("2", "tote"): 3.6,
    }.items()  # fmt: skip
    assert "4 prices are written." in desk.get(PAGE).text
    assert boards.board(RACE)["version"] == 3


def test_a_bad_price_is_told_beside_its_field_and_nothing_is_written(desk: FlaskClient) -> None:
    form = typed(desk.get(PAGE), house_1="banana", tote_2="9/2")

    with nothing_written():
        answer = desk.post(ODDS, data=form)

    assert answer.status_code == 422
    assert "House: &#39;banana&#39; is not a price." in answer.text
    assert re.search(
        r'name="price-1.house" value="banana"[^>]* aria-invalid="true" aria-describedby="wrong-1.house ', answer.text
    )
    assert fields(answer)["price-2.tote"] == "9/2"


def test_a_price_that_moved_meanwhile_comes_back_with_both_and_is_written_the_second_time(desk: FlaskClient) -> None:
    form = typed(desk.get(PAGE), house_1="4/5", tote_2="12/5")
    odds.change_prices(RACE, [a_quote("1", "1.91"), a_quote("3", "3.75")], None)

    with nothing_written():
        answer = desk.post(ODDS, data=form)

    assert answer.status_code == 409
    again = fields(answer)
    assert (again["price-1.house"], again["price-2.tote"], again["price-3.house"]) == ("4/5", "12/5", "11/4")
    assert "now 10/11" in answer.text
    assert desk.post(ODDS, data=again).status_code == 303
    assert shown().items() >= {("1", "house"): 1.8, ("2", "tote"): 3.4, ("3", "house"): 3.75}.items()


def test_untouched_prices_are_not_written_and_a_form_posted_twice_writes_once(desk: FlaskClient) -> None:
    form = typed(desk.get(PAGE), house_2="11/4")
    odds.change_prices(RACE, quotes({"1": "1.91"}), None)

    assert [desk.post(ODDS, data=form).status_code for _ in range(2)] == [303, 303]

    assert (shown()["1", "house"], boards.board(RACE)["version"]) == (1.91, 4)


def test_what_looks_like_a_slip_is_asked_about_and_just_that_may_be_written(desk: FlaskClient) -> None:
    form = typed(desk.get(PAGE), house_2="2/1", house_3="11/4")

    with nothing_written():
        answer = desk.post(ODDS, data=form)
        other = fields(answer)
        keys = re.findall(r'name="sure" value="([^"]+)"', answer.text)
        other["price-2.house"], other["sure"] = "1/1", keys[0]
        again = desk.post(ODDS, data=other)

    assert (answer.status_code, again.status_code) == (409, 409)
    assert "Horse 2 at House goes from 3/1 to 2/1: its chance rises by 33%." in answer.text
    sure = fields(answer)
    sure["sure"] = keys[0]
    assert desk.post(ODDS, data=sure).status_code == 303
    assert shown().items() >= {("2", "house"): 3.0, ("3", "house"): 3.75}.items()


def test_one_more_bookmaker_gets_a_column_and_what_is_typed_stays(desk: FlaskClient) -> None:
    with nothing_written():
        answer = desk.post(ODDS, data=typed(desk.get(PAGE), tote_1="evs", another="Bet Corner"))

    form = fields(answer)
    assert (form["price-1.tote"], form["price-1.bet-corner"]) == ("evs", "")
    form["price-1.bet-corner"] = "5/4"
    assert desk.post(ODDS, data=form).status_code == 303
    assert shown().items() >= {("1", "tote"): 2.0, ("1", "bet-corner"): 2.25}.items()


def test_a_bookmaker_is_taken_off_and_put_back_beside_what_is_typed(desk: FlaskClient) -> None:
    off = desk.post(f"{PAGE}/bookmakers/tote/suspend", data=typed(desk.get(PAGE), tote_1="evs", house_1="10/11"))

    assert (off.status_code, shown()["1", "tote"]) == (200, None)
    form = fields(off)
    assert (form["price-1.tote"], form["price-2.tote"], form["price-1.house"]) == ("evs", "13/5", "10/11")
    assert desk.post(ODDS, data=form).status_code == 303
    assert "2 prices are written. Those of Tote are held until it is back." in desk.get(PAGE).text
    assert shown().items() >= {("1", "tote"): None, ("1", "house"): 1.91}.items()

    back = desk.post(f"{PAGE}/bookmakers/tote/reopen", data=typed(desk.get(PAGE)))
    assert "Tote is back" in back.text
    assert (shown()["1", "tote"], shown()["2", "tote"]) == (2.0, 3.6)
    assert desk.post(f"{PAGE}/bookmakers/nobody/suspend", data=fields(back)).status_code == 404


def test_a_held_price_that_another_trader_changed_comes_back_with_both(desk: FlaskClient) -> None:
    suspensions.suspend_bookmaker(RACE, "tote", None)
    form = typed(desk.get(PAGE), tote_1="evs")
    odds.change_prices(RACE, quotes({"1": "2.05"}, "tote"), None)

    answer = desk.post(ODDS, data=form)

    assert (answer.status_code, "now 2.05" in answer.text) == (409, True)
    assert desk.post(ODDS, data=fields(answer)).status_code == 303
    suspensions.reopen_bookmaker(RACE, "tote", None)
    assert shown()["1", "tote"] == 2.0


def test_the_betting_is_suspended_for_all_and_what_is_typed_stays(desk: FlaskClient) -> None:
    answer = desk.post(f"{ODDS}/betting", data=typed(desk.get(PAGE), tote_1="9/4", betting="suspended"))

    assert (fields(answer)["price-1.tote"], boards.board(RACE)["race"]["betting"]) == ("9/4", "suspended")


def test_a_closed_race_shows_its_prices_and_takes_none(desk: FlaskClient) -> None:
    form = typed(desk.get(PAGE), tote_1="9/4")
    races.change_betting(RACE, Betting.CLOSED, None)

    with nothing_written():
        refused = desk.post(ODDS, data=form)

    page = desk.get(PAGE).text
    assert (refused.status_code, 'name="price-' in page, "13/5" in page) == (409, False, True)


@pytest.mark.parametrize("seen", ["", "11/4", "11/4@", "11/4@-1", "@seven", "x@7", "@" + "9" * 30])
def test_a_form_that_does_not_say_what_it_shows_is_refused(seen: str, desk: FlaskClient) -> None:
    form = typed(desk.get(PAGE), tote_1="9/4")
    form["seen-1.tote"] = seen

    with nothing_written():
        assert desk.post(ODDS, data=form).status_code == 422


def test_a_write_is_on_record_as_one_with_the_way_it_came(desk: FlaskClient) -> None:
    desk.post(ODDS, data=typed(desk.get(PAGE), tote_1="evs", house_1="10/11"))

    assert rows_of(AuditEntry) == 1
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.source, len(entry.before["prices"])) == ("prices", "form", 2)
