"""One worker with the real handlers, services and database behind it, and a clock that is stepped."""

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from flask import Flask

from racing.extensions import db, socketio
from racing.realtime import shapes
from racing.realtime.heartbeat import Heartbeat
from racing.realtime.kept_boards import KeptBoards
from racing.realtime.loop import LiveLoop
from racing.realtime.publisher import Publisher
from racing.realtime.standing import Standing
from racing.services import boards

INTERVAL_S, HEARTBEAT_S = 1.0, 5.0
START_S = 1000.0


class Worker:
    """Serves the clients of `app`. `elsewhere` is an application on the same database that nobody is connected to."""

    def __init__(self, app: Flask, elsewhere: Flask) -> None:
        self.app, self.elsewhere = app, elsewhere
        self.now = START_S
        self.loses_broadcasts = False
        self.start()

    def start(self) -> None:
        """Begin anew, knowing nothing: what waited to be published is gone with the worker before."""
        wake, connections = threading.Event(), self.app.extensions["connections"]
        self.publisher = Publisher(
            connections, self._read_boards, self._read_standings, self._emit, lambda: self.now, INTERVAL_S, wake.set
        )
        heartbeat = Heartbeat(self.publisher, self._read_standings, self._emit)
        self._loop = LiveLoop(self.publisher, heartbeat, lambda: self.now, wake, HEARTBEAT_S)
        kept_boards = KeptBoards(self.publisher, self._read_board, self._read_standings, lambda: self.now)
        self.app.extensions.update(publisher=self.publisher, kept_boards=kept_boards, live_loop=self._loop)

    def step(self, until: float) -> None:
        """Do what falls due next, if anything does by `until`; the time is then that of the event, or `until`."""
        due = self._loop.next_step()
        self.now = min(max(self.now, due), until)
        if due <= until:
            self._loop.step()

    @contextmanager
    def writing(self, where: str) -> Iterator[None]:
        """Write in this process ("here"), which then knows of it, or as `replay` does, in another ("elsewhere")."""
        with (self.app if where == "here" else self.elsewhere).app_context():
            yield

    def image(self, race_id: str) -> shapes.Board:
        """Return what the database says of a race."""
        return self._read_board(race_id, None)

    def _read_board(self, race_id: str, since: int | None) -> shapes.Board:
        with self.app.app_context():
            return boards.board(race_id, since)

    def _read_boards(self, asked: Mapping[str, int | None]) -> Mapping[str, shapes.Board]:
        with self.app.app_context():
            return boards.several(asked)

    def _read_standings(self, race_ids: Collection[str]) -> Mapping[str, Standing]:
        with self.app.app_context():
            return boards.standings(race_ids)

    def _emit(self, event: str, *message: Any, **where: Any) -> None:
        if not self.loses_broadcasts:
            socketio.emit(event, *message, **where)


class Backup:
    """A copy of the whole database at one moment."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._copy = sqlite3.connect(":memory:")
        with self._database() as database:
            database.backup(self._copy)

    def restore(self) -> None:
        """Put the database back to that moment."""
        with self._database() as database:
            self._copy.backup(database)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        with self._app.app_context(), closing(db.engine.raw_connection()) as pooled:
            yield pooled.driver_connection  # type: ignore[misc]
