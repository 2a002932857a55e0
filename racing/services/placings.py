"""The result of a race: who won, who was placed, at which starting prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from racing import prices
from racing.errors import Conflict, InvalidInput
from racing.models import Race, User
from racing.models.columns import now
from racing.services import audit
from racing.services.race_changes import changing, reach, runner_of, state
from racing.statuses import RaceStatus, RunnerStatus


@dataclass(frozen=True)
class Placing:
    """Where a runner came; equal positions are a dead heat, None is a place whose order is not known."""

    runner_id: str
    position: int | None
    sp: Decimal | None = None


def declare_result(
    race_id: str,
    placings: Sequence[Placing],
    by: User | None,
    at: datetime | None = None,
    *,
    stood: Sequence[Placing] | None = None,
) -> int:
    """Say who won and who was placed; every other runner lost. A result may be amended until it is weighed in.

    The first are the winners, the other `placings` are placed. `stood` is the result that its writer saw, if it says.
    Returns the race's version.
    Raises RaceNotFound, RunnerNotInRace, InvalidInput (no winner, a gap, a non-runner), TransitionForbidden, or
    Conflict where another result than `stood` stands by now.
    """
    when = at or now()
    with changing(race_id) as race:
        check(race, placings)
        _refuse_unseen(race, placings, stood)
        before = {**state(race), "placings": in_words(standing(race))}
        if race.status is not RaceStatus.RESULT:
            reach(race, RaceStatus.RESULT, when)
        if not race.has_result or _by_runner(standing(race)) != _by_runner(placings):
            write(race, placings, race.next_state(when))
            after = {**state(race), "placings": in_words(placings)}
            audit.record("result", by, when, race_id=race_id, version=race.version, before=before, **after)
        version = race.version
    return version


def _refuse_unseen(race: Race, placings: Sequence[Placing], stood: Sequence[Placing] | None) -> None:
    stands = _by_runner(standing(race))
    if stood is not None and stands not in (_by_runner(stood), _by_runner(placings)):
        raise Conflict("Somebody else wrote the result meanwhile, as shown below: look whether yours is right.")


def check(race: Race, placings: Sequence[Placing]) -> None:
    """Raise RunnerNotInRace or InvalidInput where these cannot be the result of the race."""
    if not placings:
        raise InvalidInput("A result names at least the winner.")
    for placing in placings:
        runner = runner_of(race, placing.runner_id)
        if runner.status is RunnerStatus.NON_RUNNER:
            raise InvalidInput(f"{runner.name} is a non-runner and cannot be placed.")
        if placing.sp is not None:
            prices.check(placing.sp)
    if len({placing.runner_id for placing in placings}) < len(placings):
        raise InvalidInput("A runner is placed twice.")
    positions = sorted(placing.position for placing in placings if placing.position is not None)
    # A dead heat takes the places it shares: 1, 1, 3. With all positions unknown there is nothing to count.
    if positions and any(position != 1 + sum(p < position for p in positions) for position in positions):
        raise InvalidInput("The positions leave a gap: count from 1; after a dead heat for first comes third.")


def write(race: Race, placings: Sequence[Placing], version: int) -> None:
    """Let these be the result of the race since `version`, in the running change. No placings: it has none."""
    placed = _by_runner(placings)
    race.has_result = bool(placings)
    for runner in race.runners:
        if runner.status is RunnerStatus.NON_RUNNER:
            continue
        placing = placed.get(runner.runner_id)
        runner.position = placing.position if placing else None
        runner.sp = placing.sp if placing else None
        runner.status = _outcome(placing) if placings else RunnerStatus.ACTIVE
        runner.version = version


def _outcome(placing: Placing | None) -> RunnerStatus:
    if placing is None:
        return RunnerStatus.LOSER
    return RunnerStatus.WINNER if placing.position == 1 else RunnerStatus.PLACED


def standing(race: Race) -> list[Placing]:
    """Return the result as it stands, in the order of the card; empty where there is none."""
    return [
        Placing(runner.runner_id, runner.position, runner.sp)
        for runner in race.runners
        if runner.status in (RunnerStatus.WINNER, RunnerStatus.PLACED)
    ]


def in_words(placings: Sequence[Placing]) -> list[dict[str, Any]]:
    """Return placings as the audit trail has them."""
    return [
        {"runnerId": p.runner_id, "position": p.position, "sp": None if p.sp is None else str(p.sp)} for p in placings
    ]


def from_words(written: Sequence[dict[str, Any]]) -> list[Placing]:
    """Return the placings that `in_words` wrote."""
    return [Placing(p["runnerId"], p["position"], None if p["sp"] is None else Decimal(p["sp"])) for p in written]


def _by_runner(placings: Sequence[Placing]) -> dict[str, Placing]:
    return {placing.runner_id: placing for placing in placings}
