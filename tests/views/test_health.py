"""What operators look at."""

from pathlib import Path

from flask.testing import FlaskClient

from app import create_app
from tests.support.ports import free_port


def test_without_a_redis_configured_all_is_well(client: FlaskClient) -> None:
    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.get_json() == {
        "status": "ok",
        "services": {"database": "ok", "redis": "not configured", "websocket": {"connected": 0, "rooms": 0}},
    }


def test_a_redis_that_answers_is_ok(sqlite_url: str, redis_url: str, tmp_path: Path) -> None:
    app = create_app(database_url=sqlite_url, instance_path=tmp_path, redis_url=redis_url)

    answer = app.test_client().get("/health")

    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")
    assert answer.get_json()["services"]["redis"] == "ok"


def test_a_redis_that_is_away_is_degraded_not_down(sqlite_url: str, tmp_path: Path) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    app = create_app(database_url=sqlite_url, instance_path=tmp_path, redis_url=nobody)

    answer = app.test_client().get("/health")

    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")
    assert answer.get_json()["services"]["database"] == "ok"


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
    assert b"racing_rooms" in answer.data
