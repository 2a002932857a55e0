"""What Engine.IO v4 refuses of handshakes, sessions and packets, on both transports: as its document has it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from websocket import WebSocket, WebSocketBadStatusException, create_connection

from tests.support.polling import WITHIN_S, PollingClient
from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.wire import Punter, all_is_quiet

PING_S = 1
OPENING = {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}


@pytest.fixture(scope="module")
def open_brisk_house(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A web process that asks every second who is there, and waits a second for the answer."""
    folder = tmp_path_factory.mktemp("brisk")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    pings = {"PING_INTERVAL_MS": str(1000 * PING_S), "PING_TIMEOUT_MS": str(1000 * PING_S)}
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **pings) as running:
        yield running


@pytest.fixture
def brisk(open_brisk_house: RunningServer) -> Iterator[RunningServer]:
    """The web process, which must log no error meanwhile."""
    yield open_brisk_house
    assert all_is_quiet(open_brisk_house), open_brisk_house.log


def upgraded(client: PollingClient) -> WebSocket:
    """Take the session of `client` over to a WebSocket."""
    websocket = create_connection(client.websocket_address(), timeout=WITHIN_S)
    websocket.send("2probe")
    assert websocket.recv() == "3probe"
    websocket.send("5")
    return websocket


def joins(websocket: WebSocket) -> bool:
    """Tell whether Socket.IO can be joined over this WebSocket, and nothing else comes before."""
    websocket.send("40")
    return websocket.recv().startswith("40{")


def is_closed_in_words(websocket: WebSocket) -> bool:
    """Wait for the end of a WebSocket on which nothing but pings may come before it."""
    while (came := websocket.recv_data(control_frame=True)[0]) != 8:
        assert came == 1
    return True


# --- the handshake --------------------------------------------------------------------------------------------------


def test_a_session_of_polls_opens_with_all_a_client_must_know(brisk: RunningServer) -> None:
    opening = PollingClient(brisk.url).opening

    assert opening.keys() == OPENING
    assert opening["upgrades"] == ["websocket"]
    assert (opening["pingInterval"], opening["pingTimeout"]) == (1000 * PING_S, 1000 * PING_S)
    assert opening["maxPayload"] == 16 * 1024


