"""Whatever happens on the way, every client ends with the database's board: PROTOCOL, section 2, "Convergence".

Not asked of anybody: a database that is restored and then written past the version that a client holds, before that
client has heard of it. A version alone cannot tell the two pasts apart.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app import create_app
from racing.errors import RacingError
from racing.extensions import db
from racing.services import odds, races
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus
from tests.factories import OFF_TIME, a_quote, a_race
from tests.realtime.line import Client
from tests.realtime.worker import Backup, Worker
from tests.support.board import Board

WITHIN_S = 10.0
RUNNERS, BOOKMAKERS, PRICES = ("1", "2", "3"), ("house", "tote"), ("1.5", "3", "13.93", None)
MOST_CLIENTS = 4

a_number = st.integers(0, 7)  # which client, which message: counted round those there are
a_runner = st.sampled_from(RUNNERS)
somewhere = st.sampled_from(("here", "elsewhere"))
some_quotes = st.lists(
    st.tuples(a_runner, st.sampled_from(BOOKMAKERS), st.sampled_from(PRICES)),
    min_size=1, max_size=3, unique_by=lambda quote: quote[:2],
)  # fmt: skip


class Convergence(RuleBasedStateMachine):
    """Writers, clients, lines between them, and all that goes wrong."""

    played = 0

    def __init__(self, app: Flask, elsewhere: Flask) -> None:
        super().__init__()
        self.worker = Worker(app, elsewhere)
        self.clients: list[Client] = []
        self.backup: Backup | None = None
        self.is_restored = False
        Convergence.played += 1
        self.race_ids = [f"{course}-{self.played}" for course in ("wexmoor", "larkdown")]

    # --- what is written ----------------------------------------------------------------------------------------------

    @initialize()
    def declare(self) -> None:
        for race_id in self.race_ids:
            a_race(race_id, len(RUNNERS))
        self.backup = Backup(self.worker.app)

    def _write(self, where: str, change: Callable[..., Any], *what: Any) -> None:
        if self.is_restored:
            self.all_is_mended()
        with self.worker.writing(where):
            try:
                change(*what)
            except RacingError:
                pass  # the rules of racing forbid it, and nothing has happened
            finally:
                db.session.remove()

    @rule(race=a_number, quotes=some_quotes, where=somewhere)
    def prices_move(self, race: int, quotes: list[tuple[str, str, str | None]], where: str) -> None:
        moved = [a_quote(runner, price, bookmaker) for runner, bookmaker, price in quotes]
        self._write(where, odds.change_prices, self._race(race), moved, None)

    @rule(race=a_number, runner=a_runner, change=st.sampled_from((races.withdraw, races.reinstate)), where=somewhere)
    def a_runner_leaves_or_comes_back(self, race: int, runner: str, change: Callable[..., int], where: str) -> None:
        self._write(where, change, self._race(race), runner, None)

    @rule(race=a_number, status=st.sampled_from(RaceStatus), where=somewhere)
    def the_status_changes(self, race: int, status: RaceStatus, where: str) -> None:
        self._write(where, races.change_status, self._race(race), status, None)

    @rule(race=a_number, betting=st.sampled_from(Betting), where=somewhere)
    def betting_changes(self, race: int, betting: Betting, where: str) -> None:
        self._write(where, races.change_betting, self._race(race), betting, None)

    @rule(race=a_number, minutes=st.integers(0, 3))
    def the_off_is_moved(self, race: int, minutes: int) -> None:
        self._write("here", races.change_off_time, self._race(race), OFF_TIME + timedelta(minutes=minutes), None)

    @rule(race=a_number, enquiry=st.booleans())
    def an_enquiry_is_announced(self, race: int, enquiry: bool) -> None:
        self._write("here", races.change_enquiry, self._race(race), enquiry, None)

    @rule(race=a_number, winner=a_runner, where=somewhere)
    def a_result_is_declared(self, race: int, winner: str, where: str) -> None:
        self._write(where, races.declare_result, self._race(race), [Placing(winner, 1, Decimal("3.5"))], None)

    # --- who follows --------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.clients) < MOST_CLIENTS)
    @rule(
        of_two=st.booleans(), mode=st.sampled_from(("full", "delta")), encoding=st.sampled_from(("json", "msgpack")),
        from_page=st.booleans(),
    )  # fmt: skip
    def somebody_follows(self, of_two: bool, mode: str, encoding: str, from_page: bool) -> None:
        followed = self.race_ids if of_two else self.race_ids[:1]
        how = {"mode": mode, "encoding": encoding}
        self.clients.append(Client(self.worker, followed, how, from_page=from_page))
        self._flow()

    @rule(seconds=st.floats(0.05, 7))
    def time_passes(self, seconds: float) -> None:
        self._pass(seconds)

    # --- what goes wrong ----------------------------------------------------------------------------------------------

    @rule(is_so=st.booleans())
    def broadcasts_are_lost(self, is_so: bool) -> None:
        self.worker.loses_broadcasts = is_so

    @rule()
    def the_worker_dies_and_another_takes_over(self) -> None:
        for client in self.clients:
            client.cut()
        self.worker.start()

    @rule()
    def the_database_is_backed_up(self) -> None:
        if not self.is_restored:
            self.backup = Backup(self.worker.app)

    @rule()
    def the_database_is_restored(self) -> None:
        assert self.backup is not None
        self.backup.restore()
        self.is_restored = True

    @precondition(lambda self: self.clients)
    @rule(number=a_number)
    def a_connection_is_cut(self, number: int) -> None:
        self._client(number).cut()

    @precondition(lambda self: self.clients)
    @rule(number=a_number)
    def a_client_comes_back(self, number: int) -> None:
        self._client(number).come_back()
        self._flow()

    @precondition(lambda self: self.clients)
    @rule(number=a_number, is_so=st.booleans())
    def a_line_is_slow(self, number: int, is_so: bool) -> None:
        self._client(number).is_slow = is_so
        self._flow()

    @precondition(lambda self: self.clients)
    @rule(number=a_number)
    def a_message_arrives_late(self, number: int) -> None:
        self._client(number).deliver_one()
        self._flow()

    @precondition(lambda self: any(client.coming for client in self.clients))
    @rule(number=a_number, which=a_number, what=st.sampled_from(("lost", "twice", "overtaken")))
    def the_line_misbehaves(self, number: int, which: int, what: str) -> None:
        coming = self._client(number).coming
        if coming:
            message = coming.pop(which % len(coming))
            coming.extend({"lost": [], "twice": [message, message], "overtaken": [message]}[what])

    # --- what holds ---------------------------------------------------------------------------------------------------

    @invariant()
    def nobody_is_ahead_of_the_database(self) -> None:
        if not self.is_restored:
            for client in self.clients:
                for race_id, race in client.races.items():
                    assert race.board.version <= self.worker.image(race_id)["version"]

    @rule()
    def all_is_mended(self) -> None:
        """The faults end; within ten seconds every board is the database's."""
        self.worker.loses_broadcasts = False
        for client in self.clients:
            client.is_slow = False
            client.come_back()
        self._flow()
        self._pass(WITHIN_S)
        for client in self.clients:
            for race_id, race in client.races.items():
                assert race.board == Board.of(self.worker.image(race_id))
                assert race.synced
        self.is_restored = False

    def teardown(self) -> None:
        if self.backup is not None:
            self.all_is_mended()
        for client in self.clients:
            client.cut()

    # --- how ----------------------------------------------------------------------------------------------------------

    def _race(self, number: int) -> str:
        return self.race_ids[number % len(self.race_ids)]

    def _client(self, number: int) -> Client:
        return self.clients[number % len(self.clients)]

    def _pass(self, seconds: float) -> None:
        end = self.worker.now + seconds
        while self.worker.now < end:
            self.worker.step(end)
            for client in self.clients:
                client.tick()
            self._flow()

    def _flow(self) -> None:
        for client in self.clients:
            client.flow()


@pytest.fixture
def elsewhere(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on the same database, made first: the one made last is the one that clients connect to."""
    app = create_app(database_url=sqlite_url, instance_path=tmp_path / "elsewhere")
    yield app
    with app.app_context():
        db.engine.dispose()


def _converges(elsewhere: Flask, app: Flask, examples: int) -> None:
    how = settings(
        max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(lambda: Convergence(app, elsewhere), settings=how)


def test_every_client_ends_with_the_board_of_the_database(elsewhere: Flask, app: Flask) -> None:
    _converges(elsewhere, app, 100)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_every_client_ends_with_the_board_of_the_database_in_a_long_run(elsewhere: Flask, app: Flask) -> None:
    _converges(elsewhere, app, 500)
