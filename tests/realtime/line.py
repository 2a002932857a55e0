"""A client of the model: the protocol's rules over a line that may be slow, cut, lossy, repetitive or disorderly."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgpack
from flask_socketio import SocketIOTestClient

from racing.extensions import socketio
from tests.realtime.worker import Worker
from tests.support.board import Board, FollowedRace


class Message(NamedTuple):
    """An event on its way, to the server or to the client."""

    event: str
    body: Any


class Client:
    """Follows races in one mode and encoding, as a page or a program of somebody else's would."""

    def __init__(
        self,
        worker: Worker,
        race_ids: Sequence[str],
        how: dict[str, str],
        *,
        from_page: bool,
        kind: type[FollowedRace] = FollowedRace,
    ) -> None:
        self._worker, self._how = worker, how
        self.races = {race_id: kind(Board.of(worker.image(race_id)) if from_page else None) for race_id in race_ids}
        self._slow_until = self._away_until = 0.0
        self.coming: list[Message] = []
        self.came: list[Message] = []
        self._going: list[Message] = []
        self._connection: SocketIOTestClient | None = None
        self._connected_at = 0.0
        self.come_back()

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    @property
    def is_slow(self) -> bool:
        """Tell whether nothing arrives by itself at present, in either direction."""
        return self._worker.now < self._slow_until

    def slow(self, seconds: float) -> None:
        """Let nothing arrive by itself for so long."""
        self._slow_until = self._worker.now + seconds

    def cut(self, seconds: float = 0.0) -> None:
        """Lose the connection, with all that is under way, and stay away for so long."""
        self._away_until = self._worker.now + seconds
        if self._connection is not None:
            self._connection.disconnect()
            self._connection = None
        self.coming, self.came, self._going = [], [], []
        for race in self.races.values():
            race.lose()

    def come_back(self) -> None:
        """Connect again, and subscribe with what is held."""
        if self._connection is None:
            self._connection = socketio.test_client(self._worker.app)
            self._connected_at = self._worker.now
            self._ask(list(self.races))

    def tick(self) -> None:
        """Come back when it is time to, and ask about whatever has been silent for too long."""
        now = self._worker.now
        if self.is_connected:
            self._ask([race_id for race_id, race in self.races.items() if race.is_due(now, self._connected_at)])
        elif now >= self._away_until:
            self.come_back()

    def ask_again(self) -> None:
        """Subscribe anew, as a page does that is shown again."""
        if self.is_connected:
            self._ask(list(self.races))

    def flow(self) -> None:
        """Let all that is under way arrive, unless the line is slow."""
        self._collect()
        while not self.is_slow and (self._going or self.coming):
            self.deliver_one()

    def deliver_one(self) -> None:
        """Let one message arrive: the next request at the server, or else the next event here."""
        if self._going:
            event, body = self._going.pop(0)
            assert self._connection is not None
            self._connection.emit(event, body)
            self._collect()
        elif self.coming:
            self.came.append(self.coming.pop(0))
            self._receive(*self.came[-1])

    def deliver_again(self, count: int) -> None:
        """Let the last messages arrive once more, the latest first, up to one that finds a question open.

        To that one an older image may be the answer, from a database that was restored. Otherwise nothing changes.
        """
        for message in reversed(self.came[-count:]):
            before = {race_id: race.board for race_id, race in self.races.items() if race.asked is None}
            self._receive(*message)
            if len(before) < len(self.races):
                return
            assert before == {race_id: race.board for race_id, race in self.races.items()}

    def _collect(self) -> None:
        if self._connection is not None:
            self.coming += [Message(came["name"], came["args"][0]) for came in self._connection.get_received()]

    def _ask(self, race_ids: list[str]) -> None:
        since = {race_id: self.races[race_id].ask(self._worker.now) for race_id in race_ids}
        held = {race_id: version for race_id, version in since.items() if version is not None}
        if len(race_ids) > 1:
            self._going.append(Message("subscribe_races", {"raceIds": race_ids, "since": held, **self._how}))
        elif race_ids:
            with_since = {"since": held[race_ids[0]]} if held else {}
            self._going.append(Message("subscribe_race", {"raceId": race_ids[0], **with_since, **self._how}))

    def _receive(self, event: str, body: Any) -> None:
        versions = {race_id: race.board.version for race_id, race in self.races.items()}
        self._take(event, body, self._worker.now)
        if any(self.races[race_id].board.version < version for race_id, version in versions.items()):
            self.came = []  # the database was restored: what came before tells of a past that is no more

    def _take(self, event: str, body: Any, now: float) -> None:
        if event == "odds_update":
            update = msgpack.unpackb(body) if isinstance(body, bytes) else body
            if self.races[update["raceId"]].update(update["payload"], now):
                self._ask([update["raceId"]])
        elif event == "race_heartbeat":
            if self.races[body["raceId"]].beat(body["version"], now):
                self._ask([body["raceId"]])
        elif event == "subscribed":
            for standing in body.get("races", [body]):
                self.races[standing["raceId"]].subscribed(standing["version"], now)
        else:
            assert event == "race_status", (event, body)
