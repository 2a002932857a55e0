"""The rows of a race's prices: what each bookmaker offers for each runner now, moved with its history."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from racing.extensions import db
from racing.models import Bookmaker, CurrentPrice, PriceChange, Race, Runner, User
from racing.models.odds import bookmaker_name
from racing.services import day_prices
from racing.services.quotes import Quote

Rows = dict[tuple[int, str], CurrentPrice]
"""The current rows of a race by (runner's key, bookmaker)."""
_ROWS = select(CurrentPrice).where(CurrentPrice.race_id == bindparam("race_id"))


def current_prices(race_id: str) -> Rows:
    """Return what stands in the race, those without a price included."""
    return {(row.runner_pk, row.bookmaker): row for row in db.session.scalars(_ROWS, {"race_id": race_id})}


def differs(held: CurrentPrice | None, price: Decimal | None) -> bool:
    """Tell whether writing `price` over the row (None: there is none yet) changes anything."""
    return price is not None if held is None else held.price != price


def move(race: Race, moving: Sequence[tuple[Runner, Quote]], current: Rows, at: datetime, by: User | None) -> None:
    """Write these prices at the race's present version, and what they make of the runners' day.

    `current` gains the rows of those priced for the first time.
    """
    offers: defaultdict[int, list[CurrentPrice]] = defaultdict(list)
    for (runner_pk, _), offer in current.items():
        offers[runner_pk].append(offer)
    before = {runner: day_prices.best(offers[runner.id]) for runner, _ in moving}
    for runner, quote in moving:
        held = current.get((runner.id, quote.maker))
        written = set_price(race, runner, quote.maker, held, quote.price, at=at, by=by)
        if held is None:
            offers[runner.id].append(written)
            current[runner.id, quote.maker] = written
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


def open_bookmakers(slugs: Iterable[str]) -> None:
    """Let the house know these bookmakers; those that it knows stay as they are."""
    rows = [{"slug": slug, "name": bookmaker_name(slug)} for slug in sorted(set(slugs))]
    # Another writer may open the same bookmaker with another race at this moment: that is no conflict.
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(Bookmaker).values(rows).on_conflict_do_nothing())


def price_in_words(runner_id: str, bookmaker: str, price: Decimal | None) -> dict[str, Any]:
    """Return one price as the audit trail has it: decimal odds as a string, None for no price."""
    return {"runnerId": runner_id, "bookmaker": bookmaker, "price": None if price is None else str(price)}


def as_written(quotes: Iterable[Quote]) -> dict[str, Any]:
    """Return the prices of these quotes as the audit trail has them: `{prices: [{runnerId, bookmaker, price}]}`."""
    return {"prices": [price_in_words(quote.runner_id, quote.maker, quote.price) for quote in quotes]}
