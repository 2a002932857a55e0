"""Clients that send anything at all: everybody gets an answer or is let go, and the server stays as it was."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from websocket import ABNF, WebSocketException

from racing.realtime.events import CLIENT_EVENTS
from tests.support.frames import ACKNOWLEDGED, Frames
from tests.support.fuzz import Payloads, garbage, handshake
from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.shapes import faults
from tests.support.wire import ANSWERS, Punter, all_is_quiet

EVENTS = sorted(CLIENT_EVENTS)
AT_ONCE, PIECE = 100, 65_536
SETTLE_S = 10
JUST_CLOSING = 2  # requests of this test itself, whose end the server has not noticed yet


@pytest.fixture
def patient(sqlite_url: str, tmp_path: Path) -> Iterator[RunningServer]:
    """A web process that lets a client send as many events as it likes."""
    much = {"CLIENT_EVENTS_PER_SECOND": "1000000", "CLIENT_EVENTS_BURST": "1000000", "MAX_SUBSCRIPTIONS": "3"}
    with RunningServer(sqlite_url, tmp_path / "instance", **much) as running:
        yield running


class Prober:
    """Sends events with acknowledgements over one connection, many at once, and checks all that comes back."""

    def __init__(self, client: RawClient, race_ids: list[str]) -> None:
        self._client, self._race_ids, self._frames = client, race_ids, Frames()

    def probe(self, event: str, payloads: list[tuple[Any, ...]]) -> list[Any]:
        """Return the acknowledgements in the order of the events; all that comes must be as the protocol has it."""
        for number, arguments in enumerate(payloads):
            self._client.send(f"42{number}{json.dumps([event, *arguments])}")
        answers: list[Any] = []
        while len(answers) < len(payloads):
            came = self._client.socket.sock.recv(PIECE)
            assert came, "the server has closed the connection"
            for name, body in self._frames.take(came):
                if name == ACKNOWLEDGED:
                    answers.append(body)
                else:
                    assert faults(name, body) == []
        self._pong()
        return answers

    def _pong(self) -> None:
        for _ in range(self._frames.pings):
            self._client.send("3")
        self._frames.pings = 0

    def check(self, event: str, arguments: tuple[Any, ...], answer: Any) -> None:
        """Hold an answer against what was sent: a refusal, or what was validly asked for."""
        assert faults("error" if "event" in answer else ANSWERS[event], answer) == []
        joined = answer.get("raceIds", [answer.get("raceId")]) if answer.get("type") in ("race", "races") else []
        asked = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
        several = asked.get("raceIds") if isinstance(asked.get("raceIds"), list) else []
        assert all(one in [asked.get("raceId"), *several] for one in joined), (event, arguments, answer)
        if event.startswith("subscribe"):
            assert set(joined) <= set(self._race_ids)

    def follows(self) -> set[str]:
        """Return the races that the server says this connection follows."""
        return set(self.probe("get_subscriptions", [()])[0]["raceIds"])


def _fuzz_payloads(server: RunningServer, events: int, luck: random.Random) -> None:
    race_ids = [server.declare(f"wexmoor-{n}") for n in range(5)]
    payloads = Payloads(luck, race_ids, server.token)
    with Punter(server.url) as bystander:
        bystander.follow(race_ids[0], mode="delta")
        for start in range(0, events, AT_ONCE):
            if start % (20 * AT_ONCE) == 0:
                client = RawClient(server.url)
                prober, follows = Prober(client, race_ids), set[str]()
            for event in EVENTS:
                asked = [payloads.any(event) for _ in range(AT_ONCE)]
                answers = prober.probe(event, asked)
                for arguments, answer in zip(asked, answers, strict=True):
                    prober.check(event, arguments, answer)
                    follows = _after(event, answer, follows)
                assert prober.follows() == follows
            server.price(race_ids[0], r1=2 + start % 7)
            if start % (20 * AT_ONCE) == 19 * AT_ONCE:
                client.socket.shutdown()
        client.socket.shutdown()
        bystander.converges(server, race_ids[0])


def _after(event: str, answer: Any, follows: set[str]) -> set[str]:
    if "event" in answer:
        return follows
    if event == "unsubscribe_race":
        return follows - {answer["raceId"]}
    if event in ("subscribe_race", "subscribe_races"):
        return follows | set(answer.get("raceIds", [answer.get("raceId")]))
    return follows


def _send_garbage(server: RunningServer, connections: int, luck: random.Random) -> None:
    for number in range(connections):
        client = RawClient(server.url, joined=luck.random() < 0.7)
        try:
            for _ in range(luck.randint(1, 4)):
                body = garbage(luck)
                text = isinstance(body, str) or luck.random() < 0.3  # bytes in a text frame: no UTF-8
                client.socket.send(body, ABNF.OPCODE_TEXT if text else ABNF.OPCODE_BINARY)
        except (OSError, WebSocketException):
            pass  # let go already
        if number % 10 == 0:
            requests.request(**_request(server, luck), timeout=10)
        client.socket.shutdown()


def _request(server: RunningServer, luck: random.Random) -> dict[str, Any]:
    made = handshake(luck)
    made["url"] = server.url + made.pop("path")
    return made


def _connected(server: RunningServer) -> int:
    return int(requests.get(f"{server.url}/health", timeout=10).json()["services"]["websocket"]["connected"])


def _open_sockets(server: RunningServer) -> int:
    assert server.process is not None
    files = Path(f"/proc/{server.process.pid}/fd").iterdir()
    return sum(file.is_symlink() and str(file.readlink()).startswith("socket:") for file in files)


def _all_gone(server: RunningServer, sockets: int) -> bool:
    deadline = time.monotonic() + SETTLE_S
    while _connected(server) or _open_sockets(server) > sockets + JUST_CLOSING:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)  # no event tells that the server has noticed the end of a connection
    return True


def _fuzz(server: RunningServer, events: int, connections: int, seed: int) -> None:
    print(f"seed {seed}")  # shown where it fails
    luck = random.Random(seed)
    with Punter(server.url) as punter:
        punter.ask("ping")
    assert _all_gone(server, 10**6)
    sockets = _open_sockets(server)

    _fuzz_payloads(server, events, luck)
    with Punter(server.url) as punter:
        _send_garbage(server, connections, luck)
        punter.follow("wexmoor-1")
        version = server.price("wexmoor-1", r2=7.5)
        assert punter.next("odds_update", "wexmoor-1")["payload"]["version"] == version

    assert _all_gone(server, sockets), (_connected(server), _open_sockets(server), sockets)
    metrics = requests.get(f"{server.url}/metrics", timeout=10).text
    assert "racing_connections 0.0" in metrics
    assert "racing_rooms 0.0" in metrics
    assert all_is_quiet(server), server.log[-5000:]


def test_whatever_clients_send_the_server_answers_and_stays_as_it_was(patient: RunningServer) -> None:
    _fuzz(patient, 400, 60, random.SystemRandom().randrange(10**9))


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_twenty_thousand_payloads_to_each_event_do_no_harm(patient: RunningServer) -> None:
    _fuzz(patient, 20_000, 1500, random.SystemRandom().randrange(10**9))
