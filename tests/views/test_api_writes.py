"""What staff and feeds write through the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from racing.models import Role
from racing.services import boards, odds, races
from tests.factories import RACE, a_race, quotes
from tests.support.kept import nothing_written
from tests.views.conftest import Call

CARD: dict[str, Any] = {
    "raceId": "ayr-1400", "course": "Ayr", "offTime": "2030-06-01T14:00:00+01:00", "title": "Sea Wall Handicap",
    "distance": "1m", "going": "Good", "raceClass": 4, "prize": "£24,500",
    "runners": [
        {"runnerId": "a", "number": 1, "name": "Tern", "draw": 3, "jockey": "J. Doe", "weight": "9-4", "age": 4},
        {"runnerId": "b", "number": "1A", "name": "Plover", "trainer": "T. Roe", "form": "12-3",
         "claim": 5, "headgear": "T P", "courseDistance": "cd", "officialRating": 71, "silks": "Red, white cap"},
    ],
}  # fmt: skip


def test_a_race_is_declared_and_on_the_site_at_once(post: Call, client: FlaskClient) -> None:
    answer = post("/races", CARD)

    race = client.get("/api/v1/races/ayr-1400").get_json()
    assert (answer.status_code, answer.get_json()["raceId"]) == (201, "ayr-1400")
    assert race.items() >= {
        "version": 0, "status": "DORMANT", "betting": "open", "offTime": "2030-06-01T13:00:00.000Z",
        "raceClass": "4", "prize": "£24,500", "odds": [],
    }.items()  # fmt: skip
    assert [(runner["number"], runner["name"], runner["status"]) for runner in race["runners"]] == [
        (1, "Tern", "ACTIVE"), ("1A", "Plover", "ACTIVE"),
    ]  # fmt: skip
    plain, marked = ([runner[key] for key in ("claim", "headgear", "courseDistance", "officialRating", "silks")]
                     for runner in race["runners"])  # fmt: skip
    assert (plain, marked) == ([None] * 5, [5, "tp", "CD", 71, "Red, white cap"])


@pytest.mark.parametrize("role", [Role.FEED, Role.STAFF, Role.ADMIN])
def test_feeds_staff_and_admins_move_prices(
    role: Role, client: FlaskClient, bearer: Callable[..., dict[str, str]]
) -> None:
    a_race()
    body = {"odds": [{"runnerId": "1", "price": 4.35}, {"runnerId": "2", "bookmaker": "tote", "price": 5}]}

    answer = client.post(f"/api/v1/races/{RACE}/odds", json=body, headers=bearer(role))

    assert (answer.status_code, answer.get_json()) == (200, {"version": 1, "warnings": []})
    assert [(entry["bookmaker"], entry["price"]) for entry in boards.board(RACE)["odds"]] == [
        ("house", 4.35), ("tote", 5.0),
    ]  # fmt: skip


def test_a_stale_write_is_told_which_prices_changed_and_to_what(post: Call) -> None:
    a_race(prices={"1": "3", "2": "4"})
    odds.change_prices(RACE, quotes({"1": "3.5"}), None)
    body = {"odds": [{"runnerId": "1", "price": 9}, {"runnerId": "2", "price": 9}]}

    with nothing_written():
        by_race = post(f"/races/{RACE}/odds", {**body, "expectedVersion": 1})
        by_price = post(f"/races/{RACE}/odds", {"odds": [{"runnerId": "1", "price": 9, "version": 1}]})

    for answer in (by_race, by_price):
        error = answer.get_json()["error"]
        assert (answer.status_code, error["type"], list(error["fields"])) == (409, "stale_price", ["1"])
        assert error["fields"]["1"]["price"] == 3.5
    assert post(f"/races/{RACE}/odds", {**body, "expectedVersion": 2}).get_json()["version"] == 3


ODDS = {"odds": [{"runnerId": "1", "price": 3}]}
ONCE: list[tuple[str, Any]] = [
    (f"/races/{RACE}/odds", ODDS),
    ("/odds", {"races": [{"raceId": RACE, **ODDS}]}),
    (f"/races/{RACE}/status", {"status": "GOINGDOWN"}),
    (f"/races/{RACE}/betting", {"betting": "suspended"}),
    (f"/races/{RACE}/off-time", {"offTime": "2030-06-01T15:00:00Z"}),
    (f"/races/{RACE}/enquiry", {"enquiry": True}),
    (f"/races/{RACE}/runners/1/withdraw", {}),
    (f"/races/{RACE}/runners/1/reinstate", None),
    (f"/races/{RACE}/result", {"placings": [{"runnerId": "1", "position": 1}]}),
    ("/races", CARD),
    ("/news", {"title": "Rain", "summary": "It eases.", "body": "It rains."}),
    ("/notifications", {"email": "staff600@example.org", "kind": "word", "title": "Rain", "body": "It rains."}),
]


def test_a_write_sent_twice_under_one_key_happens_once(post: Call) -> None:
    for number, (path, body) in enumerate(ONCE):
        race_id = a_race(f"race-{number}", prices={"2": "5"})
        place, sent = path.replace(RACE, race_id), json.loads(json.dumps(body).replace(RACE, race_id))
        first = post(place, sent, Idempotency_Key=race_id)
        if not path.endswith("/result"):  # that has closed the betting
            odds.change_prices(race_id, quotes({"2": "4"}), None)

        with nothing_written():
            again = post(place, sent, Idempotency_Key=race_id)
            other = post(f"/races/{race_id}/odds", ODDS | {"expectedVersion": 1}, Idempotency_Key=race_id)
            empty = post(place, sent, Idempotency_Key="")

        assert first.status_code in (200, 201), (path, first.data)
        assert (again.status_code, again.data) == (first.status_code, first.data)
        assert ["Idempotency-Replayed" in answer.headers for answer in (first, again)] == [False, True]
        assert (other.status_code, other.get_json()["error"]["type"]) == (422, "idempotency_key_reused")
        assert empty.status_code == 422


def test_several_races_move_together(post: Call) -> None:
    a_race(prices={"1": "3"})
    a_race("wexmoor-1440")
    books = [{"raceId": race_id, "odds": [{"runnerId": "2", "price": 6}]} for race_id in ("wexmoor-1440", RACE)]

    answer = post("/odds", {"races": books})

    assert answer.get_json() == {
        "races": [
            {"raceId": "wexmoor-1440", "version": 1, "warnings": []},
            {"raceId": RACE, "version": 2, "warnings": []},
        ]
    }  # fmt: skip


def test_one_race_of_several_refuses_and_none_moves(post: Call) -> None:
    a_race()
    a_race("wexmoor-1440")
    good = {"raceId": RACE, "odds": [{"runnerId": "1", "price": 6}]}

    with nothing_written():
        stranger = post("/odds", {"races": [good, {"raceId": "wexmoor-1440", "odds": [{"runnerId": "9", "price": 2}]}]})
        unknown = post("/odds", {"races": [good, {"raceId": "nowhere", "odds": [{"runnerId": "1", "price": 2}]}]})
        twice = post("/odds", {"races": [good, good]})

    assert [answer.status_code for answer in (stranger, unknown, twice)] == [422, 404, 422]


def test_a_race_is_led_from_the_paddock_to_the_result(post: Call, client: FlaskClient) -> None:
    a_race(prices={"1": "3", "2": "4"})
    address = f"/races/{RACE}"
    writes = [
        ("/off-time", {"offTime": "2030-06-01T13:15:00Z"}),
        ("/status", {"status": "GOINGDOWN"}),
        ("/runners/3/withdraw", None),
        ("/runners/3/reinstate", {}),
        ("/runners/2/withdraw", {}),
        ("/betting", {"betting": "suspended"}),
        ("/status", {"status": "OFF"}),
        ("/result", {"placings": [{"runnerId": "1", "position": 1, "sp": 3.5}, {"runnerId": "3", "position": 2}]}),
        ("/enquiry", {"enquiry": True}),
        ("/status", {"status": "WEIGHEDIN"}),
    ]

    answers = [post(address + place, body) for place, body in writes]

    assert [(answer.status_code, answer.get_json()) for answer in answers] == [
        (200, {"version": version}) for version in range(2, 12)
    ]
    race = client.get(f"/api/v1{address}").get_json()
    assert race.items() >= {
        "version": 11, "status": "WEIGHEDIN", "betting": "closed", "enquiry": True,
        "offTime": "2030-06-01T13:15:00.000Z",
        "result": {"placings": [{"runnerId": "1", "position": 1, "sp": 3.5}, {"runnerId": "3", "position": 2}]},
    }.items()  # fmt: skip
    assert race["book"]["rule4"] == 25


def test_a_status_that_may_not_follow_is_a_conflict(post: Call) -> None:
    a_race()
    post(f"/races/{RACE}/status", {"status": "OFF"})

    with nothing_written():
        answer = post(f"/races/{RACE}/status", {"status": "PARADING"})

    assert (answer.status_code, answer.get_json()["error"]["type"]) == (409, "transition_forbidden")


def test_a_closed_race_takes_no_price(post: Call) -> None:
    a_race(prices={"1": "3"})
    races.declare_result(RACE, [races.Placing("1", 1)], None)

    with nothing_written():
        answer = post(f"/races/{RACE}/odds", {"odds": [{"runnerId": "1", "price": 4}]})

    assert (answer.status_code, answer.get_json()["error"]["type"]) == (409, "betting_closed")


def test_a_race_that_is_there_already_is_a_conflict(post: Call) -> None:
    post("/races", CARD)

    with nothing_written():
        answer = post("/races", CARD)

    assert (answer.status_code, answer.get_json()["error"]["type"]) == (409, "race_exists")


@pytest.mark.parametrize("zone", ["America", "Nowhere/Such", "../etc"])
def test_a_time_zone_that_is_none_is_refused(post: Call, zone: str) -> None:
    body = {
        "raceId": "ayr-1400", "course": "Ayr", "offTime": "2030-06-01T13:00:00Z", "title": "A race", "timeZone": zone,
        "runners": [{"runnerId": "1", "name": "Horse 1"}],
    }  # fmt: skip
    answer = post("/races", body)

    assert (answer.status_code, list(answer.get_json()["error"]["fields"])) == (422, ["timeZone"])
