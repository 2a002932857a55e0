"""The search over horses, jockeys, trainers, races, meetings and courses, by how the words of their names begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from racing.errors import InvalidInput
from racing.extensions import db
from racing.models import Meeting, NameWord, Race, Runner
from racing.services.name_words import TITLES
from racing.services.people import NAMES, Kind
from racing.services.slugs import LONGEST, slugify

FEWEST_LETTERS = 2
MOST_FOUND = 20
MOST_MEETINGS = 6
_RARE = 500


@dataclass(frozen=True)
class Found:
    """One answer of a search: how it is written on its newest card, and in how many races it is here."""

    slug: str
    name: str
    races: int


def letters(text: str) -> str:
    """Return what is searched for, as a part of a slug. Raises InvalidInput where there is too little of it."""
    wanted = slugify(text[:LONGEST], "")
    if len(wanted.replace("-", "")) < FEWEST_LETTERS:
        raise InvalidInput("Write at least two letters of a name.")
    return wanted


def search(kind: Kind, wanted: str) -> Sequence[Found]:
    """Return at most MOST_FOUND names of that kind in which a word begins with `wanted`.

    Those that begin with it come first, each group by who was declared last.
    """
    ending, newest = NameWord.ending, func.max(NameWord.newest).label("newest")
    begins = func.max(case((ending == NameWord.slug, 1), else_=0))
    rows = db.session.execute(
        select(NameWord.slug, newest, func.max(NameWord.races).label("races"))
        .where(*_begins(kind.value, wanted))
        .group_by(NameWord.slug)
        .order_by(begins.desc(), newest.desc())
        .limit(MOST_FOUND)
    ).all()
    written = select(Runner.id, NAMES[kind]).where(Runner.id.in_([row.newest for row in rows]))
    names: dict[int, str] = dict(db.session.execute(written).all()) if rows else {}
    return [Found(row.slug, names[row.newest], row.races) for row in rows]


def courses(wanted: str) -> Sequence[Found]:
    """Return at most MOST_FOUND courses in whose names a word begins with `wanted`, as `search` does."""
    begins, inside = Meeting.slug.like(f"{wanted}%"), Meeting.slug.like(f"%-{wanted}%")
    query = select(Meeting.course, func.count().label("meetings")).where(or_(begins, inside)).group_by(Meeting.course)
    found = [Found(slugify(row.course), row.course, row.meetings) for row in db.session.execute(query)]
    # A meeting's slug goes on with its day: "ascot-2026" is no course.
    named = [course for course in found if f"-{wanted}" in f"-{course.slug}"]
    return sorted(named, key=lambda course: (not course.slug.startswith(wanted), course.name))[:MOST_FOUND]


def races(wanted: str, now: datetime) -> Sequence[Race]:
    """Return at most MOST_FOUND races, with their meetings, in whose titles a word begins with `wanted`.

    Those to come are first, by off time, then the others, newest first.
    """
    named = db.session.scalars(select(NameWord.slug).where(*_begins(TITLES, wanted)).limit(_RARE + 1)).all()
    # Of a word that is everywhere, "stakes", the first are found soon by going through the races in their order.
    in_title = NameWord.slug == Race.id, NameWord.kind == TITLES, NameWord.ending.like(f"{wanted}%")
    fits = Race.id.in_(named) if len(named) <= _RARE else exists().where(*in_title)
    query = select(Race).options(joinedload(Race.meeting)).where(fits).limit(MOST_FOUND)
    to_come = query.where(Race.off_time >= now).order_by(Race.off_time, Race.id)
    past = query.where(Race.off_time < now).order_by(Race.off_time.desc(), Race.id)
    return [*db.session.scalars(to_come), *db.session.scalars(past)][:MOST_FOUND]


def meetings(found: Sequence[Found], today: date) -> Sequence[Meeting]:
    """Return at most MOST_MEETINGS meetings, with their races, at these courses: today's and to come, then the last."""
    at_them = select(Meeting).where(Meeting.course.in_([course.name for course in found]))
    query = at_them.options(selectinload(Meeting.races))
    to_come = query.where(Meeting.day >= today).order_by(Meeting.day, Meeting.course).limit(MOST_MEETINGS)
    past = query.where(Meeting.day < today).order_by(Meeting.day.desc(), Meeting.course).limit(MOST_MEETINGS)
    return [*db.session.scalars(to_come), *db.session.scalars(past)][:MOST_MEETINGS]


def _begins(kind: str, wanted: str) -> tuple[ColumnElement[bool], ...]:
    """Say which words of that kind are asked for."""
    ending = NameWord.ending
    # Between bounds the index is used, under any collation; the pattern then says exactly.
    between = ending >= wanted, ending <= wanted + "z" * LONGEST
    return NameWord.kind == kind, *between, ending.like(f"{wanted}%")
