"""A price waited for: set by a form, told, armed again, taken away."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing.extensions import db
from racing.models import Role, User, Wanted
from racing.services import alerts, odds, price_alerts, races
from racing.statuses import RaceStatus
from racing.views.mine.alert_lines import first_choice
from tests.factories import RACE, a_race, a_user, quotes
from tests.support.kept import nothing_written
from tests.views.pages import send_form, sign_in

NEW = f"/my/alerts/new?race={RACE}&runner=1"


@pytest.fixture
def race(client: FlaskClient) -> str:
    """A race whose runner 1 is 4/1."""
    return a_race(prices={"1": "5", "2": "3"})


@pytest.fixture
def ann(race: str, client: FlaskClient) -> User:
    """A punter, signed in."""
    user = a_user(Role.PUNTER, "ann@example.org")
    sign_in(client, user)
    return user


def wait_for(client: FlaskClient, price: str, wanted: str = "bigger", runner: str = "1") -> TestResponse:
    return send_form(client, NEW, "/my/alerts", race=RACE, runner=runner, wanted=wanted, price=price)


def armed(user_id: int) -> list[tuple[Wanted, Decimal]]:
    db.session.rollback()
    return [(alert.wanted, alert.price) for alert in price_alerts.armed(user_id)]


def test_the_form_begins_at_the_step_beyond_the_present_price(ann: User, client: FlaskClient) -> None:
    page = client.get(NEW).text
    shorter = client.get(f"{NEW}&wanted=shorter").text

    assert "Tell me when Horse 1 is" in page
    assert '<option value="5.50" selected>9/2</option>' in page
    assert '<option value="4.50" selected>7/2</option>' in shorter
    assert '<span class="frac">4/1</span>' in page


@pytest.mark.parametrize(
    ("best", "bigger", "shorter"),
    [
        ("5", "5.50", "4.50"),
        ("5.03", "5.50", "5.00"),
        ("4.97", "5.00", "4.50"),
        ("1000", "201.00", "201.00"),
        (None, "6.00", "6.00"),
    ],
)
def test_the_first_choice_lies_on_the_side_that_is_waited_for(best: str | None, bigger: str, shorter: str) -> None:
    price = None if best is None else Decimal(best)
    assert first_choice(price, Wanted.BIGGER) == bigger
    assert first_choice(price, Wanted.SHORTER) == shorter


def test_the_steps_are_written_as_the_reader_writes_prices(ann: User, client: FlaskClient) -> None:
    send_form(client, "/settings", "/settings/odds-format", odds_format="american")
    assert '<option value="5.50" selected>+450</option>' in client.get(NEW).text


def test_an_alert_is_set_shown_and_taken_away(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id

    answer = wait_for(client, "6.00")

    assert (answer.status_code, answer.location) == (303, f"/races/{RACE}")
    page = client.get(NEW).text
    assert "You will be told when Horse 1 is 5/1 or bigger." in page
    assert "You wait for" in page
    assert armed(ann_id) == [(Wanted.BIGGER, Decimal("6.00"))]
    alert_id = price_alerts.armed(ann_id)[0].id
    assert send_form(client, "/my", f"/my/alerts/{alert_id}/remove").location == "/my"
    assert armed(ann_id) == []


def test_one_that_holds_already_is_told_at_once(ann: User, client: FlaskClient) -> None:
    wait_for(client, "4.50")
    page = client.get("/my").text
    assert "Horse 1 is 4/1 already: you were told at once." in page
    assert "data-unread>1<" in page


def test_one_that_was_told_is_armed_again(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id
    wait_for(client, "6.00")
    odds.change_prices(RACE, quotes({"1": "7"}), None)
    alerts.tell_due()
    odds.change_prices(RACE, quotes({"1": "5"}), None)
    page = client.get("/my").text
    assert "You wait for no price." in page
    assert "Arm again" in page
    alert_id = price_alerts.ended(ann_id)[0].id

    answer = send_form(client, "/my", f"/my/alerts/{alert_id}/arm")

    assert answer.location == "/my"
    assert armed(ann_id) == [(Wanted.BIGGER, Decimal("6.00"))]
    page = client.get("/my").text
    assert "You will be told when Horse 1 is 5/1 or bigger." in page
    assert "Arm again" not in page


def test_one_armed_again_while_its_price_is_there_says_when_it_counts(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id
    wait_for(client, "4.50")
    db.session.rollback()  # what the application has committed since
    alert_id = price_alerts.ended(ann_id)[0].id

    send_form(client, "/my", f"/my/alerts/{alert_id}/arm")

    page = client.get("/my").text
    again = "Horse 1 is 7/2 or bigger now. You will be told when it has been shorter and is 7/2 or bigger again."
    assert again in page
    assert "counts again once it has been shorter" in page
    odds.change_prices(RACE, quotes({"1": "4"}), None)
    alerts.tell_due()
    assert "counts again" not in client.get("/my").text


def test_one_whose_horse_came_out_is_closed_and_all_that_ended_go_together(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id
    wait_for(client, "4.50")  # told at once
    wait_for(client, "4.00", runner="2")
    wait_for(client, "9.00")
    races.withdraw(RACE, "2", None)
    alerts.tell_due()
    page = client.get("/my").text
    assert "Told or closed" in page
    assert "closed: non-runner" in page

    answer = send_form(client, "/my", "/my/alerts/remove-ended")

    assert answer.location == "/my"
    page = client.get("/my").text
    assert "They are removed. What you wait for stays." in page
    assert "Told or closed" not in page
    assert armed(ann_id) == [(Wanted.BIGGER, Decimal("9.00"))]


def test_one_that_did_not_come_says_why_it_is_closed(ann: User, client: FlaskClient) -> None:
    wait_for(client, "9.00")
    races.change_status(RACE, RaceStatus.ABANDONED, None)
    alerts.tell_due()
    assert "closed: called off" in client.get("/my").text


def test_what_is_refused_comes_back_with_a_sentence(ann: User, client: FlaskClient) -> None:
    with nothing_written():
        answers = [wait_for(client, price) for price in ("six", "", "0.5")]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert all('id="wrong-price"' in answer.text for answer in answers)
    with nothing_written():
        assert wait_for(client, "6.00", wanted="better").status_code == 422
        assert wait_for(client, "6.00", runner="99").status_code == 404
        assert client.get(f"/my/alerts/new?race={RACE}&runner=99").status_code == 404
        assert client.get("/my/alerts/new").status_code == 404


def test_for_a_non_runner_and_after_the_off_there_is_nothing_to_wait_for(ann: User, client: FlaskClient) -> None:
    races.withdraw(RACE, "2", None)
    assert "is a non-runner" in client.get(f"/my/alerts/new?race={RACE}&runner=2").text
    page = client.get(NEW)
    races.change_status(RACE, RaceStatus.OFF, None)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "race": RACE, "runner": "1", "wanted": "bigger", "price": "6.00"}
    with nothing_written():
        answer = client.post("/my/alerts", data=fields)
    assert answer.status_code == 409
    assert "until the off" in answer.text


def test_the_signed_out_are_led_to_sign_in_and_back(race: str, client: FlaskClient) -> None:
    answer = client.get(NEW)
    assert answer.status_code == 302
    assert answer.location == f"/login?next=/my/alerts/new?race%3D{RACE}%26runner%3D1"
    with nothing_written():
        answer = send_form(client, "/settings", "/my/alerts", race=RACE, runner="2", wanted="shorter", price="2.50")
    form = f"/my/alerts/new?race={RACE}&runner=2&wanted=shorter&price=2.50"
    query = parse_qs(urlsplit(answer.location).query)
    assert query == {"next": [form]}
    register = client.get(answer.location).text
    assert "Once you are signed in, you say which price to wait for." in register
    fields = {"email": "ann@example.org", "password": "going good to firm", "next": form}
    registered = send_form(client, "/register", "/register", **fields).location
    assert send_form(client, registered, "/login", **fields).location == form
    page = client.get(form).text
    assert '<option value="2.50" selected>' in page
    assert 'value="shorter" checked' in page


def test_without_a_runner_there_is_a_list_of_them(ann: User, client: FlaskClient) -> None:
    wait_for(client, "9.00")
    races.withdraw(RACE, "2", None)
    page = client.get(f"/my/alerts/new?race={RACE}").text

    assert f'href="/my/alerts/new?race={RACE}&amp;runner=1"' in page
    assert '<span class="frac">4/1</span>' in page
    assert page.count('<span class="tag">waiting</span>') == 1
    assert "runner=2" not in page
    races.change_status(RACE, RaceStatus.OFF, None)
    assert client.get(f"/my/alerts/new?race={RACE}").status_code == 409
    assert client.get("/my/alerts/new?race=nowhere").status_code == 404
