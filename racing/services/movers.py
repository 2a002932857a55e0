"""Who shortened and who drifted most on a day, over all its races."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Select, case, func, select, type_coerce

from racing.extensions import db
from racing.models import CurrentPrice, Meeting, Race, Runner
from racing.statuses import BEFORE_THE_OFF, RunnerStatus

# A day's field of runners, nearly; the smallest moves of it are what is left out.
MOST = 400


@dataclass(frozen=True)
class Mover:
    """A horse whose chance moved by `points` (percent; above 0: it shortened) since its first price of the day.

    `now` is the best price, offered by `bookmaker`; where the race is run the starting price, of no bookmaker.
    """

    runner_id: str
    number: str | None
    name: str
    race_id: str
    off_time: datetime
    course: str
    time_zone: str
    is_run: bool
    opened: Decimal
    now: Decimal
    bookmaker: str | None
    points: float


def movers_of(day: date, courses: Sequence[str] | None = None) -> Sequence[Mover]:
    """Return the movers of a course-local day, at `courses` (names; None: all), the furthest first; at most MOST.

    Left out: who has not moved, non-runners, and the runners of races that are off until their starting price is told:
    in running one price falls to nothing and all others rise.
    """
    rows = db.session.execute(_query(day, courses))
    return [
        Mover(
            row.runner_id, row.number, row.name, row.id, row.off_time, row.course, row.time_zone,
            row.status not in BEFORE_THE_OFF, row.opening_price, _price(row.now), row.bookmaker, row.points,
        )
        for row in rows
    ]  # fmt: skip


def _query(day: date, courses: Sequence[str] | None) -> Select[*tuple[Any, ...]]:
    is_to_come = Race.status.in_(BEFORE_THE_OFF)
    best = _best_offers(day)
    now = case((is_to_come, best.c.price), else_=type_coerce(Runner.sp, Integer))
    opened = type_coerce(Runner.opening_price, Integer)
    points = 10_000.0 / now - 10_000.0 / opened
    query = (
        select(
            Runner.runner_id, Runner.number, Runner.name, Runner.opening_price,
            Race.id, Race.off_time, Race.status, Meeting.course, Meeting.time_zone,
            now.label("now"), case((is_to_come, best.c.bookmaker)).label("bookmaker"), points.label("points"),
        )
        .select_from(Runner)
        .join(Runner.race)
        .join(Race.meeting)
        .outerjoin(best, (best.c.runner_pk == Runner.id) & (best.c.place == 1))
        .where(Meeting.day == day, Runner.priced_day == Meeting.day, Runner.status != RunnerStatus.NON_RUNNER)
        .where(opened.is_not(None), now.is_not(None), now != opened)
        .order_by(func.abs(points).desc(), Race.off_time, Runner.id)
        .limit(MOST)
    )  # fmt: skip
    return query if courses is None else query.where(Meeting.course.in_(courses))


def _best_offers(day: date) -> Any:
    """Return (runner, price in hundredths, bookmaker, place) of the day's offers; place 1 is a runner's longest."""
    longest_first = (CurrentPrice.price.desc(), CurrentPrice.bookmaker)
    place = func.row_number().over(partition_by=CurrentPrice.runner_pk, order_by=longest_first)
    return (
        select(
            CurrentPrice.runner_pk,
            type_coerce(CurrentPrice.price, Integer).label("price"),
            CurrentPrice.bookmaker,
            place.label("place"),
        )
        .join(Race, Race.id == CurrentPrice.race_id)
        .join(Race.meeting)
        .where(Meeting.day == day, CurrentPrice.price.is_not(None))
        .subquery()
    )


def _price(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)
