"""What a search engine is told of: races, meetings and articles, each with when it last changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import func, select

from racing.extensions import db, socketio
from racing.models import Article, Meeting, Race
from racing.services.transactions import one_look

STAYS_FOR = timedelta(days=90)
ROWS_AT_ONCE = 250


class Kind(Enum):
    """What a page is of."""

    RACE = "race"
    MEETING = "meeting"
    ARTICLE = "article"


class Listed(NamedTuple):
    """One page; `key` names it in its address."""

    kind: Kind
    key: str
    changed_at: datetime


def count(now: datetime) -> int:
    """Return how many pages there are to tell of."""
    with one_look():
        return sum(_length(query) for query in _parts(now).values())


def listed(now: datetime, first: int, most: int) -> Iterator[Listed]:
    """Yield the pages from place `first` (0 is the first) on, at most `most`.

    They are read some at a time, and others go on in between: what is published meanwhile may move a place.
    """
    for kind, query in _parts(now).items():
        found = 0
        while most > found and (rows := _rows(query, first + found, min(most - found, ROWS_AT_ONCE))):
            yield from (Listed(kind, key, changed_at.astimezone(UTC)) for key, changed_at in rows)
            found += len(rows)
            socketio.sleep(0)
        most -= found
        if most <= 0:
            return
        first = 0 if found else first - _length(query)


def _parts(now: datetime) -> Mapping[Kind, Any]:
    since = now - STAYS_FOR
    meetings = (
        select(Meeting.slug, func.max(Race.updated_at, type_=Race.updated_at.type))
        .join(Meeting.races)
        .where(Race.off_time >= since)
        .group_by(Meeting.id, Meeting.slug)
        .order_by(Meeting.id)
    )
    changed_at = func.coalesce(Article.corrected_at, Article.published_at, type_=Article.published_at.type)
    articles = select(Article.slug, changed_at).where(Article.withdrawn_at.is_(None))
    return {
        Kind.RACE: select(Race.id, Race.updated_at).where(Race.off_time >= since).order_by(Race.off_time, Race.id),
        Kind.MEETING: meetings,
        Kind.ARTICLE: articles.order_by(Article.id),
    }


def _rows(query: Any, first: int, most: int) -> Sequence[Any]:
    with one_look():
        return db.session.execute(query.offset(first).limit(most)).all()


def _length(query: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
