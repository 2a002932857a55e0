"""What a punter's connection is sent, on the wire, by a real web process to the stock client."""

import pytest

from tests.support.servers import RunningServer
from tests.support.wire import MOST_SUBSCRIPTIONS, Punter


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_punter_is_told_where_the_race_stands_then_every_price(house: RunningServer, transport: str) -> None:
    race = house.declare(f"wexmoor-{transport}")
    house.price(race, r1=2.5, r2=11)
    with Punter(house.url, transport) as punter:
        answer = punter.ask("subscribe_race", {"raceId": race, "somethingElse": 1})

        assert answer == punter.next("subscribed")
        assert (answer["type"], answer["version"], answer["status"]) == ("race", 1, "DORMANT")
        image = punter.next("odds_update", race)["payload"]
        assert (image["version"], image["base"], image["full"]) == (1, 0, True)
        assert {entry["runnerId"]: entry["price"] for entry in image["odds"]} == {"1": 2.5, "2": 11}
        assert image["race"]["status"] == "DORMANT"

        house.price(race, r1=3)
        image = punter.next("odds_update", race)["payload"]
        assert (image["version"], image["full"]) == (2, True)
        assert [entry["previous"] for entry in image["odds"]] == [2.5, None]
        punter.converges(house, race)


def test_a_punter_in_delta_mode_is_sent_only_what_changed(house: RunningServer) -> None:
    race = house.declare("wexmoor-delta")
    house.price(race, r1=2.5, r2=11)
    with Punter(house.url) as punter:
        assert punter.follow(race, mode="delta")["full"] is True

        house.price(race, r2=12)

        delta = punter.next("odds_update", race)["payload"]
        assert (delta["version"], delta["base"], delta["full"]) == (2, 1, False)
        assert [(entry["runnerId"], entry["price"]) for entry in delta["odds"]] == [("2", 12)]
        assert delta["runners"] == []
        assert "race" not in delta


def test_a_punter_who_comes_back_is_sent_what_it_missed(house: RunningServer) -> None:
    race = house.declare("wexmoor-since")
    house.price(race, r1=2.5, r2=11)
    house.price(race, r1=3)
    with Punter(house.url) as punter:
        delta = punter.follow(race, mode="delta", since=1)
        assert (delta["base"], delta["version"], delta["full"]) == (1, 2, False)
        assert [entry["runnerId"] for entry in delta["odds"]] == ["1"]

        punter.ask("subscribe_race", {"raceId": race, "mode": "delta", "since": 2})
        assert punter.has_nothing("odds_update")

        image = punter.follow(race, mode="delta", since=99)
        assert (image["version"], image["base"], image["full"]) == (2, 0, True)


def test_a_second_subscription_replaces_the_mode_of_the_first(house: RunningServer) -> None:
    race = house.declare("wexmoor-modes")
    with Punter(house.url) as punter:
        punter.follow(race, mode="delta")
        punter.follow(race, mode="full")

        house.price(race, r1=2.5)

        assert punter.next("odds_update", race)["payload"]["full"] is True
        assert punter.has_nothing("odds_update")
        assert punter.ask("get_subscriptions") == {"type": "subscriptions", "raceIds": [race]}


def test_a_punter_follows_several_races_and_is_told_which_it_cannot(house: RunningServer) -> None:
    races = [house.declare(f"wexmoor-several-{n}") for n in range(MOST_SUBSCRIPTIONS + 1)]
    house.price(races[0], r1=2.5)
    with Punter(house.url) as punter:
        asked = {"raceIds": ["nowhere", *races], "since": {races[0]: 1, races[1]: 0}, "mode": "delta"}
        answer = punter.ask("subscribe_races", asked)

        assert answer == punter.next("subscribed")
        assert answer["raceIds"] == races[:-1]
        assert [race["version"] for race in answer["races"]] == [1, 0, 0, 0]
        assert answer["rejected"] == [
            {"raceId": "nowhere", "type": "unknown_race"},
            {"raceId": races[-1], "type": "too_many_subscriptions"},
        ]
        for race in races[2:-1]:
            assert punter.next("odds_update", race)["payload"]["full"] is True
        assert punter.has_nothing("odds_update")  # of the first two it held all there is


def test_nobody_follows_more_races_than_the_house_allows(house: RunningServer) -> None:
    races = [house.declare(f"wexmoor-many-{n}") for n in range(MOST_SUBSCRIPTIONS + 1)]
    with Punter(house.url) as punter:
        punter.ask("subscribe_races", {"raceIds": races[:-1]})

        refusal = punter.ask("subscribe_race", {"raceId": races[-1]})

        assert (refusal["type"], refusal["raceId"]) == ("too_many_subscriptions", races[-1])
        assert refusal == punter.next("error")
        assert punter.ask("subscribe_race", {"raceId": races[0]})["type"] == "race"  # one it follows already
        assert punter.ask("get_subscriptions")["raceIds"] == races[:-1]


def test_a_race_that_is_not_on_the_site_is_refused(house: RunningServer) -> None:
    with Punter(house.url) as punter:
        refusal = punter.ask("subscribe_race", {"raceId": "nowhere"})

        assert (refusal["type"], refusal["event"], refusal["raceId"]) == ("unknown_race", "subscribe_race", "nowhere")
        assert refusal == punter.next("error")


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("subscribe_race", None),
        ("subscribe_race", "wexmoor"),
        ("subscribe_race", ["wexmoor"]),
        ("subscribe_race", {}),
        ("subscribe_race", {"raceId": 5}),
        ("subscribe_race", {"raceId": "No Such Slug"}),
        ("subscribe_race", {"raceId": "wexmoor\n"}),
        ("subscribe_race", {"raceId": "wexmoor", "since": -1}),
        ("subscribe_race", {"raceId": "wexmoor", "since": "1"}),
        ("subscribe_race", {"raceId": "wexmoor", "since": True}),
        ("subscribe_race", {"raceId": "wexmoor", "mode": "some"}),
        ("subscribe_races", {"raceIds": "wexmoor"}),
        ("subscribe_races", {"raceIds": [None]}),
        ("subscribe_races", {"raceIds": ["wexmoor"], "since": {"wexmoor": "x"}}),
        ("unsubscribe_race", {}),
    ],
)
def test_a_payload_of_the_wrong_shape_is_refused_and_changes_nothing(
    house: RunningServer, event: str, payload: object
) -> None:
    with Punter(house.url) as punter:
        refusal = punter.ask(event, payload)

        assert (refusal["type"], refusal["event"]) == ("invalid_payload", event)
        assert refusal == punter.next("error")
        assert punter.ask("get_subscriptions")["raceIds"] == []


def test_a_punter_who_stops_following_hears_no_more_of_the_race(house: RunningServer) -> None:
    race = house.declare("wexmoor-left")
    with Punter(house.url) as leaver, Punter(house.url) as stayer:
        leaver.follow(race)
        stayer.follow(race)

        answer = leaver.ask("unsubscribe_race", {"raceId": race})
        house.price(race, r1=2.5)

        assert answer == leaver.next("unsubscribed")
        assert stayer.next("odds_update", race)["payload"]["version"] == 1
        assert leaver.has_nothing("odds_update")
        assert leaver.ask("unsubscribe_race", {"raceId": race}) == answer  # not following is no error


def test_a_punter_may_ask_the_time_and_is_told_that_the_race_is_current(house: RunningServer) -> None:
    race = house.declare("wexmoor-beat")
    with Punter(house.url) as punter:
        assert punter.ask("ping") == punter.next("pong")

        version = punter.follow(race)["version"]

        assert punter.next("race_heartbeat", race)["version"] == version
