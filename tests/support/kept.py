"""All that the database keeps, to prove that a refusal has left nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from racing.extensions import db

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
