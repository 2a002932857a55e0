"""Registering on a page, and the page of one's account."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing.models import Role, User
from racing.services import accounts
from tests.factories import a_user
from tests.support.kept import nothing_written, rows_of
from tests.views.pages import send_form, sign_in, sign_out

PASSWORD = "going good to firm"


def register(
    client: FlaskClient, email: str = "ann@example.org", password: str = PASSWORD, **more: str
) -> TestResponse:
    return send_form(client, "/register", "/register", email=email, password=password, **more)


def test_who_registers_is_a_punter_and_signed_in(client: FlaskClient) -> None:
    answer = register(client, " Ann@Example.org ")

    assert (answer.status_code, answer.location) == (303, "/my")
    assert "ann@example.org" in client.get("/account").text
    assert accounts.by_email("ann@example.org").role is Role.PUNTER


def test_the_form_leads_back_to_where_one_came_from_and_nowhere_else(client: FlaskClient) -> None:
    page = client.get("/register?next=/races/wexmoor-1405").text
    assert 'name="next" value="/races/wexmoor-1405"' in page
    assert 'href="/login?next=/races/wexmoor-1405"' in page
    assert 'href="/register?next=/my"' in client.get("/login?next=/my").text

    assert register(client, next="/races/wexmoor-1405").location == "/races/wexmoor-1405"
    sign_out(client)
    assert register(client, "bob@example.org", next="//elsewhere.test").location == "/my"


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [("no address", PASSWORD, "not an e-mail address"), ("ann@example.org", "short", "10 to 200 characters")],
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


def test_an_address_that_is_taken_is_refused_and_its_password_kept(client: FlaskClient) -> None:
    a_user(Role.STAFF, "ann@example.org")
    with nothing_written():
        answer = register(client, "ANN@example.org")
    assert answer.status_code == 409
    assert "cannot be registered. If it is yours, sign in" in answer.text


def test_addresses_cannot_be_tried_one_after_the_other(app: Flask, client: FlaskClient) -> None:
    a_user(Role.PUNTER, "ann@example.org")
    most = app.config["FAILED_LOGINS_PER_MINUTE"]

    answers = [register(client, "ann@example.org").status_code for _ in range(most + 1)]

    assert answers == [409] * most + [429]
    assert rows_of(User) == 1


def test_the_account_is_for_the_signed_in(client: FlaskClient) -> None:
    answer = client.get("/account")
    assert (answer.status_code, answer.location) == (302, "/login?next=/account")

    sign_in(client, a_user(Role.PUNTER, "ann@example.org"))
    answer = client.get("/account")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ann@example.org" in answer.text
    assert client.get("/register").location == "/"
