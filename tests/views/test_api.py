"""What anyone may read of races, as JSON."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from racing.extensions import db, socketio
from racing.services import odds, price_history, racecards, races
from racing.services.races import Placing
from racing.statuses import RaceStatus
from racing.views.api import reads
from tests.factories import OFF_TIME, RACE, a_race, quotes
from tests.support.asked import asked, reads_of


def test_the_races_of_a_day_come_by_off_time(client: FlaskClient) -> None:
    a_race("wexmoor-1440", off_time=OFF_TIME.replace(hour=13, minute=40))
    a_race()
    a_race("wexmoor-next-day", off_time=OFF_TIME.replace(day=2))

    answer = client.get("/api/v1/races?date=2030-06-01").get_json()

    assert [race["raceId"] for race in answer["races"]] == [RACE, "wexmoor-1440"]
    assert answer["races"][0].items() >= {
        "course": "Wexmoor", "title": "The Harbour Lights Stakes", "offTime": "2030-06-01T13:05:00.000Z",
        "offAt": None, "status": "DORMANT", "betting": "open", "enquiry": False, "version": 0,
    }.items()  # fmt: skip


def test_the_day_is_the_courses_own(client: FlaskClient) -> None:
    a_race("sydney-1", course="Randwick", off_time=OFF_TIME.replace(hour=23), time_zone="Australia/Sydney")

    assert client.get("/api/v1/races?date=2030-06-01").get_json() == {"races": []}
    assert len(client.get("/api/v1/races?date=2030-06-02").get_json()["races"]) == 1
    assert len(client.get("/api/v1/races").get_json()["races"]) == 1


@pytest.mark.parametrize("date", ["yesterday", "2030-13-01", "2030-02-30", "01/06/2030", "%00"])
def test_what_is_no_date_is_refused_with_a_sentence(date: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/races?date={date}")

    assert answer.status_code == 422
    assert answer.get_json()["error"]["fields"].keys() == {"date"}


def test_one_race_comes_with_runners_prices_and_book(client: FlaskClient) -> None:
    a_race(prices={"1": "3", "2": "4"})
    races.withdraw(RACE, "2", None)

    race = client.get(f"/api/v1/races/{RACE}").get_json()

    assert race["version"] == 2
    assert (race["offAt"], race["result"], race["status"], race["betting"]) == (None, None, "DORMANT", "open")
    assert race["runners"][0].items() >= {
        "runnerId": "1", "number": 1, "name": "Horse 1", "status": "ACTIVE", "version": 0,
    }.items()  # fmt: skip
    assert race["runners"][1].items() >= {"status": "NON_RUNNER", "withdrawnPrice": 4.0, "version": 2}.items()
    assert [(entry["runnerId"], entry["price"]) for entry in race["odds"]] == [("1", 3.0), ("2", None)]
    assert race["book"].keys() == {"overround", "best", "rule4", "eachWay"}


def test_a_race_that_is_over_tells_its_result(client: FlaskClient) -> None:
    a_race()
    races.change_status(RACE, RaceStatus.OFF, None, at=OFF_TIME)
    races.declare_result(RACE, [Placing("1", 1)], None)

    race = client.get(f"/api/v1/races/{RACE}").get_json()

    assert race["result"] == {"placings": [{"runnerId": "1", "position": 1}]}
    assert (race["status"], race["betting"], race["offAt"]) == ("RESULT", "closed", "2030-06-01T13:05:00.000Z")


def test_the_board_is_an_image_or_the_delta_after_a_version(client: FlaskClient) -> None:
    a_race(prices={"1": "3", "2": "4"})
    odds.change_prices(RACE, quotes({"1": "3.5"}), None)

    image = client.get(f"/api/v1/races/{RACE}/odds").get_json()
    delta = client.get(f"/api/v1/races/{RACE}/odds?since=1").get_json()

    assert image.keys() == {"version", "base", "full", "odds", "runners", "race", "book", "updatedAt"}
    assert (image["full"], image["base"], image["version"], len(image["odds"])) == (True, 0, 2, 2)
    assert (delta["full"], delta["base"], [entry["runnerId"] for entry in delta["odds"]]) == (False, 1, ["1"])


@pytest.mark.parametrize("query", ["", "?since=0", "?since=1"])
def test_who_holds_the_board_is_told_so_in_a_304(query: str, client: FlaskClient) -> None:
    a_race(prices={"1": "3"})
    address = f"/api/v1/races/{RACE}/odds{query}"
    held = {"If-None-Match": client.get(address).headers["ETag"]}

    unchanged = client.get(address, headers=held)
    odds.change_prices(RACE, quotes({"1": "3.5"}), None)
    changed = client.get(address, headers=held)

    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert (changed.status_code, changed.get_json()["version"]) == (200, 2)


def test_an_image_and_a_delta_never_share_a_tag(client: FlaskClient) -> None:
    a_race(prices={"1": "3"})
    addresses = [f"/api/v1/races/{RACE}/odds{query}" for query in ("", "?since=1")]

    tags = {client.get(address).headers["ETag"] for address in addresses}

    assert len(tags) == 2


@pytest.mark.parametrize("since", ["-1", "1.5", "abc", "", "9" * 20, "²"])
def test_what_is_no_version_is_refused_with_a_sentence(since: str, client: FlaskClient) -> None:
    a_race()

    answer = client.get(f"/api/v1/races/{RACE}/odds", query_string={"since": since})

    assert (answer.status_code, answer.get_json()["error"]["type"]) == (422, "invalid_payload")


def test_a_version_above_the_races_own_gets_the_image(client: FlaskClient) -> None:
    a_race(prices={"1": "3"})

    board = client.get(f"/api/v1/races/{RACE}/odds?since=99").get_json()

    assert (board["full"], board["version"]) == (True, 1)


def test_the_history_is_told_by_runner_and_bookmaker(client: FlaskClient) -> None:
    a_race(prices={"1": "3", "2": "4"})
    odds.change_prices(RACE, quotes({"1": None}, "house"), None, at=OFF_TIME)
    odds.change_prices(RACE, quotes({"1": "3.2"}, "tote"), None)

    everything = client.get(f"/api/v1/races/{RACE}/history").get_json()["history"]
    house = client.get(f"/api/v1/races/{RACE}/history?runnerId=1&bookmaker=house").get_json()["history"]

    assert len(everything) == 4
    assert [(change["price"], change["version"]) for change in house] == [(3.0, 1), (None, 2)]
    assert house[1] == {
        "runnerId": "1", "bookmaker": "house", "price": None, "version": 2, "at": "2030-06-01T13:05:00.000Z",
    }  # fmt: skip


@pytest.mark.parametrize("place", ["", "/odds", "/history"])
def test_a_race_that_is_not_there_is_not_found(place: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/races/nowhere{place}")

    assert answer.status_code == 404
    assert answer.get_json() == {"error": {"type": "unknown_race", "message": "There is no race 'nowhere'."}}


def test_all_races_are_read_some_at_a_time_each_once_while_others_go_on(
    either_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [a_race(f"race-{number}", off_time=OFF_TIME - timedelta(minutes=number)) for number in range(5)]
    monkeypatch.setattr(racecards, "RACES_AT_ONCE", 2)
    turns: list[bool] = []

    def others_go_on(_seconds: float) -> None:
        turns.append(db.session().in_transaction())
        if len(turns) == 1:
            with either_client.application.app_context():  # one that was told already, to the end
                races.change_off_time("race-4", OFF_TIME + timedelta(minutes=5), None)

    monkeypatch.setattr(socketio, "sleep", others_go_on)
    with asked() as noted:
        told = either_client.get("/api/v1/races").get_json()["races"]

    assert [race["raceId"] for race in told] == ids[::-1]
    assert sum("races.id IN" in each.statement for each in reads_of(noted, "races")) == 3
    assert turns == [False] * 3


def test_the_history_tells_the_newest_changes_some_at_a_time(
    either_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_race(runners=2)
    for cents in range(200, 210):
        odds.change_prices(RACE, quotes({"1": f"{cents / 100}", "2": "3" if cents % 2 else "4"}), None)
    monkeypatch.setattr(reads, "HISTORY_MOST", 5)
    monkeypatch.setattr(price_history, "ROWS_AT_ONCE", 2)
    turns: list[bool] = []
    monkeypatch.setattr(socketio, "sleep", lambda _seconds: turns.append(db.session().in_transaction()))

    def told(query: str = "") -> list[tuple[str, float]]:
        history = either_client.get(f"/api/v1/races/{RACE}/history{query}").get_json()["history"]
        return [(entry["runnerId"], entry["price"]) for entry in history]

    assert told("?runnerId=1") == [("1", price) for price in (2.05, 2.06, 2.07, 2.08, 2.09)]
    assert turns == [False] * 2
    assert told() == [("2", 3.0), ("1", 2.08), ("2", 4.0), ("1", 2.09), ("2", 3.0)]
    assert told("?bookmaker=tote") == told("?runnerId=9") == []
