"""How a reader wants prices and times: kept with the signed-in, else on the device."""

import re
from datetime import time

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing.extensions import db
from racing.models import OddsFormat, PopUps, Role, Theme, User, UserSettings
from racing.services import user_settings
from racing.services.user_settings import Chosen
from tests.factories import a_user
from tests.support.kept import nothing_written
from tests.views.pages import send_form, sign_in

WANTED = {"odds_format": "american", "theme": "dark", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def ann(client: FlaskClient) -> User:
    """A punter, signed in."""
    user = a_user(Role.PUNTER, "ann@example.org")
    sign_in(client, user)
    return user


def kept(user_id: int) -> UserSettings:
    db.session.rollback()  # what the application has committed since
    chosen = user_settings.of_user(user_id)
    assert chosen is not None
    return chosen


def choose(client: FlaskClient, **more: str) -> TestResponse:
    return send_form(client, "/settings", "/settings", **{**WANTED, **more})


def test_the_signed_out_choose_for_this_device(client: FlaskClient) -> None:
    with nothing_written():
        answer = choose(client, quiet_from="22:00", quiet_until="07:00")

    assert (answer.status_code, answer.location) == (303, "/settings")
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("theme=dark"))
    assert "Max-Age=31536000" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get("/").text
    assert '<html lang="en" data-odds-format="american" data-theme="dark" data-reader-zone="Asia/Tokyo">' in page
    settings = client.get("/settings").text
    assert "Kept on this device" in settings
    assert "Quiet hours" not in settings


def test_the_signed_in_have_their_choices_everywhere(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id

    choose(client, quiet_from="22:00", quiet_until="07:30")

    for name in ("odds_format", "theme", "time_zone"):
        client.delete_cookie(name)
    page = client.get("/").text
    assert 'data-odds-format="american" data-theme="dark" data-reader-zone="Asia/Tokyo"' in page
    assert 'data-quiet-from="22:00" data-quiet-until="07:30"' in page
    settings = client.get("/settings").text
    assert 'value="dark" checked' in settings
    assert '<option value="Asia/Tokyo" selected>' in settings
    assert 'type="time" value="22:00"' in settings
    chosen = kept(ann_id)
    assert (chosen.quiet_from, chosen.quiet_until) == (time(22), time(7, 30))


def test_what_was_chosen_may_be_taken_back(ann: User, client: FlaskClient) -> None:
    choose(client, quiet_from="22:00", quiet_until="07:30")
    choose(client, time_zone="", theme="auto", quiet_from="", quiet_until="")

    page = client.get("/").text
    assert 'data-theme="auto">' in page
    assert "data-quiet-from" not in page


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("odds_format", {"odds_format": "roman"}),
        ("theme", {"theme": ""}),
        ("time_zone", {"time_zone": "../etc/passwd"}),
        ("quiet", {"quiet_from": "22:00"}),
        ("quiet", {"quiet_from": "22:00", "quiet_until": "22:00"}),
        ("quiet", {"quiet_from": "25:00", "quiet_until": "07:00"}),
        ("quiet", {"quiet_from": "22:00+01:00", "quiet_until": "07:00"}),
    ],
)
def test_what_makes_no_sense_is_marked_and_nothing_is_kept(
    ann: User, client: FlaskClient, field: str, fields: dict[str, str]
) -> None:
    with nothing_written():
        answer = choose(client, **fields)

    assert answer.status_code == 422
    assert f'id="wrong-{field}"' in answer.text
    assert not [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("theme=")]
    if field != "theme":
        assert 'value="dark" checked' in answer.text


def test_the_switch_on_a_page_of_prices_changes_the_format_alone_and_leads_back(ann: User, client: FlaskClient) -> None:
    choose(client, quiet_from="22:00", quiet_until="07:30")

    fields = {"odds_format": "decimal", "next": "/races/wexmoor-1405?order=price"}
    answer = send_form(client, "/settings", "/settings/odds-format", **fields)

    assert (answer.status_code, answer.location) == (303, "/races/wexmoor-1405?order=price")
    page = client.get("/").text
    assert 'data-odds-format="decimal" data-theme="dark" data-reader-zone="Asia/Tokyo"' in page
    assert 'data-quiet-from="22:00"' in page


def test_the_first_choice_of_a_user_keeps_what_the_device_had(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id
    client.set_cookie("theme", "contrast")
    send_form(client, "/settings", "/settings/odds-format", odds_format="decimal")
    chosen = kept(ann_id)
    assert (chosen.theme, chosen.odds_format) == (Theme.CONTRAST, OddsFormat.DECIMAL)


def test_the_switch_leads_nowhere_else_and_takes_no_other_word(client: FlaskClient) -> None:
    fields = {"odds_format": "decimal", "next": "https://elsewhere.test"}
    assert send_form(client, "/settings", "/settings/odds-format", **fields).location == "/settings"
    assert send_form(client, "/settings", "/settings/odds-format", odds_format="roman").status_code == 422


def test_a_script_that_switches_is_told_and_stays(client: FlaskClient) -> None:
    page = client.get("/settings").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "odds_format": "decimal"}
    answer = client.post("/settings/odds-format", data=fields, headers={"Accept": "application/json"})
    assert answer.json == {"said": "Odds are shown as decimal now.", "oddsFormat": "decimal"}


def test_the_switch_of_the_signed_in_needs_its_token(client: FlaskClient) -> None:
    user = a_user()
    sign_in(client, user)

    assert client.post("/settings/odds-format", data={"odds_format": "decimal"}).status_code == 400
    assert user_settings.of_user(user.id) is None


@pytest.mark.usefixtures("either_app")
def test_settings_are_kept_on_either_database() -> None:
    user_id = a_user().id
    for theme in (Theme.LIGHT, Theme.CONTRAST):
        user_settings.save(user_id, Chosen(OddsFormat.DECIMAL, theme, "Europe/Dublin", (time(23), time(6))))
    chosen = kept(user_id)
    assert (chosen.theme, chosen.quiet_from, chosen.time_zone) == (Theme.CONTRAST, time(23), "Europe/Dublin")


def test_what_pops_up_is_chosen_kept_and_left_alone_by_a_form_without_it(ann: User, client: FlaskClient) -> None:
    ann_id = ann.id
    assert "data-pop-ups" not in client.get("/").text
    choose(client, pop_ups="mine")
    client.delete_cookie("pop_ups")
    assert 'data-pop-ups="mine"' in client.get("/").text
    assert 'value="mine" checked' in client.get("/settings").text
    choose(client)
    send_form(client, "/settings", "/settings/odds-format", odds_format="decimal")
    assert kept(ann_id).pop_ups is PopUps.MINE
    with nothing_written():
        answer = choose(client, pop_ups="some")
    assert answer.status_code == 422
    assert 'id="wrong-pop_ups"' in answer.text


def test_the_signed_out_choose_on_this_device_what_pops_up(client: FlaskClient) -> None:
    assert 'value="mine"' not in client.get("/settings").text
    choose(client, pop_ups="none")
    assert 'data-pop-ups="none"' in client.get("/").text


@pytest.mark.parametrize(("kept_here", "marked"), [("all", "all"), ("mine", "none"), ("none", "none"), ("", "all")])
def test_the_signed_out_see_what_pops_up_on_a_device_that_a_user_has_left(
    client: FlaskClient, kept_here: str, marked: str
) -> None:
    client.set_cookie("pop_ups", kept_here)

    html = client.get("/settings").text

    assert re.findall(r'name="pop_ups" value="(\w+)" checked', html) == [marked]
