"""Hundreds of clients in one loop, each with a board of its own, whose connections can be cut; they come back."""

import json
import random
import selectors
import socket
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from websocket import WebSocket, WebSocketException, create_connection

from tests.support.board import Board, FollowedRace
from tests.support.frames import ACKNOWLEDGED, Event, Frames

RESET = struct.pack("ii", 1, 0)  # linger for no time: the socket ends with RST instead of FIN
PATH = "/socket.io/?EIO=4&transport=websocket"
FIRST_RETRY_S, MOST_RETRY_S = 0.2, 2.0


class Broadcast(NamedTuple):
    """An update that was no answer to a subscription: the server's stamp, when it came, whether it was urgent."""

    stamp: datetime
    came: datetime
    is_urgent: bool


class Fan:
    """One client that follows one race, for as long as it takes."""

    def __init__(self, port: int, race_id: str, how: dict[str, str]) -> None:
        self.race, self.port = FollowedRace(), port
        self.broadcasts: list[Broadcast] = []
        self.times_cut, self.tries = 0, 0
        self.socket: WebSocket | None = None
        self.back_at = 0.0
        self._race_id, self._how = race_id, how
        self._frames, self._connected_at = Frames(), 0.0
        self._is_catching_up = False

    def come_back(self, luck: random.Random) -> bool:
        """Connect and subscribe with what is held; where that fails, wait longer. Tell whether it is connected."""
        try:
            self.socket = create_connection(
                f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket", timeout=5
            )
            self.socket.recv()  # Engine.IO's open
            self.socket.send("40")
            self.socket.recv()  # Socket.IO's connect
        except (OSError, WebSocketException):
            self.lose(luck)
            return False
        self._frames, self._connected_at, self.tries = Frames(), time.monotonic(), 0
        self._is_catching_up = False
        self.ask()
        return True

    def lose(self, luck: random.Random, *, reset: bool = False) -> None:
        """Drop the connection, and note when to come back: later with every try, no two at once."""
        if self.socket is not None:
            if reset and self.socket.sock is not None:
                self.socket.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.socket.shutdown()
            self.socket = None
        self.race.lose()
        self.tries += 1
        self.back_at = time.monotonic() + luck.uniform(0.5, 1) * min(FIRST_RETRY_S * 2**self.tries, MOST_RETRY_S)

    def ask(self) -> None:
        """Subscribe, with the version held."""
        since = self.race.ask(time.monotonic())
        self._emit({"raceId": self._race_id, **self._how, **({} if since is None else {"since": since})})

    def _emit(self, payload: Any) -> None:
        assert self.socket is not None
        self.socket.send("420" + json.dumps(["subscribe_race", payload]))

    def read(self) -> bool:
        """Take in what has come; tell whether the connection still stands."""
        assert self.socket is not None
        came = self.socket.sock.recv(65_536)
        for event in self._frames.take(came):
            self._take(event)
        for _ in range(self._frames.pings):
            self.socket.send("3")
        self._frames.pings = 0
        return bool(came) and not self._frames.is_closed

    def _take(self, event: Event) -> None:
        now, race = time.monotonic(), self.race
        if event.name == "subscribed":
            self._is_catching_up = True  # until the acknowledgement: in between is the answer, and nothing else
            race.subscribed(event.body["version"], now)
        elif event.name == ACKNOWLEDGED:
            self._is_catching_up = False
        elif event.name == "race_heartbeat" and race.beat(event.body["version"], now):
            self.ask()
        elif event.name == "odds_update":
            self._update(event.body, now)

    def _update(self, message: Any, now: float) -> None:
        before = self.race.board
        shows_a_gap = self.race.update(message["payload"], now)
        if not self._is_catching_up:
            is_urgent = (before.race, before.runners) != (self.race.board.race, self.race.board.runners)
            stamp = datetime.fromisoformat(message["timestamp"])
            self.broadcasts.append(Broadcast(stamp, datetime.now(UTC), is_urgent))
        if shows_a_gap:
            self.ask()

    def tick(self) -> None:
        """Ask about what is overdue."""
        if self.race.is_due(time.monotonic(), self._connected_at):
            self.ask()


class Crowd:
    """All of them, in a loop that the caller runs. `fans` may grow between two runs."""

    def __init__(self, fans: list[Fan], luck: random.Random) -> None:
        self.fans, self._luck = fans, luck
        self._selector = selectors.DefaultSelector()

    def run(self, until: Callable[[], bool], every_second: Callable[[], None] = lambda: None) -> bool:
        """Read and come back until something is so, asked once a second; returns whether it became so."""
        look_at = 0.0
        while True:
            for key, _ in self._selector.select(0.02):
                self._read(key.data)
            now = time.monotonic()
            for fan in self.fans:
                if fan.socket is None and fan.back_at <= now and fan.come_back(self._luck):
                    self._selector.register(fan.socket.sock, selectors.EVENT_READ, fan)
            if now >= look_at:
                look_at = now + 1
                if until():
                    return True
                self._tick()
                every_second()

    def _tick(self) -> None:
        for fan in self.fans:
            if fan.socket is not None:
                fan.tick()

    def _read(self, fan: Fan) -> None:
        try:
            stands = fan.read()
        except (OSError, WebSocketException):
            stands = False
        if not stands:
            self.cut(fan)

    def cut(self, fan: Fan, *, reset: bool = False) -> None:
        """End a connection from the client's side."""
        if fan.socket is not None:
            self._selector.unregister(fan.socket.sock)
            fan.times_cut += 1
            fan.lose(self._luck, reset=reset)

    def cut_some(self, share: float) -> None:
        """Cut a share of all, half of them with a reset."""
        for fan in self._luck.sample(self.fans, int(share * len(self.fans))):
            self.cut(fan, reset=self._luck.random() < 0.5)

    def boards(self) -> list[Board]:
        """Return what each of them holds."""
        return [fan.race.board for fan in self.fans]

    def leave(self) -> None:
        """End all connections."""
        for fan in self.fans:
            self.cut(fan)
