"""The catch-up query: a race's board as an image, or what changed after a version."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from racing import prices
from racing.errors import RaceNotFound
from racing.extensions import db
from racing.models import CurrentPrice, Race, Runner
from racing.realtime.messages import instant
from racing.realtime.shapes import Board, Book, OddsEntry, RaceState, Result, RunnerChange, WirePlacing
from racing.realtime.standing import Standing
from racing.statuses import RunnerStatus

_PLACED = (RunnerStatus.WINNER, RunnerStatus.PLACED)


# Made once: to put a statement together costs more than to carry it out. Columns, not entities: nothing is changed.
_IDS: BindParameter[Any] = bindparam("race_ids", expanding=True)
_STANDINGS = select(Race.id, Race.version, Race.state_version, Race.status).where(Race.id.in_(_IDS))
_RACES = select(
    Race.id, Race.version, Race.state_version, Race.updated_at, Race.status, Race.betting, Race.enquiry,
    Race.off_time, Race.off_at, Race.has_result, Race.handicap, Race.card_version,
).where(Race.id.in_(_IDS))  # fmt: skip
_RUNNERS = (
    select(
        Runner.race_id, Runner.id, Runner.runner_id, Runner.position_on_card, Runner.status, Runner.version,
        Runner.withdrawn_at, Runner.withdrawn_price, Runner.position, Runner.sp,
    )
    .where(Runner.race_id.in_(_IDS))
    .order_by(Runner.position_on_card)
)  # fmt: skip
_PRICES = (
    select(
        CurrentPrice.race_id, CurrentPrice.runner_pk, CurrentPrice.bookmaker, CurrentPrice.price,
        CurrentPrice.previous, CurrentPrice.version, CurrentPrice.updated_at, Runner.runner_id,
    )
    .join(CurrentPrice.runner)
    .where(CurrentPrice.race_id.in_(_IDS))
    .order_by(Runner.position_on_card, CurrentPrice.bookmaker)
)  # fmt: skip


def standings(race_ids: Collection[str]) -> Mapping[str, Standing]:
    """Return where each of these races stands; a race that is not there is left out."""
    if not race_ids:
        return {}
    rows = db.session.execute(_STANDINGS, {"race_ids": list(race_ids)})
    found = {row.id: Standing(row.version, row.state_version, row.status.value) for row in rows}
    db.session.rollback()  # a snapshot kept open would show the next read the past
    return found


def board(race_id: str, since: int | None = None) -> Board:
    """Return the race's image, or where `since` is a version it has reached, the delta after it.

    A `since` above the race's own version (a restored database) gets the image. Raises RaceNotFound.
    """
    found = several({race_id: since})
    if race_id not in found:
        raise RaceNotFound(race_id)
    return found[race_id]


def several(asked: Mapping[str, int | None]) -> Mapping[str, Board]:
    """Return the board of each of these races (race id -> since), as `board` does; one that is not there is left out.

    The versions are read first: rows newer than their stamp do no harm, a stamp newer than its rows loses a price.
    """
    db.session.rollback()  # begin a fresh snapshot
    ids = {"race_ids": list(asked)}
    races = db.session.execute(_RACES, ids).all()
    runners = _by_race(db.session.execute(_RUNNERS, ids))
    quotes = _by_race(db.session.execute(_PRICES, ids))
    db.session.rollback()
    return {race.id: _made(race, runners[race.id], quotes[race.id], asked[race.id]) for race in races}


def _by_race(rows: Iterable[Any]) -> Mapping[str, Sequence[Any]]:
    by_race: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_race[row.race_id].append(row)
    return by_race


def _made(race: Any, runners: Sequence[Any], quotes: Sequence[Any], since: int | None) -> Board:
    delta = since is not None and since <= race.version
    after = since if delta and since is not None else -1
    made: Board = {
        "version": race.version,
        "base": max(after, 0),
        "full": not delta,
        "odds": [entry(row, row.runner_id) for row in quotes if row.version > after],
        "runners": [runner_change(runner) for runner in runners if runner.version > after],
        "book": book(race, runners, quotes),
        "updatedAt": instant(race.updated_at),
    }
    if race.state_version > after:
        made["race"] = race_state(race, runners)
    return made


def entry(row: Any, runner_id: str) -> OddsEntry:
    """Return a current price (a CurrentPrice, or a row with its columns) as the wire has it."""
    return {
        "runnerId": runner_id,
        "bookmaker": row.bookmaker,
        "price": number(row.price),
        "fractional": None if row.price is None else prices.fractional(row.price),
        "previous": number(row.previous),
        "version": row.version,
        "updatedAt": instant(row.updated_at),
    }


def runner_change(runner: Any) -> RunnerChange:
    """Return what has become of a runner (a Runner, or a row with its columns) as the wire has it."""
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


def race_state(race: Any, runners: Sequence[Any]) -> RaceState:
    """Return where the race (a Race, or a row with its columns) stands as the wire has it."""
    state: RaceState = {
        "status": race.status.value,
        "betting": race.betting.value,
        "enquiry": race.enquiry,
        "offTime": instant(race.off_time),
        "version": race.state_version,
    }
    if race.off_at is not None:
        state["offAt"] = instant(race.off_at)
    if race.card_version:
        state["cardVersion"] = race.card_version
    if race.has_result:
        state["result"] = result(runners)
    return state


def result(runners: Sequence[Any]) -> Result:
    """Return who won and who was placed, by position, the unknown ones last."""
    placed = sorted(
        (runner for runner in runners if runner.status in _PLACED),
        key=lambda runner: (runner.position is None, runner.position or 0, runner.position_on_card),
    )
    return {"placings": [_placing(runner) for runner in placed]}


def _placing(runner: Any) -> WirePlacing:
    placing: WirePlacing = {"runnerId": runner.runner_id}
    if runner.position is not None:
        placing["position"] = runner.position
    if runner.sp is not None:
        placing["sp"] = float(runner.sp)
    return placing


def book(race: Any, runners: Sequence[Any], offers: Sequence[Any]) -> Book:
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
