"""All that the database keeps, to prove that a refusal has left nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from racing.extensions import db
from racing.models import PriceChange, Race, Runner

Kept = dict[str, list[tuple[Any, ...]]]


def everything_kept() -> Kept:
    """Return every row of every table."""
    db.session.rollback()
    kept = {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return kept


@contextmanager
def nothing_written() -> Iterator[None]:
    """Hold that the block changes no row of any table."""
    before = everything_kept()
    yield
    assert everything_kept() == before


def rows_of(model: Any) -> int:
    """Return how many rows a table holds."""
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def every_race() -> list[Race]:
    """Return all races, by off time."""
    return list(db.session.scalars(select(Race).order_by(Race.off_time, Race.id)))


def history(race_id: str, runner_id: str | None = None, bookmaker: str | None = None) -> list[PriceChange]:
    """Return the price changes of a race, oldest first: of all, or of one runner, of one bookmaker."""
    query = select(PriceChange).join(PriceChange.runner).where(PriceChange.race_id == race_id).order_by(PriceChange.id)
    if runner_id is not None:
        query = query.where(Runner.runner_id == runner_id)
    if bookmaker is not None:
        query = query.where(PriceChange.bookmaker == bookmaker)
    return list(db.session.scalars(query))
