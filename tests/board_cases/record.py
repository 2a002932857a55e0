"""Records what real clients were sent, as cases: `python -m tests.board_cases.record` writes played.json anew.

Each is one client's view of a race whose prices, runners and status change while its line repeats, loses and reorders.
"""

import json
import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask

from app import create_app
from racing.errors import RacingError
from racing.services import odds, races
from racing.statuses import RaceStatus
from tests.factories import OFF_TIME, a_race, quotes
from tests.realtime.line import Client
from tests.realtime.worker import Backup, Worker
from tests.support.board import Board, FollowedRace, Payload

FILE = Path(__file__).parent / "played.json"
SEEDS, STEPS = range(12), 24
WAYS = [(mode, from_page) for mode in ("delta", "full") for from_page in (True, False)]
STAMP = "2030-06-01T12:00:00.000Z"
Case = dict[str, Any]


class RecordedRace(FollowedRace):
    """A followed race that notes what happens to it, and what it then asks for."""

    def __init__(self, board: Board | None = None) -> None:
        super().__init__(board)
        self.start = None if board is None else _image(board)
        self.events: list[list[Any]] = []
        self._is_noting = True

    def _note(self, name: str, *what: Any, act: Callable[[], Any]) -> Any:
        if not self._is_noting:  # what was kept is applied: not an event of its own
            return act()
        self._is_noting = False
        answer = act()
        self._is_noting = True
        self.events.append([name, *what, *(["asks"] if answer is True else [])])
        return answer

    def ask(self, now: float = 0.0) -> int | None:
        return self._note("ask", act=lambda: super(RecordedRace, self).ask(now))

    def lose(self) -> None:
        self._note("lose", act=super().lose)

    def subscribed(self, version: int, now: float = 0.0) -> None:
        self._note("subscribed", version, act=lambda: super(RecordedRace, self).subscribed(version, now))

    def update(self, payload: Payload, now: float = 0.0) -> bool:
        dated = {**payload, "updatedAt": STAMP}  # that of version 0 is when the race was declared: now
        return self._note("update", dated, act=lambda: super(RecordedRace, self).update(payload, now))

    def beat(self, version: int, now: float = 0.0) -> bool:
        return self._note("beat", version, act=lambda: super(RecordedRace, self).beat(version, now))


def shown(board: Board) -> Case:
    """Return a board as the cases have it."""
    return {
        "version": board.version,
        "prices": [board.prices[key] for key in sorted(board.prices)],
        "runners": [board.runners[key] for key in sorted(board.runners)],
        "race": board.race,
        "book": board.book,
    }


def _image(board: Board) -> Case:
    made = shown(board)
    return {**made, "odds": made.pop("prices"), "base": 0, "full": True, "updatedAt": STAMP}


def _change(luck: random.Random, race_id: str, step: int) -> Callable[[], object]:
    at = OFF_TIME - timedelta(hours=1) + timedelta(seconds=step)
    runner, price = luck.choice("12"), luck.choice(("1.5", "3", "13.93", None))
    if luck.random() < 0.8:
        return partial(
            odds.change_prices, race_id, quotes({runner: price}, luck.choice(("house", "tote"))), None, at=at
        )
    if luck.random() < 0.5:
        return partial(luck.choice((races.withdraw, races.reinstate)), race_id, runner, None, at)
    return partial(races.change_status, race_id, luck.choice(list(RaceStatus)[:8]), None, at)


def _trouble(luck: random.Random, client: Client) -> None:
    what = luck.random()
    if what < 0.1:
        client.cut()
        client.come_back()
    elif what < 0.3:
        client.slow(luck.uniform(0, 3))
    elif what < 0.5:
        client.deliver_again(4)
    elif what < 0.8 and client.coming:
        message = client.coming.pop(luck.randrange(len(client.coming)))
        client.coming += [message] * luck.randrange(2)


def _play(worker: Worker, seed: int) -> Case:
    luck = random.Random(seed)
    race_id = a_race(f"wexmoor-{seed}", 2)
    backup = Backup(worker.app)
    mode, from_page = WAYS[seed % len(WAYS)]
    client = Client(worker, [race_id], {"mode": mode}, from_page=from_page, kind=RecordedRace)
    for step in range(STEPS):
        if seed % 3 == 0 and step == STEPS - 8:
            backup.restore()
        elif step < STEPS - 8:
            with worker.writing("here"), suppress(RacingError):
                _change(luck, race_id, step)()
        worker.loses_broadcasts = luck.random() < 0.2
        _trouble(luck, client)
        end = worker.now + luck.uniform(0, 2)
        while worker.now < end:
            worker.step(end)
            client.tick()
            client.flow()
    race = client.races[race_id]
    assert isinstance(race, RecordedRace)
    client.cut()
    case = {"case": f"played with seed {seed}: {mode}, {'from a page' if from_page else 'from nothing'}"}
    return {**case, "start": race.start, "events": race.events[:-1], "board": shown(race.board)}


def played(app: Flask, elsewhere: Flask) -> str:
    """Return the cases, played on an empty database."""
    worker = Worker(app, elsewhere)
    cases = [json.dumps(_play(worker, seed), separators=(",", ":")) for seed in SEEDS]
    return "[\n" + ",\n".join(cases) + "\n]\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/racing.db"
        other, main = (create_app(database_url=address, instance_path=Path(folder) / name) for name in ("a", "b"))
        with main.app_context():
            flask_migrate.upgrade()
            FILE.write_text(played(main, other))
