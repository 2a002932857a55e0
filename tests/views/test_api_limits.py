"""How often the API is read, and how many wrong tokens it takes from one address."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token

from app import create_app

MOST = 3
Made = Callable[..., FlaskClient]


@pytest.fixture
def made(sqlite_url: str, tmp_path: Path) -> Made:
    """Makes an application on which few reads are allowed, and returns a client of it."""

    def make(**settings: int) -> FlaskClient:
        limits = {"reads_per_second": MOST, "failed_logins_per_minute": 1, **settings}
        app: Flask = create_app(database_url=sqlite_url, instance_path=tmp_path, **limits)
        app.extensions["rates"].user_reads._own._clock = lambda: 1000.0  # no time passes
        return app.test_client()

    return make


def statuses(client: FlaskClient, times: int, address: str = "198.51.100.7", **headers: str) -> list[int]:
    origin = {"REMOTE_ADDR": address}
    return [client.get("/api/v1/races", environ_base=origin, headers=headers).status_code for _ in range(times)]


def test_reads_are_limited_by_address_and_by_user_each_for_themselves(made: Made) -> None:
    client = made()
    with client.application.app_context():
        token = {"Authorization": f"Bearer {create_access_token(identity='1')}"}

    assert statuses(client, MOST + 1) == [200] * MOST + [429]
    assert statuses(client, 1, Authorization="Bearer made.up.now") == [429]
    assert statuses(client, MOST + 1, **token) == [200] * MOST + [429]
    assert statuses(client, 1, "203.0.113.9", **token) == [429]
    assert statuses(client, 1, "203.0.113.9") == [200]
    assert [statuses(client, 1, f"2001:db8::{n}") for n in range(MOST + 1)] == [[200]] * MOST + [[429]]


def test_who_reads_too_fast_is_told_when_to_come_back(made: Made) -> None:
    client = made()
    first = client.get("/api/v1/races")
    statuses(client, MOST, "127.0.0.1")

    refused = client.get("/api/v1/races")

    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == (str(MOST), str(MOST - 1))
    assert "Retry-After" not in first.headers
    assert refused.get_json()["error"]["type"] == "rate_limited"
    assert (refused.headers["X-RateLimit-Remaining"], refused.headers["Retry-After"]) == ("0", "1")


def test_wrong_tokens_and_keys_end_in_a_refusal_whatever_comes_then_from_that_address(made: Made) -> None:
    client = made()
    wrong = {"Authorization": "Bearer offtime_none_of_ours"}
    answered = [client.post("/api/v1/odds", json={}, headers=wrong).status_code for _ in range(21)]

    assert answered == [401] * 20 + [429]
    assert client.post("/api/v1/odds", json={}).status_code == 401  # who names nobody is not refused for a guess
    elsewhere = client.post("/api/v1/odds", json={}, headers=wrong, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 401


def test_by_address_nothing_is_limited_where_connections_are_not(made: Made) -> None:
    client = made(max_connections_per_ip=0)
    wrong = {"Authorization": "Bearer offtime_none_of_ours"}

    assert statuses(client, 2 * MOST) == [200] * 2 * MOST
    assert [client.post("/api/v1/odds", json={}, headers=wrong).status_code for _ in range(21)] == [401] * 21
