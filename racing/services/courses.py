"""Courses, found under the slugs of their names: the meetings that each has here."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from racing.errors import NotFound
from racing.extensions import db
from racing.models import Meeting
from racing.services.slugs import slugify

# A meeting's slug is its course's and its day: "castle-ridge-2026-11-24".
_DAY = "____-__-__%"


def names(slug: str) -> Sequence[str]:
    """Return the names of the courses with this slug: several where they leave the same letters, none where unknown."""
    if slugify(slug, "") != slug:
        return []
    found = db.session.scalars(select(Meeting.course).where(Meeting.slug.like(f"{slug}-{_DAY}")).distinct())
    return sorted(name for name in found if slugify(name) == slug)


def meetings(slug: str, today: date, past_most: int, past_from: int = 0) -> tuple[Sequence[Meeting], Sequence[Meeting]]:
    """Return a course's meetings to come, soonest first, and `past_most` of those before today, newest first.

    Races are loaded with them. Raises NotFound where no meeting was ever held there.
    """
    held_at = Meeting.course.in_(names(slug) or _unknown(slug))
    query = select(Meeting).where(held_at).options(selectinload(Meeting.races))
    to_come = query.where(Meeting.day >= today).order_by(Meeting.day).limit(50)
    past = query.where(Meeting.day < today).order_by(Meeting.day.desc()).offset(past_from).limit(past_most)
    return db.session.scalars(to_come).all(), db.session.scalars(past).all()


def _unknown(slug: str) -> Sequence[str]:
    raise NotFound(f"No meeting was ever held at '{slug[:80]}' here.")
