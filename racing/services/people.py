"""Horses, jockeys and trainers, found under the slugs of their names: their runs here."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, selectinload

from racing.errors import NotFound
from racing.extensions import db
from racing.models import Race, Runner
from racing.services.race_lists import STILL_NEXT
from racing.statuses import BEFORE_THE_OFF, RaceStatus

MOST_TO_COME = 100
_NOT_OVER = (*BEFORE_THE_OFF, RaceStatus.OFF, RaceStatus.FALSESTART)


class Kind(StrEnum):
    """Whom a runner is found by."""

    HORSE = "horse"
    JOCKEY = "jockey"
    TRAINER = "trainer"


SLUGS: dict[Kind, InstrumentedAttribute[str | None]] = {
    Kind.HORSE: Runner.horse_slug,
    Kind.JOCKEY: Runner.jockey_slug,
    Kind.TRAINER: Runner.trainer_slug,
}
NAMES: dict[Kind, InstrumentedAttribute[Any]] = {
    Kind.HORSE: Runner.name,
    Kind.JOCKEY: Runner.jockey,
    Kind.TRAINER: Runner.trainer,
}


def name_of(kind: Kind, slug: str) -> str:
    """Return the name as the newest card writes it. Raises NotFound where no card names it."""
    query = select(NAMES[kind]).where(SLUGS[kind] == slug).order_by(Runner.id.desc()).limit(1)
    name = db.session.scalar(query)
    if name is None:
        raise NotFound(f"No {kind} '{slug[:80]}' has been on a card here.")
    return str(name)


def newest_card(horse_slug: str) -> Runner | None:
    """Return the horse as it was declared last, None where no card names it."""
    query = select(Runner).where(Runner.horse_slug == horse_slug).order_by(Runner.id.desc()).limit(1)
    return db.session.scalar(query)


def to_come(kind: Kind, slug: str, now: datetime) -> Sequence[Runner]:
    """Return the runners of races still to come or being run, by off time, with race, meeting and prices."""
    query = _runs(kind, slug).where(_is_to_come(now)).order_by(Race.off_time, Race.id, Runner.position_on_card)
    return db.session.scalars(query.options(selectinload(Runner.prices)).limit(MOST_TO_COME)).all()


def past(kind: Kind, slug: str, now: datetime, most: int, skipped: int = 0) -> Sequence[Runner]:
    """Return the runners of the other races, newest first, after `skipped` of them, with race and meeting."""
    query = _runs(kind, slug).where(~_is_to_come(now)).order_by(Race.off_time.desc(), Race.id, Runner.position_on_card)
    return db.session.scalars(query.offset(skipped).limit(most)).all()


def went_to_post(race_ids: Sequence[str]) -> dict[str, int]:
    """Return how many ran in each of these races."""
    query = select(Runner.race_id, func.count()).where(Runner.race_id.in_(race_ids), Runner.withdrawn_at.is_(None))
    return dict(db.session.execute(query.group_by(Runner.race_id)).all())


def _runs(kind: Kind, slug: str) -> Any:
    eager = contains_eager(Runner.race).contains_eager(Race.meeting)
    return select(Runner).join(Runner.race).join(Race.meeting).where(SLUGS[kind] == slug).options(eager)


def _is_to_come(now: datetime) -> ColumnElement[bool]:
    return (Race.off_time >= now - STILL_NEXT) & Race.status.in_(_NOT_OVER)
