"""Whatever happens on the way, every client ends with the database's board: PROTOCOL, section 2, "Convergence".

Not asked of anybody: a database that is restored and then written past the version that a client holds, before that
client has heard of it. A version alone cannot tell the two pasts apart.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

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

from racing.errors import RacingError
from racing.services import odds, races
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus
from tests.factories import OFF_TIME, a_quote, a_race
from tests.realtime.line import Client
from tests.realtime.worker import Backup, Worker
from tests.support.board import Board

WITHIN_S = 10.0
RUNNERS, BOOKMAKERS, PRICES = ("1", "2"), ("house", "tote"), ("1.5", "3", "13.93", None)
MOST_CLIENTS = 4

Change = tuple[Any, ...]


class Follower(NamedTuple):
    """How somebody follows: one race or two, and from a page that was drawn, or from nothing."""

    of_two: bool
    mode: str
    encoding: str
    from_page: bool


class Move(NamedTuple):
    """Prices of one race that are written at once, and the seconds after it, in which broadcasts may be lost."""

    race: int
    quotes: list[tuple[str, str, str | None]]
    where: str
    seconds: float
    is_lost: bool


a_number = st.integers(0, 7)  # which client, which message: counted round those there are
some_seconds = st.one_of(st.floats(0.05, 7), st.floats(0.001, 0.05))  # within the latter, boards are kept
a_runner = st.sampled_from(RUNNERS)
somewhere = st.sampled_from(("here", "elsewhere"))
some_follower = st.builds(
    Follower, st.booleans(), st.sampled_from(("full", "delta")), st.sampled_from(("json", "msgpack")), st.booleans()
)
some_change: st.SearchStrategy[Change] = st.one_of(
    st.tuples(st.sampled_from((races.withdraw, races.reinstate)), a_runner),
    st.tuples(st.just(races.change_status), st.sampled_from(RaceStatus)),
    st.tuples(st.just(races.change_betting), st.sampled_from(Betting)),
    st.tuples(st.just(races.change_off_time), st.sampled_from((OFF_TIME, OFF_TIME + timedelta(minutes=4)))),
    st.tuples(st.just(races.change_enquiry), st.booleans()),
    st.tuples(st.just(races.declare_result), a_runner.map(lambda winner: [Placing(winner, 1, Decimal("3.5"))])),
)
some_quotes = st.lists(
    st.tuples(a_runner, st.sampled_from(BOOKMAKERS), st.sampled_from(PRICES)),
    min_size=1, max_size=3, unique_by=lambda quote: quote[:2],
)  # fmt: skip
some_move = st.builds(
    Move, st.sampled_from((0, 0, 1)), some_quotes, somewhere, st.floats(0, 1.5), st.sampled_from((False, False, True))
)


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

    @initialize(followers=st.lists(some_follower, min_size=1, max_size=2))
    def a_day_begins(self, followers: list[Follower]) -> None:
        for race_id in self.race_ids:
            a_race(race_id, len(RUNNERS))
        self.backup = Backup(self.worker.app)
        for follower in followers:
            self.somebody_follows(follower)

    @rule(moves=st.lists(some_move, min_size=1, max_size=5))
    def prices_move(self, moves: list[Move]) -> None:
        for move in moves:
            quotes = [a_quote(runner, price, bookmaker) for runner, bookmaker, price in move.quotes]
            self._write(move.where, partial(odds.change_prices, self._race(move.race), quotes, None))
            self.worker.loses_broadcasts = move.is_lost
            self._pass(move.seconds)
        self.worker.loses_broadcasts = False

    @rule(race=a_number, change=some_change, where=somewhere)
    def the_race_moves_on(self, race: int, change: Change, where: str) -> None:
        what, *how = change
        self._write(where, partial(what, self._race(race), *how, None))

    # --- who follows --------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.clients) < MOST_CLIENTS)
    @rule(follower=some_follower)
    def somebody_follows(self, follower: Follower) -> None:
        followed = self.race_ids if follower.of_two else self.race_ids[:1]
        how = {"mode": follower.mode, "encoding": follower.encoding}
        self.clients.append(Client(self.worker, followed, how, from_page=follower.from_page))
        self._flow()

    @rule(times=st.integers(1, 3))
    def everybody_subscribes_at_once(self, times: int) -> None:
        for _ in range(times):
            for client in self.clients:
                client.ask_again()
        self._flow()

    @rule(seconds=some_seconds)
    def time_passes(self, seconds: float) -> None:
        self._pass(seconds)

    # --- what goes wrong ----------------------------------------------------------------------------------------------

    @rule(number=a_number, seconds=some_seconds)
    def a_connection_is_cut(self, number: int, seconds: float) -> None:
        self._client(number).cut(seconds)

    @rule(number=a_number, seconds=some_seconds)
    def a_line_is_slow(self, number: int, seconds: float) -> None:
        self._client(number).slow(seconds)

    @precondition(lambda self: any(client.is_slow for client in self.clients))
    @rule(number=a_number, messages=st.integers(1, 3))
    def messages_arrive_late(self, number: int, messages: int) -> None:
        for _ in range(messages):
            self._client(number).deliver_one()

    @rule(number=a_number, count=st.integers(1, 8))
    def messages_come_again(self, number: int, count: int) -> None:
        self._client(number).deliver_again(count)
        self._flow()

    @precondition(lambda self: any(client.coming for client in self.clients))
    @rule(which=a_number, is_lost=st.booleans())
    def a_message_is_lost_or_overtaken(self, which: int, is_lost: bool) -> None:
        coming = max((client.coming for client in self.clients), key=len)
        message = coming.pop(which % len(coming))
        if not is_lost:
            coming.append(message)

    @rule()
    def the_worker_dies_and_another_takes_over(self) -> None:
        for client in self.clients:
            client.cut(0.5)
        self.worker.start()

    @rule(is_so=st.booleans())
    def the_database_is_backed_up_or_restored(self, is_so: bool) -> None:
        assert self.backup is not None
        if is_so:
            self.backup.restore()
            self.is_restored = True
        elif not self.is_restored:
            self.backup = Backup(self.worker.app)

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
        for client in self.clients:
            client.slow(0)
            client.come_back()
        self._flow()
        self._pass(WITHIN_S)
        for client in self.clients:
            for race_id, race in client.races.items():
                assert race.board == Board.of(self.worker.image(race_id))
                assert race.synced
            client.came.clear()  # what was under way has arrived
        self.is_restored = False

    def teardown(self) -> None:
        if self.backup is not None:
            self.all_is_mended()
        for client in self.clients:
            client.cut()

    # --- how ----------------------------------------------------------------------------------------------------------

    def _write(self, where: str, change: Callable[[], object]) -> None:
        if self.is_restored:
            self.all_is_mended()
        with self.worker.writing(where), suppress(RacingError):  # refused by the rules of racing: nothing happened
            change()
        self._flow()

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


def _converges(elsewhere: Flask, app: Flask, examples: int) -> None:
    how = settings(
        max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(lambda: Convergence(app, elsewhere), settings=how)


def test_every_client_ends_with_the_board_of_the_database(elsewhere: Flask, app: Flask) -> None:
    _converges(elsewhere, app, 25)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_every_client_ends_with_the_board_of_the_database_in_a_long_run(elsewhere: Flask, app: Flask) -> None:
    _converges(elsewhere, app, 200)
