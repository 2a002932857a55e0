"""Moving prices: checked against the race, all or none, with their history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from racing.errors import BettingClosed
from racing.extensions import db
from racing.models import Bookmaker, CurrentPrice, PriceChange, Race, Runner, User
from racing.models.columns import now
from racing.realtime import publisher
from racing.services import audit, day_prices, racecards
from racing.services.idempotency import Once, earlier_answer, keep_answer
from racing.services.quotes import Quote, refuse_stale, refuse_unfit
from racing.services.transactions import one_change
from racing.statuses import Betting

__all__ = ["Quote", "change_prices", "change_prices_of_races", "set_price"]


def change_prices(
    race_id: str,
    quotes: Sequence[Quote],
    by: User | None,
    *,
    seen: int | None = None,
    at: datetime | None = None,
    once: Once | None = None,
) -> int:
    """Move prices in one race, and let the punters know.

    `seen` is the race's version the writer last saw: a price being written that changed after it is refused.
    `at` is when the prices were made, where a feed knows (default: now). Prices that do not change raise no version.
    Returns the race's version, committed. All prices move, or none.
    Raises RaceNotFound, BettingClosed, RunnerNotInRace, RunnerOut, StalePrice, InvalidInput or KeyReused.
    """
    return change_prices_of_races({race_id: quotes}, by, seen=seen, at=at, once=once)[race_id]


def change_prices_of_races(
    books: Mapping[str, Sequence[Quote]],
    by: User | None,
    *,
    seen: int | None = None,
    at: datetime | None = None,
    once: Once | None = None,
) -> dict[str, int]:
    """As `change_prices`, for several races: all prices of all of them move, or none. Returns race id -> version."""
    when = at or now()
    moved = []
    with one_change():
        # Always in one order: two writers of the same races must not wait for each other.
        races = [racecards.race_for_update(race_id) for race_id in sorted(books)]
        if kept := earlier_answer(once):
            return {str(race_id): int(version) for race_id, version in kept["versions"].items()}
        for race in races:
            if _change_book(race, books[race.id], by, seen, when):
                moved.append(race.id)
        versions = {race.id: race.version for race in races}
        keep_answer(once, {"versions": versions}, when)
    for race_id in moved:
        publisher.touch(race_id, versions[race_id])  # after the commit: no punter sees a price we may lose
    return versions


def _change_book(race: Race, quotes: Sequence[Quote], by: User | None, seen: int | None, at: datetime) -> bool:
    if race.betting is Betting.CLOSED:
        raise BettingClosed(f"Race {race.id} takes no more prices: its betting is closed ({race.status}).")
    runners = {runner.runner_id: runner for runner in race.runners}
    refuse_unfit(race, runners, quotes)
    current = _current_prices(race.id)
    refuse_stale(race.id, runners, current, quotes, seen)
    moving = [
        (runners[quote.runner_id], quote)
        for quote in quotes
        if _differs(current.get((runners[quote.runner_id].id, quote.maker)), quote.price)
    ]
    if not moving:
        return False
    _open_bookmakers(quote.maker for _, quote in moving)
    version = race.next_version(at)
    stood = [_as_stood(quote, current.get((runner.id, quote.maker))) for runner, quote in moving]
    _move(race, moving, current, at, by)
    written = [_as_written(quote) for _, quote in moving]
    audit.record("prices", by, at, race_id=race.id, version=version, before={"prices": stood}, prices=written)
    return True


def _move(
    race: Race,
    moving: Sequence[tuple[Runner, Quote]],
    current: dict[tuple[int, str], CurrentPrice],
    at: datetime,
    by: User | None,
) -> None:
    offers: defaultdict[int, list[CurrentPrice]] = defaultdict(list)
    for (runner_pk, _), offer in current.items():
        offers[runner_pk].append(offer)
    before = {runner: day_prices.best(offers[runner.id]) for runner, _ in moving}
    for runner, quote in moving:
        held = current.get((runner.id, quote.maker))
        written = set_price(race, runner, quote.maker, held, quote.price, at=at, by=by)
        if held is None:
            offers[runner.id].append(written)
    # Only now: between two prices of one write there was never a best one.
    for runner, best in before.items():
        day_prices.note_best(race, runner, best, day_prices.best(offers[runner.id]), at)


def set_price(
    race: Race,
    runner: Runner,
    bookmaker: str,
    held: CurrentPrice | None,
    price: Decimal | None,
    *,
    at: datetime,
    by: User | None,
) -> CurrentPrice:
    """Write one price and its history row at the race's present version, in the running transaction.

    `held` is the current row, None where this bookmaker never priced the runner. Returns the row as it now is.
    """
    if held is None:
        held = CurrentPrice(runner_pk=runner.id, bookmaker=bookmaker, race_id=race.id, price=None)
        db.session.add(held)
    held.previous, held.price = held.price, price
    held.version, held.updated_at = race.version, at
    db.session.add(
        PriceChange(
            race_id=race.id,
            runner_pk=runner.id,
            bookmaker=bookmaker,
            price=price,
            version=race.version,
            at=at,
            by_user_id=by.id if by else None,
        )
    )
    return held


def _current_prices(race_id: str) -> dict[tuple[int, str], CurrentPrice]:
    rows = db.session.scalars(select(CurrentPrice).where(CurrentPrice.race_id == race_id))
    return {(row.runner_pk, row.bookmaker): row for row in rows}


def _differs(held: CurrentPrice | None, price: Decimal | None) -> bool:
    return price is not None if held is None else held.price != price


def _open_bookmakers(slugs: Iterable[str]) -> None:
    rows = [{"slug": slug, "name": slug.replace("-", " ").title()} for slug in sorted(set(slugs))]
    # Another writer may open the same bookmaker with another race at this moment: that is no conflict.
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(Bookmaker).values(rows).on_conflict_do_nothing())


def _as_stood(quote: Quote, held: CurrentPrice | None) -> dict[str, Any]:
    return price_in_words(quote.runner_id, quote.maker, held.price if held else None)


def _as_written(quote: Quote) -> dict[str, Any]:
    return price_in_words(quote.runner_id, quote.maker, quote.price)


def price_in_words(runner_id: str, bookmaker: str, price: Decimal | None) -> dict[str, Any]:
    """Return one price as the audit trail has it: decimal odds as a string, None for no price."""
    return {"runnerId": runner_id, "bookmaker": bookmaker, "price": None if price is None else str(price)}
