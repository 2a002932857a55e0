"""Refusals are counted and told, each once, without a word of who it was; a flood of them does not fill the log."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from racing import metrics
from racing.models import Role
from racing.realtime.refused import MOST_LINES_A_SECOND, Refused
from tests.factories import RACE

EVIL = {"Origin": "https://evil.example"}
ADDRESS, TYPED = "198.51.100.77", "somebody@example.org"
LOG_IN = {"email": TYPED, "password": "pw-typed"}
FROM = {"environ_base": {"REMOTE_ADDR": ADDRESS}}


def counted(kind: str, edge: str) -> float:
    return float(metrics.REFUSED_REQUESTS.labels(kind, edge)._value.get())


@pytest.mark.parametrize(
    ("ask", "kind", "edge", "where"),
    [
        (lambda c, _: c.post("/login", data=LOG_IN, **FROM), "csrf", "page", "/login"),
        (lambda c, _: c.post("/api/v1/auth/login", json=LOG_IN, **FROM), "unauthorized", "api",
         "/api/v1/auth/login"),
        (lambda c, h: c.post("/api/v1/news?q=pw-typed", json={}, headers=h(Role.PUNTER), **FROM),
         "forbidden", "api", "/api/v1/news"),
        (lambda c, _: c.post(f"/api/v1/races/{RACE}/odds", data="{}", headers={"Content-Encoding": "br"}, **FROM),
         "invalid_payload", "api", "/api/v1/races/<race_id>/odds"),
        (lambda c, _: c.post("/login", data=b"x" * 1_100_000, **FROM), "too_large", "page", "/login"),
        (lambda c, _: c.get("/pw-typed", headers={"Host": "a b"}, **FROM), "bad_host", "page", "-"),
        (lambda c, _: c.get("/socket.io/?EIO=4", headers={"Host": "a b"}, **FROM), "bad_host", "socket", "/socket.io/"),
        (lambda c, _: c.get("/socket.io/?EIO=4&transport=polling&token=pw-typed", headers=EVIL, **FROM),
         "bad_origin", "socket", "/socket.io/"),
    ],
)  # fmt: skip
def test_a_refusal_is_counted_and_told_once(
    ask: Callable[..., Any],
    kind: str,
    edge: str,
    where: str,
    client: FlaskClient,
    bearer: Callable[..., dict[str, str]],
    app: Flask,
) -> None:
    before = counted(kind, edge)

    with capture_logs() as lines:
        assert ask(client, bearer).status_code in (400, 401, 403, 413, 415)

    assert counted(kind, edge) == before + 1
    (told,) = [line for line in lines if line["event"] == "refused"]
    assert (told["type"], told["edge"], told["where"], told["log_level"]) == (kind, edge, where, "info")
    assert told["who"] == app.extensions["refused"].mark_of(ADDRESS)
    assert not [said for said in (ADDRESS, "somebody", "pw-typed", "Bearer") if said in json.dumps(lines, default=str)]


def test_who_is_signed_in_is_named_by_id(client: FlaskClient, bearer: Callable[..., dict[str, str]]) -> None:
    with capture_logs() as lines:
        client.post("/api/v1/news", json={}, headers=bearer(Role.PUNTER))

    assert [line["user_id"] for line in lines if line["event"] == "refused"] == [1]


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/races?date=x", "/"])
def test_a_mistake_is_no_refusal(path: str, client: FlaskClient) -> None:
    with capture_logs() as lines:
        client.get(path)

    assert not [line for line in lines if line["event"] == "refused"]


def test_a_flood_is_counted_in_full_and_told_in_part() -> None:
    now = [7.0]
    refused = Refused("secret", lambda: now[0])
    before = counted("rate_limited", "api")

    with capture_logs() as lines:
        for _ in range(100):
            refused.request("rate_limited", "api", "/api/v1/races", "GET", ADDRESS)
        now[0] = 8.0
        refused.tell("rate_limited", "socket", "subscribe_race", ADDRESS)

    assert counted("rate_limited", "api") == before + 100
    assert [line["event"] for line in lines] == ["refused"] * MOST_LINES_A_SECOND + ["refused more", "refused"]
    assert lines[-2]["count"] == 100 - MOST_LINES_A_SECOND


def test_an_address_has_one_mark_which_only_the_secret_makes() -> None:
    marks = {Refused(secret, float).mark_of(address) for secret in ("a", "b") for address in (ADDRESS, "198.51.100.78")}

    assert len(marks) == 4
    assert Refused("a", float).mark_of(ADDRESS) == Refused("a", float).mark_of(ADDRESS)
