"""Updates as msgpack: one binary argument, for the clients that asked, beside those that did not."""

import base64
import json

import msgpack
import pytest

from tests.support.polling import SEPARATOR, PollingClient
from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.wire import Punter


@pytest.mark.parametrize("transport", ["websocket", "polling"])
@pytest.mark.parametrize("mode", ["full", "delta"])
def test_a_punter_may_have_its_updates_packed(house: RunningServer, transport: str, mode: str) -> None:
    race = house.declare(f"packed-{transport}-{mode}")
    house.price(race, r1=2.5, r2=11)
    with Punter(house.url, transport) as packed, Punter(house.url, transport) as plain:
        assert packed.follow(race, mode=mode, encoding="msgpack") == plain.follow(race, mode=mode)

        house.price(race, r2=12)

        update = packed.next("odds_update", race)
        assert update["payload"] == plain.next("odds_update", race)["payload"]
        assert update["payload"]["full"] is (mode == "full")
        packed.converges(house, race)


def test_a_packed_update_that_went_over_a_websocket_is_there_for_a_poll_that_comes_later(house: RunningServer) -> None:
    race = house.declare("packed-for-both")
    client = PollingClient(house.url, joined=True)
    client.post(f'42["subscribe_race",{{"raceId":"{race}","encoding":"msgpack"}}]')
    assert "451-" in client.get().text
    with Punter(house.url) as punter:
        punter.follow(race, encoding="msgpack")
        house.price(race, r1=2.5)
        update = punter.next("odds_update", race)

        packets = client.get().text.split(SEPARATOR)  # a heartbeat may stand beside it

        at = next(at for at, packet in enumerate(packets) if packet.startswith("451-"))
        attachment = packets[at + 1]
        assert msgpack.unpackb(base64.b64decode(attachment.removeprefix("b"))) == update


def test_a_packed_update_is_one_event_with_one_attachment(house: RunningServer) -> None:
    race = house.declare("packed-frames")
    with RawClient(house.url) as client:
        client.emit("subscribe_race", {"raceId": race, "encoding": "msgpack"})
        client.events_until("subscribed")

        placeholder, attachment = client.frame(), client.socket.recv()

        assert json.loads(placeholder.removeprefix("451-")) == ["odds_update", {"_placeholder": True, "num": 0}]
        assert msgpack.unpackb(attachment)["raceId"] == race


def test_a_second_subscription_replaces_the_encoding(house: RunningServer) -> None:
    race = house.declare("packed-no-more")
    with RawClient(house.url) as client:
        client.emit("subscribe_race", {"raceId": race, "encoding": "msgpack"})
        client.events_until("subscribed")
        client.frame()
        client.socket.recv()
        client.emit("subscribe_race", {"raceId": race, "mode": "delta"})
        client.events_until("odds_update")

        house.price(race, r1=2.5)

        ((name, update),) = client.events_until("odds_update")
        assert (name, update["payload"]["full"]) == ("odds_update", False)
        client.emit("ping")
        assert [name for name, _ in client.events_until("pong")] == ["pong"]


def test_another_encoding_is_refused(house: RunningServer) -> None:
    race = house.declare("packed-xml")
    with Punter(house.url) as punter:
        assert punter.ask("subscribe_race", {"raceId": race, "encoding": "xml"})["type"] == "invalid_payload"
        assert punter.ask("get_subscriptions")["raceIds"] == []
