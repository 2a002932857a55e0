"""A punter's own connection: the stock Python client, and the board it holds by the protocol's rules."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import msgpack

from tests.support.board import Board, FollowedRace
from tests.support.in_order import InOrder
from tests.support.servers import RunningServer
from tests.support.shapes import faults

WITHIN_S = 5.0
MOST_SUBSCRIPTIONS = 4  # of the journeys' shared web process
ElsewhereWriter = Callable[..., int]
ANSWERS = {
    "subscribe_race": "subscribed",
    "subscribe_races": "subscribed",
    "unsubscribe_race": "unsubscribed",
    "get_subscriptions": "subscriptions",
    "ping": "pong",
    "authenticate": "authenticated",
    "replay": "replayed",
}
Payload = dict[str, Any]


@dataclass
class Received:
    """One event as it arrived; `at` on the monotonic clock."""

    event: str
    payload: Payload
    at: float


class Punter:
    """A connected stock client. Use it as a context: leaving it fails where anything that came was malformed."""

    def __init__(self, url: str, transport: str = "websocket", *, token: str | None = None) -> None:
        self.inbox: list[Received] = []
        self._races: dict[str, FollowedRace] = {}
        self.faults: list[str] = []
        self._url, self._transport = url, transport
        self._auth = {"token": token} if token else None
        self._followed: dict[str, Payload] = {}
        self._arrived = threading.Condition()
        self._client = InOrder(reconnection_delay=0.2, reconnection_delay_max=1)
        self._client.on("*", self._receive)
        self._client.on("connect", self._subscribe_again)
        self._client.on("disconnect", self._lose)

    def __enter__(self) -> Self:
        self._client.connect(self._url, auth=self._auth, transports=[self._transport])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.shutdown()
        if kind is None:
            assert self.faults == []

    @property
    def boards(self) -> dict[str, Board]:
        """What is held of each race."""
        return {race_id: race.board for race_id, race in self._races.items() if race.board.version >= 0}

    def _receive(self, event: str, payload: Any = None) -> None:
        if isinstance(payload, bytes):
            payload = msgpack.unpackb(payload)
        found = faults(event, payload)
        with self._arrived:
            self.faults += found
            self.inbox.append(Received(event, payload, time.monotonic()))
            if not found and self._shows_a_gap(event, payload):
                self._subscribe(payload["raceId"])
            self._arrived.notify_all()

    def _shows_a_gap(self, event: str, message: Payload) -> bool:
        if event == "subscribed":
            for standing in message.get("races", [message]):
                self._race(standing["raceId"]).subscribed(standing["version"])
        elif event == "odds_update":
            return self._race(message["raceId"]).update(message["payload"]) and message["raceId"] in self._followed
        elif event == "race_heartbeat":
            return self._race(message["raceId"]).beat(message["version"]) and message["raceId"] in self._followed
        return False

    def _race(self, race_id: str) -> FollowedRace:
        return self._races.setdefault(race_id, FollowedRace())

    def _lose(self, _reason: Any = None) -> None:
        with self._arrived:
            for race in self._races.values():
                race.lose()

    def _subscribe_again(self) -> None:
        with self._arrived:
            for race_id in self._followed:
                self._subscribe(race_id)

    def _subscribe(self, race_id: str) -> None:
        since = self._race(race_id).ask()
        asked = {"raceId": race_id, **self._followed[race_id], **({} if since is None else {"since": since})}
        self._client.emit("subscribe_race", asked)

    def ask(self, event: str, payload: Any = None) -> Payload:
        """Send an event; return its acknowledgement, checked like the event that answers."""
        answer = self._client.call(event, payload, timeout=WITHIN_S)
        self.faults += faults("error" if "event" in answer else ANSWERS[event], answer)
        return answer

    def follow(self, race_id: str, **how: Any) -> Payload:
        """Subscribe to one race, again after every reconnection; return the board it is answered with."""
        self._followed[race_id] = {key: value for key, value in how.items() if key != "since"}
        with self._arrived:
            if "since" in how and race_id not in self._races:
                self._races[race_id] = FollowedRace(Board(version=how["since"]))
            self._race(race_id).ask()
        self.ask("subscribe_race", {"raceId": race_id, **how})
        return self.next("odds_update", race_id)["payload"]

    def next(self, event: str, race_id: str | None = None, *, within_s: float = WITHIN_S) -> Payload:
        """Take the first such event out of the inbox, as soon as it is there."""
        return self.take(event, race_id, within_s=within_s).payload

    def take(self, event: str, race_id: str | None = None, *, within_s: float = WITHIN_S) -> Received:
        """As `next`, with the time of arrival."""
        self.wait_until(lambda: bool(self._such(event, race_id)), f"{event} {race_id or ''}", within_s)
        with self._arrived:
            found = self._such(event, race_id)[0]
            self.inbox.remove(found)
        return found

    def has_nothing(self, event: str, race_id: str | None = None) -> bool:
        """Tell whether no such event is there, after all that the server had under way has come."""
        self.ask("ping")
        return self._such(event, race_id) == []

    def _such(self, event: str, race_id: str | None) -> list[Received]:
        return [
            one for one in self.inbox if one.event == event and race_id in (None, (one.payload or {}).get("raceId"))
        ]

    def wait_until(self, true: Callable[[], bool], what: str, within_s: float = WITHIN_S) -> None:
        """Wait for something that only an arriving event can make true."""
        with self._arrived:
            assert self._arrived.wait_for(true, within_s), f"no {what} within {within_s} s; there are {self.inbox}"

    def converges(self, server: RunningServer, race_id: str, within_s: float = 10.0) -> None:
        """Wait until this punter holds what the API says of the race."""
        image = Board.of(server.api("GET", f"/races/{race_id}/odds").json())
        self.wait_until(lambda: self.boards.get(race_id) == image, f"convergence of {race_id} to {image}", within_s)


def all_is_quiet(server: RunningServer) -> bool:
    """Tell whether the server has logged no error (a shared one: since it was mended)."""
    said = server.log[server.mended_at :]
    return "Traceback" not in said and "level='error'" not in said
