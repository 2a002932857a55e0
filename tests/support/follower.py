"""A client that keeps races current by the protocol's rules: the stock Python client, and what a page's modules do."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import msgpack
from socketio.exceptions import BadNamespaceError

from tests.support.board import Board, FollowedRace
from tests.support.in_order import InOrder
from tests.support.shapes import faults

COME_WITHIN_S = 15.0
TICK_S = 0.5


@dataclass(frozen=True)
class Update:
    """An `odds_update`: `stamp` by the worker's clock, `at` by our monotonic one; `held` is what we hold since."""

    race_id: str
    held: int
    stamp: datetime
    at: float
    is_answer: bool
    is_urgent: bool


class Follower:
    """One connection that follows races and comes back by itself. Use it as a context.

    `addresses` are tried in turn, the first one first. Leaving it fails where anything that came was malformed, unless
    it is not `strict`: then it takes what it does not know, as clients do that are older than the worker.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        race_ids: Sequence[str],
        *,
        mode: str = "full",
        encoding: str = "json",
        transport: str = "websocket",
        token: str | None = None,
        strict: bool = True,
    ) -> None:
        self.name = f"{mode} {encoding} {transport} at {addresses[0]}"
        self.updates: list[Update] = []
        self.others: list[tuple[str, Any]] = []
        self.faults: list[str] = []
        self.is_connected = False
        self._faults = faults if strict else _no_faults
        self._addresses = itertools.cycle(addresses)
        self._transport, self._how = transport, {"mode": mode, "encoding": encoding}
        self._auth = {"token": token} if token else None
        self._races = {race_id: FollowedRace() for race_id in race_ids}
        self._connected_at = 0.0
        self._changed = threading.Condition(threading.RLock())
        self._left = threading.Event()
        self._client = InOrder(reconnection_delay=0.2, reconnection_delay_max=1, randomization_factor=0.2)
        for event, handle in (
            ("connect", self._come),
            ("disconnect", self._go),
            ("subscribed", self._subscribed),
            ("odds_update", self._update),
            ("race_heartbeat", self._beat),
            ("*", self._keep),
        ):
            self._client.on(event, handle)

    def __enter__(self) -> Self:
        self._client.connect(lambda: next(self._addresses), auth=self._auth, transports=[self._transport])
        threading.Thread(target=self._tick, daemon=True).start()
        for race_id in self._races:
            self.wait_until(lambda race_id=race_id: self._races[race_id].synced, f"board of {race_id}", COME_WITHIN_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._client.shutdown()
        if kind is None:
            assert self.faults == []

    # --- what comes ---------------------------------------------------------------------------------------------------

    def _come(self) -> None:
        with self._changed:
            self.is_connected, self._connected_at = True, time.monotonic()
            for race_id in self._races:
                self._ask(race_id)
            self._changed.notify_all()

    def _go(self, _reason: Any = None) -> None:
        with self._changed:
            self.is_connected = False
            for race in self._races.values():
                race.lose()
            self._changed.notify_all()

    def _subscribed(self, payload: Any) -> None:
        with self._changed:
            self.faults += self._faults("subscribed", payload)
            self._races[payload["raceId"]].subscribed(payload["version"], time.monotonic())
            self._changed.notify_all()

    def _update(self, payload: Any) -> None:
        if isinstance(payload, bytes):
            payload = msgpack.unpackb(payload)
        with self._changed:
            self.faults += self._faults("odds_update", payload)
            race_id, board, now = payload["raceId"], payload["payload"], time.monotonic()
            race = self._races[race_id]
            before, was_asked = race.board, race.asked is not None
            if race.update(board, now):
                self._ask(race_id)
            is_urgent = race.board.race != before.race or race.board.runners != before.runners
            stamp = datetime.fromisoformat(payload["timestamp"])
            self.updates.append(Update(race_id, race.board.version, stamp, now, was_asked, is_urgent))
            self._changed.notify_all()

    def _beat(self, payload: Any) -> None:
        with self._changed:
            self.faults += self._faults("race_heartbeat", payload)
            if self._races[payload["raceId"]].beat(payload["version"], time.monotonic()):
                self._ask(payload["raceId"])

    def _keep(self, event: str, payload: Any = None) -> None:
        with self._changed:
            self.faults += self._faults(event, payload)
            self.others.append((event, payload))
            self._changed.notify_all()

    def _tick(self) -> None:
        # What a page's timer does: asks again where an answer, or any word at all, is overdue.
        while not self._left.wait(TICK_S):
            with self._changed:
                now = time.monotonic()
                for race_id, race in self._races.items():
                    if self.is_connected and race.is_due(now, self._connected_at):
                        self._ask(race_id)

    def _ask(self, race_id: str) -> None:
        since = self._races[race_id].ask(time.monotonic())
        known = {} if since is None else {"since": since}
        try:
            self._client.emit("subscribe_race", {"raceId": race_id, **self._how, **known})
        except BadNamespaceError:
            # The connection has just gone; it asks when it is back.
            self.is_connected = False

    # --- what it is asked ---------------------------------------------------------------------------------------------

    def board(self, race_id: str) -> Board:
        """What it holds of a race."""
        return self._races[race_id].board

    def reached(self, race_id: str, version: int) -> float | None:
        """When it first held this version, on the monotonic clock; None where it does not yet."""
        with self._changed:
            times = (one.at for one in self.updates if one.race_id == race_id and one.held >= version)
            return next(times, None)

    def wait_until(self, true: Callable[[], bool], what: str, within_s: float) -> None:
        """Wait for something that only an arriving event can make true."""
        with self._changed:
            assert self._changed.wait_for(true, within_s), f"no {what} within {within_s} s for {self.name}"

    def told(self, event: str) -> list[Any]:
        """The payloads of the other events of that name, in the order they came."""
        with self._changed:
            return [payload for name, payload in self.others if name == event]


def _no_faults(_event: str, _payload: Any) -> list[str]:
    return []