@pytest.mark.parametrize(
    "query",
    ["transport=polling", "EIO=abc&transport=polling", "EIO=3&transport=polling", "EIO=5&transport=polling", "EIO=4",
     "EIO=4&transport=abc", "EIO=4&transport=", "EIO=4&transport=websocket", "EIO=4&transport=polling&transport=abc",
     "EIO=4&transport=polling&sid=nobody"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_poll_that_is_none_is_refused(house: RunningServer, method: str, query: str) -> None:
    assert requests.request(method, f"{house.url}/socket.io/?{query}", timeout=WITHIN_S).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD"])
def test_another_method_is_refused(house: RunningServer, method: str) -> None:
    handshake = f"{house.url}/socket.io/?EIO=4&transport=polling"
    assert requests.request(method, handshake, timeout=WITHIN_S).status_code == 400
    if method != "POST":
        client = PollingClient(house.url)
        assert requests.request(method, client.address(), timeout=WITHIN_S).status_code == 400
        assert client.post("40").text == "OK"


@pytest.mark.parametrize(
    "query",
    ["transport=websocket", "EIO=abc&transport=websocket", "EIO=3&transport=websocket", "EIO=4", "EIO=4&transport=abc",
     "EIO=4&transport=polling", "EIO=4&transport=websocket&sid=nobody", "EIO=4&transport=websocket&transport=polling"],
)  # fmt: skip
def test_a_websocket_with_a_wrong_query_is_refused(house: RunningServer, query: str) -> None:
    with pytest.raises(WebSocketBadStatusException) as refused:
        create_connection(f"{house.url.replace('http', 'ws', 1)}/socket.io/?{query}", timeout=WITHIN_S)

    assert refused.value.status_code == 400


def test_a_session_is_asked_for_by_its_own_transport(house: RunningServer) -> None:
    client = PollingClient(house.url)

    assert requests.get(client.address(transport="websocket"), timeout=WITHIN_S).status_code == 400
    assert requests.post(client.address(transport="websocket"), data="40", timeout=WITHIN_S).status_code == 400
    assert requests.get(client.address(transport="abc"), timeout=WITHIN_S).status_code == 400
    with pytest.raises(WebSocketBadStatusException):
        create_connection(client.address().replace("http", "ws", 1), timeout=WITHIN_S)
    assert client.post("40").text == "OK"
    assert client.get().text.startswith("40{")


# --- sessions of polls ----------------------------------------------------------------------------------------------


def test_a_client_that_closes_ends_its_waiting_poll_and_its_session(house: RunningServer) -> None:
    client = PollingClient(house.url, joined=True)
    waiting = client.wait()

    assert client.post("1").status_code == 200

    assert waiting.answer() == (200, "6")
    assert client.get().status_code == 400
    assert client.post("40").status_code == 400


@pytest.mark.parametrize("payload", ["abc", "9", "7x", "2", "2probe", "", "4abc", "\x1e", "4\x1e", "b4!", "\udcff"])
def test_a_payload_that_is_none_ends_its_session(house: RunningServer, payload: str) -> None:
    client = PollingClient(house.url, joined=True)

    body = payload.encode("utf-8", "surrogateescape")
    answer = requests.post(client.address(), data=body, timeout=WITHIN_S)

    assert answer.status_code == (200 if payload == "4abc" else 400)  # Socket.IO finds out after the answer
    assert becomes(lambda: client.get().status_code == 400)


def test_a_body_without_its_length_ends_its_session(house: RunningServer) -> None:
    client = PollingClient(house.url)

    assert requests.post(client.address(), data=iter([b"40"]), timeout=WITHIN_S).status_code == 400
    assert client.get().status_code == 400


def test_two_polls_at_once_end_their_session(house: RunningServer) -> None:
    client = PollingClient(house.url, joined=True)
    first = client.wait()

    assert client.get().status_code == 400

    assert first.answer() == (200, "1")
    assert client.get().status_code == 400


def test_a_poll_that_its_client_gives_up_ends_its_session(house: RunningServer) -> None:
    client = PollingClient(house.url, joined=True)
    client.wait().give_up()

    assert client.post("3").status_code == 400
    assert client.get().status_code == 400


def test_a_poll_that_its_client_gives_up_is_noticed_by_itself(house: RunningServer) -> None:
    before = connected(house)
    client = PollingClient(house.url, joined=True)
    assert connected(house) == before + 1

    client.wait().give_up()

    assert becomes(lambda: connected(house) == before)


# --- heartbeats -----------------------------------------------------------------------------------------------------


def test_whoever_answers_pings_stays_and_whoever_does_not_ends(brisk: RunningServer) -> None:
    client = PollingClient(brisk.url, joined=True)
    for _ in range(2):
        assert client.get().text == "2"
        assert client.post("3").status_code == 200

    assert client.get().text == "2"
    asked = time.monotonic()
    waiting = client.wait()

    assert waiting.answer() == (200, "6")
    assert time.monotonic() - asked < 2.5 * PING_S
    assert client.get().status_code == 400
    assert client.post("3").status_code == 400


def test_a_session_that_never_polls_is_over_when_its_pong_is_due(brisk: RunningServer) -> None:
    client = PollingClient(brisk.url)
    time.sleep(2.1 * PING_S)  # the time is what is tested

    assert client.post("3").status_code == 400
    assert client.get().status_code == 400


def test_a_websocket_that_answers_no_ping_is_closed(brisk: RunningServer) -> None:
    with RawClient(brisk.url) as silent, Punter(brisk.url) as answering:
        asked = time.monotonic()
        assert silent.is_closed_by_the_server()
        assert PING_S < time.monotonic() - asked < 4 * PING_S
        assert "timestamp" in answering.ask("ping")


# --- the upgrade ----------------------------------------------------------------------------------------------------


def test_an_upgrade_ends_the_waiting_poll_and_loses_nothing(house: RunningServer) -> None:
    client = PollingClient(house.url)
    waiting = client.wait()
    websocket = create_connection(client.websocket_address(), timeout=WITHIN_S)
    websocket.send("2probe")
    assert websocket.recv() == "3probe"
    assert waiting.answer() == (200, "6")
    assert client.get().text == "6"
    assert client.post("40").text == "OK"  # it may still send

    websocket.send("5")

    assert websocket.recv().startswith("40{")


def test_an_upgraded_session_is_asked_over_its_websocket_only(house: RunningServer) -> None:
    client = PollingClient(house.url)
    websocket = upgraded(client)
    assert joins(websocket)

    assert client.get().status_code == 400
    assert client.post('42["ping"]').status_code == 400

    with pytest.raises(WebSocketBadStatusException) as refused:
        create_connection(client.websocket_address(), timeout=WITHIN_S)
    assert refused.value.status_code == 400
    websocket.send('42["ping"]')
    assert websocket.recv().startswith('42["pong"')


def test_a_session_that_is_a_websocket_is_asked_over_nothing_else(house: RunningServer) -> None:
    with RawClient(house.url) as client:
        sid = client.opening.split('"sid":"')[1].split('"')[0]
        polls = f"{house.url}/socket.io/?EIO=4&transport=polling&sid={sid}"

        assert requests.get(polls, timeout=WITHIN_S).status_code == 400
        assert requests.post(polls, data="1", timeout=WITHIN_S).status_code == 400
        with pytest.raises(WebSocketBadStatusException):
            create_connection(polls.replace("http", "ws", 1).replace("polling", "websocket"), timeout=WITHIN_S)
        client.emit("ping")
        client.events_until("pong")


@pytest.mark.parametrize("probe", ["2", "2prob", "4hello", "abc", "5", "40", "", b"2probe"])
def test_a_probe_that_is_none_leaves_polling_as_it_is(house: RunningServer, probe: Any) -> None:
    client = PollingClient(house.url, joined=True)
    websocket = create_connection(client.websocket_address(), timeout=WITHIN_S)
    websocket.send_binary(probe) if isinstance(probe, bytes) else websocket.send(probe)
    assert is_closed_in_words(websocket)

    assert client.post('42["ping"]').status_code == 200
    assert client.get().text.startswith('42["pong"')
    second = upgraded(client)
    second.send('42["ping"]')
    assert second.recv().startswith('42["pong"')


@pytest.mark.parametrize("instead", ["4", "2probe", "abc", None])
def test_an_upgrade_that_is_broken_off_leaves_polling_as_it_is(house: RunningServer, instead: str | None) -> None:
    client = PollingClient(house.url, joined=True)
    websocket = create_connection(client.websocket_address(), timeout=WITHIN_S)
    websocket.send("2probe")
    assert websocket.recv() == "3probe"
    websocket.shutdown() if instead is None else websocket.send(instead)

    assert client.post('42["ping"]').status_code == 200
    assert becomes(lambda: '42["pong"' in client.get().text)


def test_polling_goes_on_beside_a_websocket_that_says_nothing(house: RunningServer) -> None:
    client = PollingClient(house.url, joined=True)
    websocket = create_connection(client.websocket_address(), timeout=WITHIN_S)
    waiting = client.wait()
    assert client.post('42["ping"]').status_code == 200

    assert waiting.answer()[1].startswith('42["pong"')
    with pytest.raises(WebSocketBadStatusException):
        create_connection(client.websocket_address(), timeout=WITHIN_S)
    websocket.send("2probe")
    assert websocket.recv() == "3probe"


# --- packets over a WebSocket ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("packet", ["abc", "7", "8x", "9", "2", "2probe", "", "1"])
def test_a_packet_that_clients_do_not_send_ends_its_websocket(house: RunningServer, packet: str) -> None:
    with RawClient(house.url) as client, Punter(house.url) as other:
        client.send(packet)

        assert is_closed_in_words(client.socket)
        assert "timestamp" in other.ask("ping")


def connected(server: RunningServer) -> int:
    return int(requests.get(f"{server.url}/health", timeout=WITHIN_S).json()["services"]["websocket"]["connected"])


def becomes(true: Callable[[], bool]) -> bool:
    """Wait for what no event tells of."""
    deadline = time.monotonic() + WITHIN_S
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
