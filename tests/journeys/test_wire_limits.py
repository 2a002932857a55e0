"""What one client may not do: too many events, too many connections, too large a message, compression."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest
import requests
import socketio

from tests.support.raw import EVENT, RawClient
from tests.support.servers import RunningServer
from tests.support.ways import way_of
from tests.support.websocket_frames import CONTINUATION, TEXT, frame
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


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_connection_too_many_is_told_and_its_transport_closed(narrow: RunningServer, transport: str) -> None:
    held = [RawClient(narrow.url) for _ in range(MOST_CONNECTIONS)]
    told: Queue[dict[str, Any]] = Queue()
    one_more = socketio.Client(reconnection=False)
    one_more.on("error", told.put)
    one_more.connect(narrow.url, transports=[transport])
    refused = told.get(timeout=5)
    assert refused["type"] == "too_many_connections"
    assert refused["retryAfterMs"] > 0
    end = Thread(target=one_more.wait, daemon=True)
    end.start()
    end.join(10)
    assert not end.is_alive()

    held.pop().socket.close()

    with Punter(narrow.url, transport) as welcome:
        assert "timestamp" in welcome.ask("ping")
    for client in held:
        client.socket.close()


def test_a_flood_of_events_holds_up_nobody_and_is_answered_event_by_event(narrow: RunningServer) -> None:
    count = 5000
    ping = bytes([0x81, 0x80 + len(b'42["ping"]'), 0, 0, 0, 0]) + b'42["ping"]'  # one text frame, masked with nothing
    with Punter(narrow.url) as bystander, RawClient(narrow.url) as client:
        flood = Thread(target=_send_all, args=(client, ping * count), daemon=True)
        flood.start()
        asked = time.monotonic()
        assert "timestamp" in bystander.ask("ping")
        assert time.monotonic() - asked < 1.0
        answers = [client.frame() for _ in range(count)]

    assert sum('"rate_limited"' in answer for answer in answers) > count / 2


@pytest.mark.parametrize("frame", ["5", "6", "2", "4", "3"])
def test_a_flood_of_transport_packets_holds_up_nobody(narrow: RunningServer, frame: str) -> None:
    with Punter(narrow.url) as bystander, RawClient(narrow.url) as client:
        packet = bytes([0x81, 0x81, 0, 0, 0, 0, ord(frame)])  # one text frame, masked with nothing
        flood = Thread(target=_send_all, args=(client, packet * 30_000), daemon=True)
        flood.start()
        asked = time.monotonic()
        assert "timestamp" in bystander.ask("ping")
        assert time.monotonic() - asked < 1.0
        client.socket.shutdown()
        flood.join(10)
        assert not flood.is_alive()


def _send_all(client: RawClient, frames: bytes) -> None:
    try:
        client.socket.sock.sendall(frames)
    except OSError:
        return  # the server has had enough of it, or the test


def test_leaving_and_joining_again_on_one_transport_is_no_way_to_more_events(narrow: RunningServer) -> None:
    with RawClient(narrow.url) as client:
        client.send("41")
        assert client.is_closed_by_the_server()


def test_a_token_that_is_refused_again_and_again_ends_the_transport(narrow: RunningServer) -> None:
    with RawClient(narrow.url, auth={"token": "nonsense"}) as client:
        assert "token_invalid" in client.connected
        client.send('40{"token":"nonsense"}')
        client.frame()
        client.send("40")  # without one it would have been welcome, at the third try too
        assert "sid" in client.frame()
    with RawClient(narrow.url, auth={"token": "nonsense"}) as client:
        for _ in range(2):
            client.send('40{"token":"nonsense"}')
        assert client.is_closed_by_the_server()


def test_another_namespace_is_refused_and_ours_stays(narrow: RunningServer) -> None:
    with RawClient(narrow.url) as client:
        client.send("40/elsewhere,")
        assert client.frame().startswith("44/elsewhere,")
        client.emit("ping")
        assert client.events_until("pong")


def test_a_polling_client_may_send_many_events_at_once(house: RunningServer) -> None:
    race = house.declare("polled-burst")
    answered: Queue[dict[str, Any]] = Queue()
    client = socketio.Client(reconnection=False)
    client.connect(house.url, transports=["polling"])
    for _ in range(30):
        client.emit("subscribe_race", {"raceId": race}, callback=answered.put)

    assert [answered.get(timeout=5)["raceId"] for _ in range(30)] == [race] * 30
    client.disconnect()


def test_a_polling_client_follows_many_races_through_every_heartbeat(server: RunningServer) -> None:
    races = [server.declare(f"polled-{n}") for n in range(40)]
    with Punter(server.url, "polling") as punter:
        punter.ask("subscribe_races", {"raceIds": races})
        for race in races:
            punter.next("race_heartbeat", race, within_s=10)
        # Subscriptions are of a connection: it is still the same one.
        assert punter.ask("get_subscriptions")["raceIds"] == races


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


@pytest.mark.parametrize("packets", ["3\x1e" * 2500 + "3", "6\x1e6", "4\x1e" * 3000 + "4"])
def test_a_poll_of_thousands_of_packets_ends_its_own_session(narrow: RunningServer, packets: str) -> None:
    address = f"{narrow.url}/socket.io/?EIO=4&transport=polling"
    session = json.loads(requests.get(address, timeout=5).text[1:])["sid"]

    answers = [requests.post(f"{address}&sid={session}", data=packets, timeout=5).status_code for _ in range(2)]

    assert answers == [400, 400]
    assert "Session ID unknown" in requests.get(f"{address}&sid={session}", timeout=5).text


@pytest.mark.parametrize("piece", [b"x" * 9000, b""])
def test_a_message_in_pieces_without_end_ends_its_own_connection_and_no_other(
    narrow: RunningServer, piece: bytes
) -> None:
    with Punter(narrow.url) as other, RawClient(narrow.url) as client:
        pieces = frame(TEXT, b"42", final=False) + frame(CONTINUATION, piece, final=False) * (2 if piece else 2500)
        client.socket.sock.sendall(pieces)

        assert client.is_closed_by_the_server()
        assert "timestamp" in other.ask("ping")


def test_compression_owes_nothing_to_earlier_messages_or_is_declined(narrow: RunningServer) -> None:
    offer = ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"]
    shared = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
    with RawClient(narrow.url, header=offer) as client:
        agreed = client.socket.getheaders().get("sec-websocket-extensions")
        assert agreed == (shared if way_of(narrow.url).kind == "direct" else None)
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
