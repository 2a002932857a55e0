"""A punter's own connection: the stock Python client, and the board it holds by the protocol's rules."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import msgpack
import socketio

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
class Board:
    """What a client holds of one race, by the protocol's rules: of every key the highest version wins."""

    version: int = -1
    entries: dict[tuple[str, str], Payload] = field(default_factory=dict)
    runners: dict[str, Payload] = field(default_factory=dict)
    race: Payload = field(default_factory=lambda: {"version": -1})

    def apply(self, payload: Payload) -> None:
        """Take in an image or a delta."""
        for entry in payload["odds"]:
            self._keep(self.entries, (entry["runnerId"], entry["bookmaker"]), entry)
        for change in payload["runners"]:
            self._keep(self.runners, change["runnerId"], change)
        if payload.get("race", self.race)["version"] > self.race["version"]:
            self.race = payload["race"]
        self.version = max(self.version, payload["version"])

    @staticmethod
    def _keep(held: dict[Any, Payload], key: Any, new: Payload) -> None:
        if key not in held or new["version"] > held[key]["version"]:
            held[key] = new


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
        self.boards: dict[str, Board] = {}
        self.faults: list[str] = []
        self._url, self._transport = url, transport
        self._auth = {"token": token} if token else None
        self._followed: dict[str, Payload] = {}
        self._arrived = threading.Condition()
        self._client = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=1)
        self._client.on("*", self._receive)
        self._client.on("connect", self._subscribe_again)

    def __enter__(self) -> Self:
        self._client.connect(self._url, auth=self._auth, transports=[self._transport])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.shutdown()
        if kind is None:
            assert self.faults == []

    def _receive(self, event: str, payload: Any = None) -> None:
        # The stock client gives every message a thread of its own.
        if isinstance(payload, bytes):
            payload = msgpack.unpackb(payload)
        found = faults(event, payload)
        with self._arrived:
            self.faults += found
            self.inbox.append(Received(event, payload, time.monotonic()))
            if event == "odds_update" and not found:
                self.boards.setdefault(payload["raceId"], Board()).apply(payload["payload"])
            self._arrived.notify_all()

    def _subscribe_again(self) -> None:
        for race_id, how in self._followed.items():
            since = {"since": self.boards[race_id].version} if race_id in self.boards else {}
            self._client.emit("subscribe_race", {"raceId": race_id, **how, **since})

    def ask(self, event: str, payload: Any = None) -> Payload:
        """Send an event; return its acknowledgement, checked like the event that answers."""
        answer = self._client.call(event, payload, timeout=WITHIN_S)
        self.faults += faults("error" if "event" in answer else ANSWERS[event], answer)
        return answer

    def follow(self, race_id: str, **how: Any) -> Payload:
        """Subscribe to one race, again after every reconnection; return the board it is answered with."""
        self._followed[race_id] = {key: value for key, value in how.items() if key != "since"}
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
        image = Board()
        image.apply(server.api("GET", f"/races/{race_id}/odds").json())
        self.wait_until(lambda: self.boards.get(race_id) == image, f"convergence of {race_id} to {image}", within_s)


def all_is_quiet(server: RunningServer) -> bool:
    """Tell whether the server has logged no error."""
    return "Traceback" not in server.log and "level='error'" not in server.log
