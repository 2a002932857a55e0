"""Replays a Betfair stream file onto the site, through the same services as staff."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from racing.errors import FeedError, RaceExists
from racing.extensions import socketio
from racing.feeds.betfair_race import steps
from racing.feeds.betfair_steps import Step, split
from racing.feeds.betfair_survey import Survey, survey
from racing.services import cards, odds, races
from racing.services.cards import RaceDeclared
from racing.services.odds import Quote

BOOKMAKER = "betfair"
EARLIEST_START = 525_600  # minutes before the off: a year


@dataclass(frozen=True)
class Pace:
    """How fast a replay goes: `speed` times as fast as it happened, None as fast as it can.

    Its clock counts seconds and may start anywhere.
    """

    speed: float | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = socketio.sleep


@dataclass(frozen=True)
class Replay:
    """A file read from end to end: the race it declares, what happens at once, and what is then played."""

    market: Survey
    race: RaceDeclared
    at_once: list[Step]
    played: list[Step]
    begins: datetime

    @property
    def traded(self) -> bool:
        """The prices are last traded ones; where the file has none, they are the best back prices."""
        return "ltp" in self.market.fields


def read(path: Path, race_id: str | None = None, from_minutes: float | None = None) -> Replay:
    """Read and translate the whole file; nothing is written, so whatever is wrong in it changes nothing.

    With `from_minutes`, all before that many minutes before the off happens at once.
    Raises FeedError where the file is no complete, readable Betfair stream of one horse race.
    """
    market = survey(path)
    race = market.race(race_id)
    if race.time_zone is not None:
        _check_zone(path, race.time_zone)
    translated = list(steps(path, market))
    if from_minutes is None:
        return Replay(market, race, [], translated, begins=translated[0].at if translated else market.off_time)
    if not 0 <= from_minutes <= EARLIEST_START:
        raise FeedError(f"A replay starts from 0 to {EARLIEST_START} minutes before the off.")
    start = market.off_time - timedelta(minutes=from_minutes)
    at_once, played = split(translated, start)
    return Replay(market, race, at_once, played, begins=start)


def write(
    replay: Replay,
    pace: Pace | None = None,
    progress: Callable[[list[Step]], Iterable[Step]] = lambda played: played,
) -> int:
    """Declare the race and let it happen, each step with the time it was published at.

    `progress` is given the steps to play, and gives them back as it shows them. Returns the race's last version.
    Raises FeedError, with nothing written, where the race is on the site already; otherwise what the services raise.
    """
    race_id = replay.race.race_id
    try:
        cards.declare_race(replay.race, by=None)
    except RaceExists as error:
        raise FeedError(
            f"Race '{race_id}' is on the site already. To replay it again, give it another id with --race-id."
        ) from error
    version = 0
    for step in replay.at_once:
        version = _happen(race_id, step)
    for step in _paced(progress(replay.played), replay.begins, pace or Pace()):
        version = _happen(race_id, step)
    return version


def _paced(played: Iterable[Step], begins: datetime, pace: Pace) -> Iterator[Step]:
    begun = pace.clock()
    for step in played:
        if pace.speed is not None:
            due = begun + (step.at - begins).total_seconds() / pace.speed
            if (wait := due - pace.clock()) > 0:
                pace.sleep(wait)
        yield step


def _happen(race_id: str, step: Step) -> int:
    """Write one step, in the order that the rules ask for, and return the race's version."""
    version = 0
    if step.off_time is not None:
        version = races.change_off_time(race_id, step.off_time, by=None, at=step.at)
    for runner_id, at in step.withdrawn.items():
        version = races.withdraw(race_id, runner_id, by=None, at=at)
    for runner_id in step.reinstated:
        version = races.reinstate(race_id, runner_id, by=None, at=step.at)
    if step.prices:
        quotes = [Quote(runner_id, price, BOOKMAKER) for runner_id, price in step.prices.items()]
        version = odds.change_prices(race_id, quotes, by=None, at=step.at)
    for status, reached_at in step.statuses:
        version = races.change_status(race_id, status, by=None, at=reached_at)
    if step.betting is not None:
        version = races.change_betting(race_id, step.betting, by=None, at=step.at)
    if step.placings:
        version = races.declare_result(race_id, step.placings, by=None, at=step.at)
    return version


def _check_zone(path: Path, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise FeedError(f"{path.name} names a time zone that there is none of: '{zone[:40]}'.") from error
