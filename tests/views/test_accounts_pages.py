"""Registering on a page, and the page of one's account."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing.models import Role, User
from racing.services import accounts
from tests.factories import a_user
from tests.support.kept import nothing_written, rows_of
from tests.support.mailbox import mailbox
from tests.views.pages import send_form, sign_in

PASSWORD = "going good to firm"
_TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def register(
    client: FlaskClient, email: str = "ann@example.org", password: str = PASSWORD, **more: str
) -> TestResponse:
    return send_form(client, "/register", "/register", email=email, password=password, **more)


def test_who_registers_is_a_punter_and_signs_in_with_the_address_filled_in(client: FlaskClient) -> None:
    answer = register(client, " Ann@Example.org ")

    assert (answer.status_code, answer.location) == (303, "/login?next=/my")
    assert accounts.by_email("ann@example.org").role is Role.PUNTER
    assert client.get("/account").status_code == 302
    form = client.get(answer.location).text
    assert 'value="ann@example.org"' in form
    fields = {"email": "ann@example.org", "password": PASSWORD, "next": "/my"}
    assert send_form(client, "/login", "/login", **fields).location == "/my"
    assert "Welcome. Watch a race with its star" in client.get("/my").text
    assert "ann@example.org" in client.get("/account").text


def test_the_form_leads_back_to_where_one_came_from_and_nowhere_else(client: FlaskClient) -> None:
    page = client.get("/register?next=/races/wexmoor-1405").text
    assert 'name="next" value="/races/wexmoor-1405"' in page
    assert 'href="/login?next=/races/wexmoor-1405"' in page
    assert 'href="/register?next=/my"' in client.get("/login?next=/my").text

    assert register(client, next="/races/wexmoor-1405").location == "/login?next=/races/wexmoor-1405"
    assert register(client, "bob@example.org", next="//elsewhere.test").location == "/login?next=/my"


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("no address", PASSWORD, "not an e-mail address"),
        ("deleted-7@deleted.invalid", PASSWORD, "not an e-mail address"),
        ("ann@example.org", "short", "10 to 200 characters"),
        ("ann@example.org", "Password1234", "passwords that are tried first"),
        ("ann@example.org", "abababababab", "passwords that are tried first"),
        ("ann@example.org", "ANN@example.org", "This is your address"),
    ],
)
def test_what_is_refused_comes_back_beside_its_field(
    client: FlaskClient, email: str, password: str, sentence: str
) -> None:
    with nothing_written():
        answer = register(client, email, password)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text.replace(sentence, "")
    assert "access_token_cookie" not in str(answer.headers)


def test_an_address_that_is_taken_answers_as_a_new_one_and_its_owner_hears_of_it_once(
    app: Flask, client: FlaskClient
) -> None:
    a_user(Role.STAFF, "ann@example.org")
    with mailbox() as box:
        app.config["SMTP_URL"] = box.url
        with nothing_written():
            taken = register(client, "ANN@example.org")
        seen = client.get(taken.location).text
        register(client, "ann@example.org")
        new = register(other := app.test_client(), "bob@example.org")
        mail, told, _ = box.next()

    assert (taken.status_code, taken.location) == (new.status_code, new.location) == (303, "/login?next=/my")
    unseen = other.get(new.location).text.replace("bob@", "ann@")
    assert _TOKEN.sub("", seen) == _TOKEN.sub("", unseen)
    assert (told, mail["Subject"]) == (["ann@example.org"], "You have an account at Offtime already")
    assert box.is_empty
    assert "/forgot" in mail.get_content()


def test_addresses_cannot_be_tried_one_after_the_other(app: Flask, client: FlaskClient) -> None:
    app.config["REGISTRATIONS_PER_HOUR"] = 2
    a_user(Role.PUNTER, "ann@example.org")

    answers = [register(client, "ann@example.org").status_code for _ in range(3)]

    assert answers == [303, 303, 429]
    assert rows_of(User) == 1


def test_of_many_registrations_at_once_no_more_are_made(app: Flask) -> None:
    app.config["REGISTRATIONS_PER_HOUR"] = 2

    def come(number: int) -> int:
        return register(app.test_client(), f"ann{number}@example.org").status_code

    with ThreadPoolExecutor(4) as crowd:
        answers = sorted(crowd.map(come, range(4)))

    assert answers == [303, 303, 429, 429]
    assert rows_of(User) == 2


def test_the_account_is_for_the_signed_in(client: FlaskClient) -> None:
    answer = client.get("/account")
    assert (answer.status_code, answer.location) == (302, "/login?next=/account")

    sign_in(client, a_user(Role.PUNTER, "ann@example.org"))
    answer = client.get("/account")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ann@example.org" in answer.text
    assert client.get("/register").location == "/"
