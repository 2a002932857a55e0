"""What the API refuses: always JSON with a sentence, and never half a write."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from werkzeug.test import TestResponse

from racing.models import Role
from tests.factories import RACE, a_race, a_user
from tests.support.kept import nothing_written
from tests.views.conftest import Call, OwnContextClient
from tests.views.test_api_writes import CARD

WRITES: dict[str, Any] = {
    "/races": CARD,
    "/odds": {"races": [{"raceId": RACE, "odds": [{"runnerId": "1", "price": 3}]}]},
    f"/races/{RACE}/odds": {"odds": [{"runnerId": "1", "price": 3}]},
    f"/races/{RACE}/status": {"status": "OFF"},
    f"/races/{RACE}/betting": {"betting": "suspended"},
    f"/races/{RACE}/off-time": {"offTime": "2030-06-01T15:00:00Z"},
    f"/races/{RACE}/enquiry": {"enquiry": True},
    f"/races/{RACE}/result": {"placings": [{"runnerId": "1", "position": 1}]},
    f"/races/{RACE}/runners/1/withdraw": {},
    f"/races/{RACE}/runners/1/reinstate": {},
}


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    """Hold that this is a refusal as PROTOCOL wants it; return the error."""
    assert (answer.status_code, answer.mimetype) == (status, "application/json"), answer.data
    error: dict[str, Any] = answer.get_json()["error"]
    assert error.keys() <= {"type", "message", "fields"}
    assert error["message"][0].isprintable()
    assert "Traceback" not in error["message"]
    return error


@pytest.mark.parametrize("price", ["0", "1.00", "1001", "NaN", "Infinity", '"abc"', '"3"', "2.00001", "true", "[]",
                                   "-3", "1e400", "1000.01"])  # fmt: skip
def test_a_price_off_the_scale_is_refused_and_its_neighbours_stay(
    price: str, client: FlaskClient, staff: dict[str, str]
) -> None:
    a_race(prices={"1": "2.5"})
    body = '{"odds": [{"runnerId": "1", "price": 3}, {"runnerId": "2", "price": %s}]}' % price  # noqa: UP031

    with nothing_written():
        answer = client.post(f"/api/v1/races/{RACE}/odds", data=body, headers=staff)

    error = refused(answer, 422)
    assert error["type"] == "invalid_payload"
    assert "odds.1.price" in error["fields"]


def test_a_runner_of_another_race_is_named(post: Call) -> None:
    a_race()
    a_race("wexmoor-1440", runners=9)

    with nothing_written():
        answer = post(f"/races/{RACE}/odds", {"odds": [{"runnerId": "1", "price": 3}, {"runnerId": "9", "price": 3}]})

    assert refused(answer, 422)["fields"].keys() == {"9"}


@pytest.mark.parametrize("path", [path for path in WRITES if RACE in path])
def test_a_race_that_is_not_there_cannot_be_written(path: str, post: Call) -> None:
    with nothing_written():
        answer = post(path.replace(RACE, "nowhere"), WRITES[path])

    assert refused(answer, 404)["type"] == "unknown_race"


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("claim", 0),
        ("claim", 11),
        ("claim", "five"),
        ("headgear", "bonnet"),
        ("courseDistance", "BF"),
        ("prize", "9" * 41),
    ],
)
def test_a_mark_that_no_card_prints_is_refused_at_its_place(mark: str, said: Any, post: Call) -> None:
    marked = {**CARD, mark: said} if mark == "prize" else {**CARD, "runners": [{**CARD["runners"][0], mark: said}]}

    with nothing_written():
        error = refused(post("/races", marked), 422)

    (place,) = error["fields"]
    assert place.endswith(mark)
    assert error["message"].startswith(f"{place}: ")


BODIES = [path for path, body in WRITES.items() if body]


NOT_JSON = [b"", b"price=3", b"{", b"\xff\xfe", b'{"odds": [}', b'"\\ud800"']
WRONG_SHAPES: list[Any] = [
    {}, [], 3, "text", {"odds": None}, {"odds": []}, {"odds": [None]}, {"races": []}, {"status": "LAME"},
    {"betting": "ajar"}, {"enquiry": "yes"}, {"offTime": "soon"}, {"offTime": "2030-06-01T15:00:00"},
    {"placings": []}, {"placings": [{"runnerId": "1", "position": 0}]},
]  # fmt: skip


@pytest.mark.parametrize("path", BODIES)
def test_what_is_not_json_is_a_bad_request(path: str, client: FlaskClient, staff: dict[str, str]) -> None:
    a_race()

    with nothing_written():
        answers = [client.post(f"/api/v1{path}", data=body, headers=staff) for body in NOT_JSON]

    assert {refused(answer, 400)["type"] for answer in answers} == {"invalid_payload"}


@pytest.mark.parametrize("path", BODIES)
def test_json_of_the_wrong_shape_is_refused_field_by_field(path: str, post: Call) -> None:
    a_race()

    with nothing_written():
        answers = [post(path, body) for body in WRONG_SHAPES]

    assert {refused(answer, 422)["type"] for answer in answers} == {"invalid_payload"}


@pytest.mark.parametrize(
    "wrong",
    [{"raceId": "Ayr 1"}, {"raceId": "x" * 65}, {"course": ""}, {"title": "t" * 201},
     {"offTime": "9999-12-31T23:59:59Z"},
     {"runners": []}, {"runners": CARD["runners"] * 2}, {"runners": [{"runnerId": "a"}]}, {"timeZone": "Moon/Crater"}],
    ids=str,
)  # fmt: skip
def test_a_card_with_a_mistake_is_not_declared(wrong: dict[str, Any], post: Call) -> None:
    with nothing_written():
        answer = post("/races", {**CARD, **wrong})

    assert refused(answer, 422)["type"] == "invalid_payload"


def test_a_body_over_a_megabyte_is_too_large(client: FlaskClient, staff: dict[str, str]) -> None:
    a_race()

    with nothing_written():
        answer = client.post(f"/api/v1/races/{RACE}/odds", data=b" " * (1024 * 1024 + 1), headers=staff)

    assert refused(answer, 413)["type"] == "too_large"


@pytest.mark.parametrize("path", WRITES)
def test_nobody_writes_without_a_token_and_no_punter_with_one(
    path: str, client: FlaskClient, bearer: Callable[..., dict[str, str]]
) -> None:
    a_race()
    punter, expired = bearer(Role.PUNTER), bearer(Role.STAFF, -10)
    cases = [
        ({}, 401, "unauthorized"),
        (punter, 403, "forbidden"),
        (expired, 401, "token_expired"),
        ({"Authorization": "Bearer not.a.token"}, 401, "token_invalid"),
        ({"Authorization": "Bearer"}, 401, "token_invalid"),
        ({"Authorization": "Basic abc"}, 401, "unauthorized"),
    ]

    with nothing_written():
        for headers, status, kind in cases:
            answer = client.post(f"/api/v1{path}", json=WRITES[path], headers=headers)
            assert refused(answer, status)["type"] in (kind, "unauthorized")


@pytest.mark.parametrize(
    "address", ["/api/v1/", "/api/v1/nothing", "/api/nothing", "/api/v2/races", "/api/v1/races/a/b"]
)
def test_an_unknown_address_is_told_in_json(address: str, client: FlaskClient) -> None:
    assert refused(client.get(address), 404)["type"] == "not_found"


@pytest.mark.parametrize("path", BODIES)
def test_another_method_is_told_in_json(path: str, client: FlaskClient) -> None:
    answer = client.delete(f"/api/v1{path}")

    assert refused(answer, 405)["type"] == "method_not_allowed"
    assert "POST" in answer.headers["Allow"].split(", ")


@pytest.mark.parametrize("address", ["/races/%00", "/races/%00/odds", "/races/x/history?runnerId=%00", "/races/%FF",
                                     f"/races/{'x' * 3000}", "/races/..%2f..%2fetc"])  # fmt: skip
def test_an_address_of_nonsense_is_answered_in_json(address: str, client: FlaskClient) -> None:
    refused(client.get(f"/api/v1{address}"), 404)


def test_text_that_a_database_cannot_keep_is_refused_not_stumbled_over(either_app: Flask) -> None:
    client = OwnContextClient(either_app, Response)
    token = create_access_token(identity=str(a_user().id))
    staff = {"Authorization": f"Bearer {token}"}
    a_race()

    with nothing_written():
        answers = [
            client.post("/api/v1/races", json={**CARD, "title": "A\0B"}, headers=staff),
            client.post("/api/v1/auth/login", json={"email": "a\0@example.org", "password": "whatever it is"}),
            client.get("/api/v1/races/%00"),
            client.get(f"/api/v1/races/{RACE}/history?bookmaker=%00"),
            client.post("/api/v1/races/%00/status", json={"status": "OFF"}, headers=staff),
        ]

    assert all(answer.status_code < 500 for answer in answers), [answer.get_json() for answer in answers]
    assert {answer.mimetype for answer in answers} == {"application/json"}
