"""Tokens for callers of the API."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing.errors import Unauthorized
from racing.models import Role
from racing.services import accounts
from racing.services.wrong_passwords import BY_ACCOUNT, one_try
from tests.factories import RACE, a_race
from tests.views.pages import send_form

EMAIL, PASSWORD = "ann@example.org", "going good to firm"


@pytest.fixture(autouse=True)
def ann(app: Flask) -> None:
    """Ann, of the staff, whose password lets her in."""
    accounts.create_user(EMAIL, PASSWORD, Role.STAFF)


def login(client: FlaskClient, password: str = PASSWORD, email: str = EMAIL) -> TestResponse:
    return client.post("/api/v1/auth/login", json={"email": email, "password": password})


def may_write(client: FlaskClient, token: str) -> int:
    """Return the status of a write with this token."""
    body = {"odds": [{"runnerId": "1", "price": 3}]}
    headers = {"Authorization": f"Bearer {token}"}
    return client.post(f"/api/v1/races/{RACE}/odds", json=body, headers=headers).status_code


def test_who_signs_in_may_write_until_signing_out(client: FlaskClient) -> None:
    a_race()
    tokens = login(client).get_json()
    access = tokens["accessToken"]
    assert may_write(client, access) == 200
    assert datetime.fromisoformat(tokens["expiresAt"]) > datetime.now(UTC) + timedelta(minutes=10)

    left = client.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {access}"})

    assert left.status_code == 200
    assert may_write(client, access) == 401


def test_a_refresh_token_is_spent_by_its_use_and_writes_nothing(client: FlaskClient) -> None:
    a_race()
    spent = login(client).get_json()["refreshToken"]
    headers = {"Authorization": f"Bearer {spent}"}
    assert may_write(client, spent) == 401

    fresh = client.post("/api/v1/auth/refresh", headers=headers).get_json()

    assert may_write(client, fresh["accessToken"]) == 200
    again = client.post("/api/v1/auth/refresh", headers=headers)
    assert (again.status_code, again.get_json()["error"]["type"]) == (401, "token_invalid")


def test_an_access_token_does_not_refresh(client: FlaskClient) -> None:
    access = login(client).get_json()["accessToken"]

    answer = client.post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {access}"})

    assert answer.status_code == 401


def test_a_disabled_users_token_stops_working_at_once(client: FlaskClient) -> None:
    a_race()
    access = login(client).get_json()["accessToken"]

    accounts.disable(EMAIL)

    assert may_write(client, access) == 401
    assert login(client).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"email": EMAIL}, {"email": EMAIL, "password": 3}, {"email": "", "password": "x"}]
)
def test_half_a_login_is_refused_field_by_field(body: dict[str, object], client: FlaskClient) -> None:
    answer = client.post("/api/v1/auth/login", json=body)

    assert (answer.status_code, answer.get_json()["error"]["type"]) == (422, "invalid_payload")


def test_after_some_wrong_passwords_even_the_right_one_must_wait(app: Flask, client: FlaskClient) -> None:
    app.config["FAILED_LOGINS_PER_MINUTE"] = 3

    assert [login(client, "wrong").status_code for _ in range(3)] == [401, 401, 401]

    answer = login(client)
    assert (answer.status_code, answer.get_json()["error"]["type"]) == (429, "rate_limited")


def test_wrong_passwords_of_pages_and_of_the_api_are_one_count(app: Flask, client: FlaskClient) -> None:
    app.config["FAILED_LOGINS_PER_MINUTE"] = 2
    typed = {"email": EMAIL, "password": "wrong"}

    refused = login(client, "wrong")
    assert (refused.status_code, refused.headers["X-RateLimit-Remaining"]) == (401, "1")
    assert send_form(client, "/login", "/login", **typed).status_code == 401

    pages, callers = send_form(client, "/login", "/login", **typed), login(client)
    assert (pages.status_code, callers.status_code) == (429, 429)
    assert 1 <= int(pages.headers["Retry-After"]) <= 60
    assert 1 <= int(callers.headers["Retry-After"]) <= 61
    assert f'value="{EMAIL}"' in pages.text
    assert "Too many wrong passwords from where you are. Try again in" in pages.text


def test_a_locked_account_says_when_to_come_back_on_pages_and_to_callers(client: FlaskClient) -> None:
    for _ in range(BY_ACCOUNT[0].amount):
        with suppress(Unauthorized), one_try(EMAIL, None):
            raise Unauthorized("wrong")

    pages, callers = send_form(client, "/login", "/login", email=EMAIL, password=PASSWORD), login(client)

    assert (pages.status_code, callers.status_code) == (429, 429)
    assert [50 <= int(answer.headers["Retry-After"]) <= 60 for answer in (pages, callers)] == [True, True]
    assert "for this account" in pages.text
    assert callers.get_json()["error"]["type"] == "rate_limited"


def test_right_passwords_are_not_counted(app: Flask, client: FlaskClient) -> None:
    app.config["FAILED_LOGINS_PER_MINUTE"] = 2

    assert [login(client).status_code for _ in range(4)] == [200] * 4


def test_logging_out_ends_the_whole_session(client: FlaskClient) -> None:
    tokens = login(client).get_json()
    others = login(client).get_json()

    client.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {tokens['accessToken']}"})

    again = client.post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {tokens['refreshToken']}"})
    assert (again.status_code, again.get_json()["error"]["type"]) == (401, "token_invalid")
    elsewhere = client.post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {others['refreshToken']}"})
    assert elsewhere.status_code == 200
