"""What happens to a race: its status, betting, off time, enquiry, non-runners and result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from racing import prices
from racing.errors import Conflict, InvalidInput, RunnerNotFound, RunnerNotInRace, TransitionForbidden
from racing.extensions import db
from racing.models import CurrentPrice, Race, Runner, User
from racing.models.columns import now
from racing.services import audit, day_prices, meetings, odds, suspensions
from racing.services.race_changes import changing
from racing.statuses import BEFORE_THE_OFF, CLOSING, ENDED, Betting, RaceStatus, RunnerStatus, may_follow

_RAN = (RunnerStatus.WINNER, RunnerStatus.PLACED, RunnerStatus.LOSER)


@dataclass(frozen=True)
class Placing:
    """Where a runner came; equal positions are a dead heat, None is a place whose order is not known."""

    runner_id: str
    position: int | None
    sp: Decimal | None = None


def change_status(race_id: str, status: RaceStatus, by: User | None, at: datetime | None = None) -> int:
    """Say where the race has got to. A final status closes the betting; OFF notes `at` (default: now) as the off.

    Returns the race's version; the status it has already changes nothing.
    Raises RaceNotFound or TransitionForbidden.
    """
    when = at or now()
    with changing(race_id) as race:
        if race.status is not status:
            before = _state(race)
            _set_status(race, status, when)
            race.next_state(when)
            audit.record("status", by, when, race_id=race_id, version=race.version, before=before, **_state(race))
        version = race.version
    return version


def _set_status(race: Race, status: RaceStatus, at: datetime) -> None:
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


def change_betting(race_id: str, betting: Betting, by: User | None, at: datetime | None = None) -> int:
    """Open, suspend or close the betting. Prices stay as they are.

    Returns the race's version. Raises RaceNotFound, or Conflict where the result is known and `betting` is not closed.
    """
    when = at or now()
    with changing(race_id) as race:
        if race.betting is not betting:
            if race.status in CLOSING:
                raise Conflict(f"The betting on a race that is {race.status} stays closed.")
            before, race.betting = {"betting": race.betting.value}, betting
            race.next_state(when)
            audit.record(
                "betting", by, when, race_id=race_id, version=race.version, before=before, betting=betting.value
            )
        version = race.version
    return version


def change_off_time(race_id: str, off_time: datetime, by: User | None, at: datetime | None = None) -> int:
    """Move the scheduled off of a race that is still to be run; on another day it belongs to that day's meeting.

    Returns the race's version. Raises RaceNotFound, or Conflict where the race is off or over.
    """
    try:
        return _move_off(race_id, off_time, by, at or now())
    except IntegrityError:
        # Another process opened that day's meeting at the same moment: now it can be seen.
        return _move_off(race_id, off_time, by, at or now())


def _move_off(race_id: str, off_time: datetime, by: User | None, when: datetime) -> int:
    with changing(race_id) as race:
        if race.off_time != off_time:
            if race.status not in BEFORE_THE_OFF:
                raise Conflict(f"The off time of a race that is {race.status} cannot be moved.")
            before, race.off_time = {"offTime": race.off_time.isoformat()}, off_time
            meetings.move(race)
            race.next_state(when)
            moved_to = off_time.astimezone(UTC).isoformat()
            audit.record("off_time", by, when, race_id=race_id, version=race.version, before=before, offTime=moved_to)
        version = race.version
    return version


def change_enquiry(race_id: str, enquiry: bool, by: User | None, at: datetime | None = None) -> int:
    """Announce or end a stewards' enquiry, a flag beside the result.

    Returns the race's version. Raises RaceNotFound, or Conflict where the race has ended for good.
    """
    when = at or now()
    with changing(race_id) as race:
        if race.enquiry is not enquiry:
            if enquiry and race.status in ENDED:
                raise Conflict(f"A race that is {race.status} can have no enquiry any more.")
            before, race.enquiry = {"enquiry": race.enquiry}, enquiry
            race.next_state(when)
            audit.record("enquiry", by, when, race_id=race_id, version=race.version, before=before, enquiry=enquiry)
        version = race.version
    return version


def withdraw(race_id: str, runner_id: str, by: User | None, at: datetime | None = None) -> int:
    """Take a runner out: it keeps the best price of that moment for Rule 4, and no bookmaker offers one any more.

    Returns the race's version; a non-runner changes nothing.
    Raises RaceNotFound, RunnerNotFound, or Conflict where the race has a result.
    """
    when = at or now()
    with changing(race_id) as race:
        runner = _runner_for(race, runner_id)
        if runner.status is not RunnerStatus.NON_RUNNER:
            _refuse_after_result(race, runner)
            before = _standing(runner)
            _withdraw(race, runner, by, when)
            audit.record(
                "withdraw", by, when, race_id=race_id, version=race.version, before=before, **_standing(runner)
            )
        version = race.version
    return version


def _withdraw(race: Race, runner: Runner, by: User | None, at: datetime) -> None:
    held = db.session.scalars(select(CurrentPrice).where(CurrentPrice.runner_pk == runner.id)).all()
    offers = [price for price in held if price.price is not None]
    runner.version = race.next_version(at)
    runner.status, runner.withdrawn_at = RunnerStatus.NON_RUNNER, at
    # Out by mistake, back in, out again before anybody priced it anew: its last price still counts.
    last = [offer.price for offer in offers] or [price.previous for price in held]
    runner.withdrawn_price = max((price for price in last if price is not None), default=None)
    for offer in offers:
        odds.set_price(race, runner, offer.bookmaker, offer, None, at=at, by=by)
    suspensions.drop_held(race.id, runner.runner_id)


def reinstate(race_id: str, runner_id: str, by: User | None, at: datetime | None = None) -> int:
    """Put a non-runner back; bookmakers price it anew.

    Returns the race's version; a runner that is in changes nothing.
    Raises RaceNotFound, RunnerNotFound, or Conflict where the race has a result.
    """
    when = at or now()
    with changing(race_id) as race:
        runner = _runner_for(race, runner_id)
        if runner.status is RunnerStatus.NON_RUNNER:
            _refuse_after_result(race, runner)
            before = _standing(runner)
            runner.status, runner.withdrawn_at, runner.withdrawn_price = RunnerStatus.ACTIVE, None, None
            runner.version = race.next_version(when)
            audit.record(
                "reinstate", by, when, race_id=race_id, version=race.version, before=before, **_standing(runner)
            )
        version = race.version
    return version


def declare_result(race_id: str, placings: Sequence[Placing], by: User | None, at: datetime | None = None) -> int:
    """Say who won and who was placed; every other runner lost. A result may be amended until it is weighed in.

    The first are the winners, the other `placings` are placed. Returns the race's version.
    Raises RaceNotFound, RunnerNotInRace, InvalidInput (no winner, a gap, a non-runner) or TransitionForbidden.
    """
    when = at or now()
    with changing(race_id) as race:
        _check_placings(race, placings)
        before = {**_state(race), "placings": _as_written(list(_standing_result(race).values()))}
        if race.status is not RaceStatus.RESULT:
            _set_status(race, RaceStatus.RESULT, when)
        if not race.has_result or _standing_result(race) != {placing.runner_id: placing for placing in placings}:
            _write_result(race, placings, race.next_state(when))
            after = {**_state(race), "placings": _as_written(placings)}
            audit.record("result", by, when, race_id=race_id, version=race.version, before=before, **after)
        version = race.version
    return version


def _check_placings(race: Race, placings: Sequence[Placing]) -> None:
    runners = {runner.runner_id: runner for runner in race.runners}
    if not placings:
        raise InvalidInput("A result names at least the winner.")
    for placing in placings:
        runner = runners.get(placing.runner_id) or _runner(race, placing.runner_id)
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


def _write_result(race: Race, placings: Sequence[Placing], version: int) -> None:
    placed = {placing.runner_id: placing for placing in placings}
    race.has_result = True
    for runner in race.runners:
        if runner.status is RunnerStatus.NON_RUNNER:
            continue
        placing = placed.get(runner.runner_id)
        runner.position = placing.position if placing else None
        runner.sp = placing.sp if placing else None
        runner.status = _outcome(placing)
        runner.version = version


def _outcome(placing: Placing | None) -> RunnerStatus:
    if placing is None:
        return RunnerStatus.LOSER
    return RunnerStatus.WINNER if placing.position == 1 else RunnerStatus.PLACED


def _standing_result(race: Race) -> dict[str, Placing]:
    return {
        runner.runner_id: Placing(runner.runner_id, runner.position, runner.sp)
        for runner in race.runners
        if runner.status in (RunnerStatus.WINNER, RunnerStatus.PLACED)
    }


def _runner_for(race: Race, runner_id: str) -> Runner:
    try:
        return _runner(race, runner_id)
    except RunnerNotInRace as error:
        raise RunnerNotFound(error.message, error.fields) from error


def _runner(race: Race, runner_id: str) -> Runner:
    for runner in race.runners:
        if runner.runner_id == runner_id:
            return runner
    raise RunnerNotInRace(
        f"Race {race.id} has no runner {runner_id[:80]}.", {runner_id[:80]: "not a runner of this race"}
    )


def _refuse_after_result(race: Race, runner: Runner) -> None:
    if race.status in CLOSING or runner.status in _RAN:
        raise Conflict(f"The race is {race.status}: its runners are settled.")


def _state(race: Race) -> dict[str, Any]:
    off_at = None if race.off_at is None else race.off_at.isoformat()
    return {"status": race.status.value, "betting": race.betting.value, "offAt": off_at}


def _standing(runner: Runner) -> dict[str, Any]:
    """Return what becomes of a runner that comes out or goes back, its prices (none: as null) included."""
    db.session.flush()
    held = db.session.scalars(select(CurrentPrice).where(CurrentPrice.runner_pk == runner.id)).all()
    return {
        "runnerId": runner.runner_id,
        "status": runner.status.value,
        "withdrawnAt": None if runner.withdrawn_at is None else runner.withdrawn_at.isoformat(),
        "withdrawnPrice": None if runner.withdrawn_price is None else str(runner.withdrawn_price),
        "prices": [odds.price_in_words(runner.runner_id, offer.bookmaker, offer.price) for offer in held],
    }


def _as_written(placings: Sequence[Placing]) -> list[dict[str, Any]]:
    return [
        {"runnerId": p.runner_id, "position": p.position, "sp": None if p.sp is None else str(p.sp)} for p in placings
    ]
