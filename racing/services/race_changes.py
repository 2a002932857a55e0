"""Changes of races: locked, committed together, then told to the punters at once."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from racing.errors import Conflict, RunnerNotFound, RunnerNotInRace, TransitionForbidden
from racing.models import Race, Runner
from racing.realtime import publisher
from racing.services import day_prices, racecards
from racing.services.transactions import one_change
from racing.statuses import CLOSING, Betting, RaceStatus, RunnerStatus, may_follow

_RAN = (RunnerStatus.WINNER, RunnerStatus.PLACED, RunnerStatus.LOSER)


@contextmanager
def changing_all(race_ids: Collection[str]) -> Iterator[list[Race]]:
    """Lock these races, commit the block, then tell the punters at once where a version rose: none of it may wait.

    All of the block happens, or nothing. Raises RaceNotFound.
    """
    with one_change():
        # Always in one order: two writers of the same races must not wait for each other.
        races = [racecards.race_for_update(race_id) for race_id in sorted(race_ids)]
        before = {race.id: race.version for race in races}
        yield races
        # Read before the commit: after it the row might be a later writer's.
        risen = {race.id: race.version for race in races if race.version > before[race.id]}
    for race_id, version in risen.items():
        publisher.touch(race_id, version, urgent=True)


@contextmanager
def changing(race_id: str) -> Iterator[Race]:
    """As `changing_all`, for one race."""
    with changing_all([race_id]) as (race,):
        yield race


def reach(race: Race, status: RaceStatus, at: datetime) -> None:
    """Let the race get to a status, in the running change, without a version. Raises TransitionForbidden."""
    if not may_follow(race.status, status):
        raise TransitionForbidden(f"A race that is {race.status} cannot become {status}.")
    race.status = status
    if status is RaceStatus.OFF:
        race.off_at = at
        day_prices.end_day(race)
    elif status is RaceStatus.FALSESTART:
        race.off_at = None
    if status in CLOSING:
        race.betting = Betting.CLOSED


def state(race: Race) -> dict[str, Any]:
    """Return where a race has got to, as the audit trail has it."""
    off_at = None if race.off_at is None else race.off_at.isoformat()
    return {"status": race.status.value, "betting": race.betting.value, "offAt": off_at}


def runner_of(race: Race, runner_id: str) -> Runner:
    """Return a runner of the race. Raises RunnerNotInRace."""
    for runner in race.runners:
        if runner.runner_id == runner_id:
            return runner
    raise RunnerNotInRace(
        f"Race {race.id} has no runner {runner_id[:80]}.", {runner_id[:80]: "not a runner of this race"}
    )


def runner_at(race: Race, runner_id: str) -> Runner:
    """As `runner_of`, for a runner that an address names. Raises RunnerNotFound."""
    try:
        return runner_of(race, runner_id)
    except RunnerNotInRace as error:
        raise RunnerNotFound(error.message, error.fields) from error


def refuse_settled(race: Race, runner: Runner) -> None:
    """Raise Conflict where what became of the runner is settled: the race has a result, or will have none."""
    if race.status in CLOSING or runner.status in _RAN:
        raise Conflict(f"The race is {race.status}: its runners are settled.")
