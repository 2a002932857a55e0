"""What a search engine is told of: races, meetings and articles, each with when it last changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from racing.extensions import db
from racing.models import Article, Meeting, Race

STAYS_FOR = timedelta(days=90)


class Listed(NamedTuple):
    """One page: its `kind` is "race", "meeting" or "article", `key` names it in its address."""

    kind: str
    key: str
    changed_at: datetime


def count(now: datetime) -> int:
    """Return how many pages there are to tell of."""
    return sum(db.session.scalar(select(func.count()).select_from(query.subquery())) or 0 for query in _parts(now))


def listed(now: datetime, first: int, most: int) -> Sequence[Listed]:
    """Return the pages from place `first` (0 is the first) on, at most `most`."""
    return list(_from_parts(_parts(now), first, most))


def _parts(now: datetime) -> tuple[Any, ...]:
    since = now - STAYS_FOR
    races = select(Race.id, Race.updated_at).where(Race.off_time >= since).order_by(Race.off_time, Race.id)
    meetings = (
        select(Meeting.slug, func.max(Race.updated_at, type_=Race.updated_at.type))
        .join(Meeting.races)
        .where(Race.off_time >= since)
        .group_by(Meeting.id, Meeting.slug)
        .order_by(Meeting.id)
    )
    return races, meetings, select(Article.slug, Article.published_at).order_by(Article.id)


def _from_parts(parts: Sequence[Any], first: int, most: int) -> Iterator[Listed]:
    for kind, query in zip(("race", "meeting", "article"), parts, strict=True):
        if most <= 0:
            return
        rows = db.session.execute(query.offset(first).limit(most)).all()
        yield from (Listed(kind, key, changed_at.astimezone(UTC)) for key, changed_at in rows)
        most -= len(rows)
        if rows:
            first = 0
        else:
            first -= db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
