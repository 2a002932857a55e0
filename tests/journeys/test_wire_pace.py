"""When changes reach a punter: at once where the race was quiet or it is urgent, else at most once a second."""

import time
from datetime import datetime
from itertools import pairwise

import pytest

from tests.support.servers import RunningServer
from tests.support.wire import ElsewhereWriter, Punter, Received

pytestmark = pytest.mark.alone
INTERVAL_S = 1.0
STAMPS_APART_S = 0.95  # a second, less what a busy machine puts between the clock and the stamp


def _stamps(updates: list[Received]) -> list[datetime]:
    return [datetime.fromisoformat(update.payload["timestamp"]) for update in updates]


def test_a_stream_of_prices_leaves_once_a_second_and_ends_at_the_last(house: RunningServer) -> None:
    race = house.declare("pace-stream")
    with Punter(house.url) as punter:
        punter.follow(race)

        versions, until = 0, time.monotonic() + 3.2 * INTERVAL_S
        while time.monotonic() < until:
            versions = house.price(race, r1=2 + versions % 7, r2=3 + versions % 5)
        punter.converges(house, race)

        updates = [one for one in punter.inbox if one.event == "odds_update"]
        assert 3 <= len(updates) <= 5
        assert versions > 2 * len(updates)
        apart = [(after - before).total_seconds() for before, after in pairwise(_stamps(updates))]
        assert min(apart) >= STAMPS_APART_S, apart


def test_a_change_of_status_does_not_wait(house: RunningServer) -> None:
    race = house.declare("pace-urgent")
    with Punter(house.url) as punter:
        punter.follow(race)
        house.price(race, r1=2.5)
        punter.next("odds_update", race)
        house.price(race, r1=3)  # has to wait out the second

        assert house.api("POST", f"/races/{race}/status", {"status": "OFF"}).status_code == 200

        answered = time.monotonic()
        update, bell = punter.take("odds_update", race), punter.take("race_status", race)
        assert max(update.at, bell.at) - answered < INTERVAL_S / 2
        assert update.payload["payload"]["race"]["status"] == "OFF"
        assert [entry["price"] for entry in update.payload["payload"]["odds"]] == [3]  # it takes along what waited
        assert (bell.payload["payload"]["previous"], bell.payload["payload"]["status"]) == ("DORMANT", "OFF")
        assert bell.payload["payload"]["version"] == 3


def test_a_withdrawal_a_suspension_and_a_result_reach_the_punter(house: RunningServer) -> None:
    race = house.declare("pace-result", runners=8)
    house.price(race, **{f"r{n}": 2.0 + n for n in range(1, 9)})
    steps = [
        ("runners/3/withdraw", {}),
        ("betting", {"betting": "suspended"}),
        ("enquiry", {"enquiry": True}),
        ("off-time", {"offTime": "2030-06-01T13:09:00Z"}),
        ("status", {"status": "OFF"}),
        ("result", {"placings": [{"runnerId": "1", "position": 1, "sp": 3.25}, {"runnerId": "2", "position": 2}]}),
    ]
    with Punter(house.url) as whole, Punter(house.url) as changes:
        whole.follow(race)
        changes.follow(race, mode="delta")

        for path, body in steps:
            answer = house.api("POST", f"/races/{race}/{path}", body)
            assert answer.status_code == 200, (path, answer.text)

        whole.converges(house, race)
        changes.converges(house, race)
        state = changes.boards[race].race
        assert [placing["runnerId"] for placing in state["result"]["placings"]] == ["1", "2"]
        assert changes.boards[race].runners["3"]["status"] == "NON_RUNNER"


def test_a_price_written_by_another_process_arrives_within_about_a_second(
    house: RunningServer, price_elsewhere: ElsewhereWriter
) -> None:
    race = house.declare("pace-elsewhere")
    with Punter(house.url) as punter:
        punter.follow(race, mode="delta")

        version = price_elsewhere(house, race, r1=4.5)

        committed = time.monotonic()
        update = punter.take("odds_update", race)
        assert update.payload["payload"]["version"] == version
        assert update.at - committed < 2 * INTERVAL_S
        punter.converges(house, race)
