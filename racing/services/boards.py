"""The catch-up query: a race's board as an image, or what changed after a version."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select

from racing import prices
from racing.errors import RaceNotFound
from racing.extensions import db
from racing.models import CurrentPrice, Race, Runner
from racing.realtime.messages import instant
from racing.realtime.shapes import Board, Book, OddsEntry, RaceState, Result, RunnerChange, WirePlacing
from racing.realtime.standing import Standing
from racing.statuses import RunnerStatus

_PLACED = (RunnerStatus.WINNER, RunnerStatus.PLACED)


def standings(race_ids: Collection[str]) -> Mapping[str, Standing]:
    """Return where each of these races stands; a race that is not there is left out."""
    if not race_ids:
        return {}
    query = select(Race.id, Race.version, Race.state_version, Race.status).where(Race.id.in_(race_ids))
    found = {row.id: Standing(row.version, row.state_version, row.status.value) for row in db.session.execute(query)}
    db.session.rollback()  # a snapshot kept open would show the next read the past
    return found


def board(race_id: str, since: int | None = None) -> Board:
    """Return the race's image, or where `since` is a version it has reached, the delta after it.

    The version is read first: rows newer than their stamp do no harm, a stamp newer than its rows loses a price.
    A `since` above the race's own version (a restored database) gets the image. Raises RaceNotFound.
    """
    db.session.rollback()  # begin a fresh snapshot
    race = db.session.scalar(select(Race).where(Race.id == race_id).execution_options(populate_existing=True))
    if race is None:
        raise RaceNotFound(race_id)
    version, state_version, updated_at = race.version, race.state_version, race.updated_at
    delta = since is not None and since <= version
    after = since if delta and since is not None else -1
    runners = db.session.scalars(_runners_of(race_id)).all()
    made: Board = {
        "version": version,
        "base": max(after, 0),
        "full": not delta,
        "odds": _entries(race_id, after),
        "runners": [runner_change(runner) for runner in runners if runner.version > after],
        "book": book(race, runners, _offers(race_id)),
        "updatedAt": instant(updated_at),
    }
    if state_version > after:
        made["race"] = race_state(race, runners)
    db.session.rollback()
    return made


def _runners_of(race_id: str) -> Any:
    return (
        select(Runner)
        .where(Runner.race_id == race_id)
        .order_by(Runner.position_on_card)
        .execution_options(populate_existing=True)
    )


def _entries(race_id: str, after: int) -> list[OddsEntry]:
    query = (
        select(CurrentPrice, Runner.runner_id)
        .join(CurrentPrice.runner)
        .where(CurrentPrice.race_id == race_id, CurrentPrice.version > after)
        .order_by(Runner.position_on_card, CurrentPrice.bookmaker)
        .execution_options(populate_existing=True)
    )
    return [entry(row, runner_id) for row, runner_id in db.session.execute(query)]


def _offers(race_id: str) -> Sequence[Row[int, str, Decimal | None]]:
    query = select(CurrentPrice.runner_pk, CurrentPrice.bookmaker, CurrentPrice.price)
    return db.session.execute(query.where(CurrentPrice.race_id == race_id, CurrentPrice.price.is_not(None))).all()


def entry(row: CurrentPrice, runner_id: str) -> OddsEntry:
    """Return a current price as the wire has it."""
    return {
        "runnerId": runner_id,
        "bookmaker": row.bookmaker,
        "price": number(row.price),
        "fractional": None if row.price is None else prices.fractional(row.price),
        "previous": number(row.previous),
        "version": row.version,
        "updatedAt": instant(row.updated_at),
    }


def runner_change(runner: Runner) -> RunnerChange:
    """Return what has become of a runner as the wire has it."""
    change: RunnerChange = {"runnerId": runner.runner_id, "status": runner.status.value, "version": runner.version}
    if runner.withdrawn_at is not None:
        change["withdrawnAt"] = instant(runner.withdrawn_at)
    if runner.withdrawn_price is not None:
        change["withdrawnPrice"] = float(runner.withdrawn_price)
    if runner.position is not None:
        change["position"] = runner.position
    if runner.sp is not None:
        change["sp"] = float(runner.sp)
    return change


def race_state(race: Race, runners: Sequence[Runner]) -> RaceState:
    """Return where the race stands as the wire has it."""
    state: RaceState = {
        "status": race.status.value,
        "betting": race.betting.value,
        "enquiry": race.enquiry,
        "offTime": instant(race.off_time),
        "version": race.state_version,
    }
    if race.off_at is not None:
        state["offAt"] = instant(race.off_at)
    if race.has_result:
        state["result"] = result(runners)
    return state


def result(runners: Sequence[Runner]) -> Result:
    """Return who won and who was placed, by position, the unknown ones last."""
    placed = sorted(
        (runner for runner in runners if runner.status in _PLACED),
        key=lambda runner: (runner.position is None, runner.position or 0, runner.position_on_card),
    )
    return {"placings": [_placing(runner) for runner in placed]}


def _placing(runner: Runner) -> WirePlacing:
    placing: WirePlacing = {"runnerId": runner.runner_id}
    if runner.position is not None:
        placing["position"] = runner.position
    if runner.sp is not None:
        placing["sp"] = float(runner.sp)
    return placing


def book(race: Race, runners: Sequence[Runner], offers: Sequence[Any]) -> Book:
    """Return what the prices add up to, the deduction in force and the each-way terms.

    `offers` have `runner_pk`, `bookmaker` and `price`; those without a price or of non-runners do not count.
    """
    ran = {runner.id for runner in runners if runner.status is not RunnerStatus.NON_RUNNER}
    books: dict[str, list[Decimal]] = {}
    best: dict[int, Decimal] = {}
    for offer in offers:
        if offer.price is not None and offer.runner_pk in ran:
            books.setdefault(offer.bookmaker, []).append(offer.price)
            best[offer.runner_pk] = max(offer.price, best.get(offer.runner_pk, offer.price))
    places, fraction = prices.each_way(len(ran), handicap=race.handicap)
    withdrawn = [runner.withdrawn_price for runner in runners if runner.status is RunnerStatus.NON_RUNNER]
    return {
        "overround": {bookmaker: float(prices.overround(offered) or 0) for bookmaker, offered in sorted(books.items())},
        "best": number(prices.overround(best.values())),
        "rule4": prices.rule4([price for price in withdrawn if price is not None]),
        "eachWay": {"places": places, "fraction": fraction},
    }


def number(price: Decimal | None) -> float | None:
    """Return a price as a JSON number. Two decimals survive the way through a double exactly."""
    return None if price is None else float(price)


def optional_instant(at: datetime | None) -> str | None:
    """Return `at` as the wire has it, None where there is none."""
    return None if at is None else instant(at)
