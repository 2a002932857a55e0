"""Keeps the fictional card alive on the site: declares it, steps its races, writes what happens."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy.exc import OperationalError

from racing.errors import RaceExists, RacingError
from racing.extensions import socketio
from racing.feeds.demo_board import give_up, market_of, unfinished
from racing.feeds.fictional_card import APART, RACES, declared
from racing.feeds.fictional_market import Market
from racing.feeds.simulator import Event, RaceLife, quoted
from racing.models.columns import now
from racing.services import boards, cards, odds, racecards, races
from racing.services.cards import RaceDeclared
from racing.statuses import ENDED, Betting

log = structlog.get_logger()
SEED = 1780  # any number: each makes another card
FIRST_OFF_IN = timedelta(minutes=4)
# So that every price has a past to draw from the first moment.
EARLIER_SHOWS, SHOW_APART = 6, timedelta(minutes=10)
STALE = timedelta(minutes=30)
FEWEST_TO_COME = 5
TICK, NAP_S = timedelta(seconds=1), 0.2


class Demo:
    """The fictional races on the site that are not over, each with its life."""

    def __init__(
        self,
        seed: int = SEED,
        clock: Callable[[], datetime] = now,
        sleep: Callable[[float], object] = socketio.sleep,
        tell: Callable[[str], object] = lambda line: None,
        races_a_card: int = RACES,
    ) -> None:
        """`tell` is given a line for each thing that a spectator would hear over the loudspeaker."""
        self._races_a_card = races_a_card
        self._seed, self._clock, self._sleep, self._tell = seed, clock, sleep, tell
        self._lives: dict[str, RaceLife] = {}
        self._written: dict[str, int] = {}

    def open(self) -> int:
        """Take up the fictional races that are not over, or declare a card where none is still to be run.

        Returns how many races there now are.
        """
        at = self._clock()
        for race_id in unfinished(at):
            race = racecards.race(race_id)
            if race.off_time < at - STALE:
                give_up(race_id, race.status)
                continue
            self._take_up(race_id)
            if race.betting is Betting.SUSPENDED:
                self._lives[race_id].reopen_betting(at)  # an earlier run ended in the middle of a withdrawal
        if self._to_come():
            self._plan_withdrawal(list(self._lives))
        else:
            self._declare(at + FIRST_OFF_IN)
        return len(self._lives)

    def run(self, stopped: Callable[[], bool]) -> None:
        """Tick once a second until `stopped`. While the database is away or busy, races stand still."""
        while not stopped():
            due = self._clock() + TICK
            try:
                self.tick()
            except OperationalError as error:
                log.warning("the fictional races wait for the database", error=str(error.orig))
            while self._clock() < due and not stopped():
                self._sleep(NAP_S)

    def tick(self) -> None:
        """Step every race once, and write what happens; declare new races before the last ones are gone."""
        at = self._clock()
        self._heed_staff()
        for race_id, life in list(self._lives.items()):
            try:
                self._happen(race_id, life.step(at), at)
            except RacingError as refusal:
                # Staff got in between: at the next tick the race goes on from what they made of it.
                log.warning("a fictional race was changed by others", race_id=race_id, refusal=refusal.message)
                self._written.pop(race_id, None)
                continue
            if life.over:
                del self._lives[race_id]
        to_come = self._to_come()
        if len(to_come) < FEWEST_TO_COME:
            self._declare(max([at + FIRST_OFF_IN, *(off_time + APART for off_time in to_come)]))

    def _to_come(self) -> list[datetime]:
        at = self._clock()
        return [life.off_time for life in self._lives.values() if life.off_time > at]

    def _declare(self, first_off: datetime) -> None:
        first_off = first_off.replace(second=0, microsecond=0) + timedelta(minutes=1)
        before = set(self._lives)
        for race in declared(self._random(first_off.isoformat()), first_off, self._races_a_card):
            try:
                cards.declare_race(race, by=None)
            except RaceExists:
                continue  # from an earlier run; it is taken up where it is not over
            self._open_market(race)
        self._tell(f"{len(self._lives) - len(before)} races declared, the first off at {first_off:%H:%M} UTC")
        self._plan_withdrawal([race_id for race_id in self._lives if race_id not in before])

    def _plan_withdrawal(self, race_ids: list[str]) -> None:
        """Let the second of these races have a non-runner, for a visitor to see."""
        for race_id in race_ids[1:2]:
            self._lives[race_id].plan_withdrawal()

    def _open_market(self, race: RaceDeclared) -> None:
        """Chalk up the first prices, and those of the hour before."""
        rng = self._random(race.race_id)
        market = Market([runner.runner_id for runner in race.runners], rng)
        at = self._clock()
        for show in range(EARLIER_SHOWS, -1, -1):
            shown_at = at - show * SHOW_APART
            market.wander(SHOW_APART.total_seconds(), (race.off_time - shown_at).total_seconds())
            version = odds.change_prices(race.race_id, quoted(market.reprice(1.0)), by=None, at=shown_at)
            self._written[race.race_id] = version
        self._lives[race.race_id] = RaceLife(race.off_time, market, rng)

    def _random(self, about: str) -> Random:
        """Return the same generator for the same seed and subject."""
        return Random(f"{self._seed}/{about}")  # nosec B311  # a game, no secret

    def _heed_staff(self) -> None:
        standings = boards.standings(self._lives)
        for race_id, standing in standings.items():
            if standing.version != self._written.get(race_id):
                self._take_up(race_id)

    def _take_up(self, race_id: str) -> None:
        """Go on from what the database says of the race."""
        race = racecards.card(race_id)
        self._lives.pop(race_id, None)
        if race.status not in ENDED:
            rng = self._random(f"{race_id}/{race.version}")
            market = market_of(race, rng)
            self._lives[race_id] = RaceLife(race.off_time, market, rng, status=race.status, off_at=race.off_at)
            self._written[race_id] = race.version
            if race.betting is Betting.CLOSED:
                self._lives[race_id].close_betting()

    def _happen(self, race_id: str, event: Event, at: datetime) -> None:
        for version in _writes(race_id, event, at):
            self._written[race_id] = version
        for heard in (event.status, event.withdrawn and f"{event.withdrawn} is a non-runner", *_winner(event)):
            if heard:
                self._tell(f"{race_id}: {heard}")


def _writes(race_id: str, event: Event, at: datetime) -> Iterator[int]:
    """Write what happens, and yield the race's version after each part."""
    if event.status is not None:
        yield races.change_status(race_id, event.status, by=None, at=at)
    if event.betting is not None:
        yield races.change_betting(race_id, event.betting, by=None, at=at)
    if event.withdrawn is not None:
        yield races.withdraw(race_id, event.withdrawn, by=None, at=at)
    if event.quotes:
        yield odds.change_prices(race_id, event.quotes, by=None, at=at)
    if event.placings:
        yield races.declare_result(race_id, event.placings, by=None, at=at)


def _winner(event: Event) -> list[str]:
    return [f"won by {placing.runner_id}" for placing in event.placings if placing.position == 1]
