"""What one client may not do: too many events, too many connections, too large a message, compression."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.raw import EVENT, RawClient
from tests.support.servers import RunningServer
from tests.support.wire import Punter, all_is_quiet

BURST, PER_SECOND, MOST_CONNECTIONS = 10, 20, 3


@pytest.fixture(scope="module")
def open_narrow_house(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A web process with narrow limits."""
    folder = tmp_path_factory.mktemp("narrow")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    settings = {
        "CLIENT_EVENTS_BURST": str(BURST),
        "CLIENT_EVENTS_PER_SECOND": str(PER_SECOND),
        "MAX_CONNECTIONS_PER_IP": str(MOST_CONNECTIONS),
        "MAX_SUBSCRIPTIONS": "2",
    }
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **settings) as running:
        yield running


@pytest.fixture
def narrow(open_narrow_house: RunningServer) -> Iterator[RunningServer]:
    """The web process, which must log no error meanwhile."""
    yield open_narrow_house
    assert all_is_quiet(open_narrow_house), open_narrow_house.log


def test_too_many_events_are_refused_with_when_to_try_again_and_then_answered(narrow: RunningServer) -> None:
    with RawClient(narrow.url) as client:
        for _ in range(3 * BURST):
            client.emit("ping")
        client.emit("subscribe_race", {"raceId": "nowhere"})
        came = client.events_until("error")
        refusals = [came[-1][1]]
        while refusals[-1]["event"] == "ping":
            came += client.events_until("error")
            refusals.append(came[-1][1])

        assert [name for name, _ in came].count("pong") >= BURST
        assert {refusal["type"] for refusal in refusals} == {"rate_limited"}
        assert all(1 <= refusal["retryAfterMs"] <= 1000 / PER_SECOND for refusal in refusals)
    with Punter(narrow.url) as another:  # nobody else waits for it
        assert "timestamp" in another.ask("ping")


def test_asking_for_many_races_at_once_costs_as_much_as_one_by_one(narrow: RunningServer) -> None:
    with Punter(narrow.url) as punter:
        answers = [punter.ask("subscribe_races", {"raceIds": ["nowhere", "elsewhere"]}) for _ in range(BURST)]

        assert [answer["type"] for answer in answers].count("rate_limited") >= BURST / 2 - 2


def test_a_race_too_many_is_refused_with_when_to_try_again(narrow: RunningServer) -> None:
    races = [narrow.declare(f"narrow-{n}") for n in range(3)]
    with Punter(narrow.url) as punter:
        punter.ask("subscribe_races", {"raceIds": races[:2]})

        refused = punter.ask("subscribe_race", {"raceId": races[2]})

        assert (refused["type"], refused["raceId"]) == ("too_many_subscriptions", races[2])
        assert refused["retryAfterMs"] > 0


def test_a_connection_too_many_is_told_and_its_transport_closed(narrow: RunningServer) -> None:
    held = [RawClient(narrow.url) for _ in range(MOST_CONNECTIONS)]
    one_more = RawClient(narrow.url)
    ((_, told),) = one_more.events_until("error")
    assert told["type"] == "too_many_connections"
    assert told["retryAfterMs"] > 0
    assert one_more.is_closed_by_the_server()

    held.pop().socket.close()

    with Punter(narrow.url) as welcome:
        assert "timestamp" in welcome.ask("ping")
    for client in held:
        client.socket.close()


def test_a_message_above_16_kb_ends_its_own_connection_and_no_other(narrow: RunningServer) -> None:
    with Punter(narrow.url) as other, RawClient(narrow.url) as client:
        client.send(EVENT + json.dumps(["ping", "x" * 16_000]))
        client.events_until("pong")

        client.send(EVENT + json.dumps(["ping", "x" * 17_000]))

        assert client.is_closed_by_the_server()
        assert "timestamp" in other.ask("ping")


def test_a_large_poll_is_refused(narrow: RunningServer) -> None:
    opened = requests.get(f"{narrow.url}/socket.io/?EIO=4&transport=polling", timeout=5)
    session = json.loads(opened.text[1:])["sid"]

    answer = requests.post(
        f"{narrow.url}/socket.io/?EIO=4&transport=polling&sid={session}", data="4" + "x" * 17_000, timeout=5
    )

    assert answer.status_code == 400


def test_compression_is_declined(narrow: RunningServer) -> None:
    offer = ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"]
    with RawClient(narrow.url, header=offer) as client:
        assert "sec-websocket-extensions" not in client.socket.getheaders()
        client.emit("ping")
        client.events_until("pong")


@pytest.mark.parametrize(
    "frame",
    ["x", "4", "49", "42", "42{}", "42[]", '42[{"a":1}]', "42[5]", '42["connect"]', '42["disconnect"]', "40", "44[]",
     '451000000-["ping",{"_placeholder":true,"num":0}]', "42" + "[" * 8000, "4" + "0" * 200 + "{}", '43["x"]',
     b"\x00\xff"],
)  # fmt: skip
def test_garbage_ends_its_own_connection_and_no_other(narrow: RunningServer, frame: str | bytes) -> None:
    with Punter(narrow.url) as other, RawClient(narrow.url) as client:
        client.send(frame)

        client.emit("ping")
        client.is_closed_by_the_server() if frame != '43["x"]' else client.events_until("pong")
        assert "timestamp" in other.ask("ping")
    websocket = requests.get(f"{narrow.url}/health", timeout=5).json()["services"]["websocket"]
    assert websocket["connected"] <= MOST_CONNECTIONS
