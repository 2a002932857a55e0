"""Lists of races (the next ones, those of a day, a course, a country, a stage) and what their lines are drawn from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from racing.extensions import db, in_turns
from racing.models import CurrentPrice, Meeting, Race, Runner
from racing.statuses import BEFORE_THE_OFF, RaceStatus

NEXT_RACES = 40
MOST_OF_A_DAY = 200
RACES_AT_ONCE = 20
# A race stays among the next ones while it is run, and for a while where nobody says how it ended.
STILL_NEXT = timedelta(minutes=30)
_RUNNING = (RaceStatus.OFF, RaceStatus.FALSESTART)


class Stage(StrEnum):
    """How far a race is, as readers ask for it."""

    TO_COME = "to-come"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True)
class Asked:
    """Which races a reader wants. `day` None: the next ones, whatever their day; `courses` are names, None: all."""

    day: date | None = None
    courses: Sequence[str] | None = None
    country: str | None = None
    stage: Stage | None = None


@dataclass(frozen=True)
class Field:
    """The runners of one race in the order of the card, and their prices, as rows with the models' columns."""

    runners: Sequence[Any] = field(default_factory=tuple)
    prices: Sequence[Any] = field(default_factory=tuple)


def listed(asked: Asked, now: datetime) -> Sequence[Race]:
    """Return the races asked for with their meetings, by off time.

    Without a day at most NEXT_RACES: the next ones, or where those that are over are wanted, the newest. Of a day at
    most MOST_OF_A_DAY.
    """
    query = _narrowed(select(Race).join(Race.meeting).options(joinedload(Race.meeting)), asked)
    if asked.day is not None:
        query = query.where(Meeting.day == asked.day).order_by(Race.off_time, Race.id).limit(MOST_OF_A_DAY)
        return db.session.scalars(query).all()
    if asked.stage is Stage.OVER:
        newest = query.where(Race.off_time <= now).order_by(Race.off_time.desc(), Race.id.desc()).limit(NEXT_RACES)
        return db.session.scalars(newest).all()[::-1]
    # What nobody ended is not to come for ever.
    query = query.where(Race.off_time >= now - STILL_NEXT)
    if asked.stage is None:
        query = query.where(Race.status.in_((*BEFORE_THE_OFF, *_RUNNING)))
    return db.session.scalars(query.order_by(Race.off_time, Race.id).limit(NEXT_RACES)).all()


def _narrowed(query: Select[Race], asked: Asked) -> Select[Race]:
    if asked.courses is not None:
        query = query.where(Meeting.course.in_(asked.courses))
    if asked.country is not None:
        query = query.where(Meeting.country == asked.country)
    if asked.stage is Stage.TO_COME:
        query = query.where(Race.status.in_(BEFORE_THE_OFF))
    elif asked.stage is Stage.RUNNING:
        query = query.where(Race.status.in_(_RUNNING))
    elif asked.stage is Stage.OVER:
        query = query.where(Race.status.not_in((*BEFORE_THE_OFF, *_RUNNING)))
    return query


def places_of(since: date, until: date) -> Sequence[tuple[str, str | None]]:
    """Return (course, country) of the meetings from one day to another, each once, by course."""
    query = select(Meeting.course, Meeting.country).where(Meeting.day >= since, Meeting.day <= until).distinct()
    return [(row.course, row.country) for row in db.session.execute(query.order_by(Meeting.course))]


def fields_of(race_ids: Collection[str]) -> Mapping[str, Field]:
    """Return the field of each of these races; columns, not entities: a day has thousands of prices.

    Read them after the races: rows newer than their stamp do no harm.
    """
    ids = list(race_ids)
    parts = (_fields_of(ids[start : start + RACES_AT_ONCE]) for start in range(0, len(ids), RACES_AT_ONCE))
    return {race_id: one for part in in_turns(parts) for race_id, one in part.items()}


def _fields_of(race_ids: Collection[str]) -> Mapping[str, Field]:
    runners = select(
        Runner.race_id, Runner.id, Runner.runner_id, Runner.position_on_card, Runner.number, Runner.name,
        Runner.status, Runner.version, Runner.withdrawn_at, Runner.withdrawn_price, Runner.position, Runner.sp,
    ).where(Runner.race_id.in_(race_ids)).order_by(Runner.position_on_card)  # fmt: skip
    prices = (
        select(
            CurrentPrice.race_id, CurrentPrice.runner_pk, CurrentPrice.bookmaker, CurrentPrice.price,
            CurrentPrice.previous, CurrentPrice.version, CurrentPrice.updated_at,
        )
        .where(CurrentPrice.race_id.in_(race_ids))
        .order_by(CurrentPrice.bookmaker)
    )  # fmt: skip
    fields, offers = _by_race(db.session.execute(runners)), _by_race(db.session.execute(prices))
    return {race_id: Field(fields[race_id], offers[race_id]) for race_id in race_ids}


def _by_race(rows: Iterable[Any]) -> Mapping[str, Sequence[Any]]:
    by_race: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_race[row.race_id].append(row)
    return by_race
