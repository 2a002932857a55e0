"""What somebody does with its own account: another password, an end of all sign-ins, leaving for good."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from racing.extensions import db
from racing.models import AuditEntry, Role, User
from racing.services import api_keys
from racing.services.wrong_passwords import BY_ACCOUNT
from tests.factories import a_user, a_user_who_signs_in
from tests.support.kept import nothing_written
from tests.support.mailbox import mailbox
from tests.views.pages import send_form, sign_in

PASSWORD, NEW = "going good to firm", "good to soft in places"
CHANGE, EVERYWHERE, DELETE = "/account/password", "/account/sign-outs", "/account/delete"


@pytest.fixture
def ann(client: FlaskClient) -> User:
    """A feed who is signed in on pages."""
    user = a_user_who_signs_in(PASSWORD, Role.FEED)
    sign_in(client, user)
    return user


def elsewhere_as(user: User, app: Flask) -> FlaskClient:
    """Return another browser, in which the user is signed in, too."""
    browser = app.test_client()
    sign_in(browser, user)
    assert browser.get("/account").status_code == 200
    return browser


def now_of(email: str = "ann@example.org") -> User:
    db.session.rollback()
    return db.session.scalars(select(User).where(User.email == email)).one()


def recorded() -> list[tuple[str, Any]]:
    db.session.rollback()
    return [(each.action, each.address) for each in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_another_password_ends_all_other_sign_ins_and_says_so_by_mail(
    ann: User, app: Flask, client: FlaskClient
) -> None:
    before, elsewhere = ann.password_hash, elsewhere_as(ann, app)
    with mailbox() as box:
        app.config["SMTP_URL"] = box.url
        answer = send_form(client, "/account", CHANGE, current=PASSWORD, password=NEW)
        mail, told, _ = box.next()

    assert (answer.status_code, answer.location) == (303, "/account")
    assert "access_token_cookie" in str(answer.headers)
    assert "Your password is changed" in client.get("/account").text
    assert [each.get("/account").status_code for each in (elsewhere, client)] == [302, 200]
    assert (now_of().token_epoch, now_of().signed_out_at is not None) == (1, True)
    assert now_of().password_hash != before
    assert recorded() == [("password", "127.0.0.1")]
    assert (told, mail["Subject"]) == (["ann@example.org"], "Your password at Offtime was changed")


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"current": "not her password", "password": NEW}, "current", "This is not your password."),
        ({"current": PASSWORD, "password": "short"}, "password", "10 to 200 characters"),
        ({"current": PASSWORD, "password": "Password1234"}, "password", "tried first"),
        ({"current": PASSWORD, "password": PASSWORD}, "password", "This is the password you have."),
        ({}, "password", "10 to 200 characters"),
    ],
)
def test_what_is_wrong_comes_back_beside_its_field(
    typed: dict[str, str], field: str, sentence: str, ann: User, client: FlaskClient
) -> None:
    with nothing_written():
        answer = send_form(client, "/account", CHANGE, **typed)

    assert answer.status_code == 422
    assert f'<span class="wrong" id="wrong-{field}">' in answer.text
    assert sentence in answer.text
    assert not [secret for secret in typed.values() if len(secret) > 5 and secret in answer.text]


def test_a_wrong_current_password_counts_as_a_failed_log_in(ann: User, client: FlaskClient) -> None:
    for _ in range(BY_ACCOUNT[0].amount):
        assert send_form(client, "/account", DELETE, current="not her password").status_code == 422

    with nothing_written():
        changed = send_form(client, "/account", CHANGE, current=PASSWORD, password=NEW)
        deleted = send_form(client, "/account", DELETE, current=PASSWORD)
        signed_in = send_form(client, "/settings", "/login", email=ann.email, password=PASSWORD)
    for answer in (changed, deleted, signed_in):
        assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
        assert "Too many wrong passwords for this account" in answer.text


def test_signing_out_everywhere_keeps_this_browser(ann: User, app: Flask, client: FlaskClient) -> None:
    elsewhere = elsewhere_as(ann, app)
    answer = send_form(client, "/account", EVERYWHERE)

    assert (answer.status_code, answer.location) == (303, "/account")
    assert "access_token_cookie" in str(answer.headers)
    assert "You are signed out everywhere but here." in client.get("/account").text
    assert [each.get("/account").status_code for each in (elsewhere, client)] == [302, 200]
    assert now_of().token_epoch == 1
    assert recorded() == [("sign_out_everywhere", "127.0.0.1")]


def test_keys_are_spoken_of_where_there_are_any(ann: User, client: FlaskClient) -> None:
    assert "API key" not in client.get("/account").text
    assert "API key" not in client.get(DELETE).text

    api_keys.make("The ring", ann.email, None)

    assert "So does the API key that you have" in client.get("/account").text
    assert "Your API key writes nothing any more." in client.get(DELETE).text
    assert "until it is 730 days old" in client.get(DELETE).text


def test_who_leaves_is_signed_out_and_shown_to_admins_as_gone(ann: User, app: Flask, client: FlaskClient) -> None:
    ann_id = ann.id
    assert "your price alerts" in client.get(DELETE).text
    with nothing_written():
        wrong = send_form(client, DELETE, DELETE, current="")
    assert (wrong.status_code, "Nothing was deleted" in wrong.text) == (422, True)

    answer = send_form(client, DELETE, DELETE, current=PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Your account is deleted." in client.get("/").text
    assert client.get("/account").status_code == 302
    admins = app.test_client()
    sign_in(admins, a_user(Role.ADMIN))
    shown = admins.get(f"/staff/users/{ann_id}").text
    assert "has deleted the account" in shown
    assert "way-in" not in shown
    assert "<b>deleted " in admins.get("/staff/users?q=deleted").text
    with nothing_written():
        assert send_form(admins, "/account", f"/staff/users/{ann_id}/way-in", do="enable").status_code == 409


def test_the_last_admin_is_told_that_it_cannot_leave(client: FlaskClient) -> None:
    sign_in(client, a_user_who_signs_in(PASSWORD, Role.ADMIN))

    page, answer = client.get(DELETE), send_form(client, "/account", DELETE, current=PASSWORD)

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "You are the last admin" in page.text
    assert "You are the last admin" in answer.text
    assert 'name="current"' not in page.text
