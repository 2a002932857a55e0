"""The meeting that a race belongs to: one course on one day of its own."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, delete, func, select

from racing.extensions import db
from racing.models import Meeting, Race
from racing.services.slugs import free_slug, slugify


def meeting_at(course: str, off_time: datetime, *, time_zone: str | None = None, country: str | None = None) -> Meeting:
    """Return the course's meeting of the day on which `off_time` falls there, a new one where there is none yet.

    What is not given is as at the course's last meeting. A new one is written by the running transaction, which fails
    with IntegrityError where another process opens the same meeting at the same moment.
    """
    last = _last_at(course)
    zone = time_zone or _zone_at(last)
    day = off_time.astimezone(ZoneInfo(zone)).date()
    meeting = db.session.scalar(select(Meeting).where(_is_at(course), Meeting.day == day))
    if meeting is None:
        name = last.course if last else course
        # Names that differ may leave the same letters.
        slug = free_slug(f"{slugify(name)}-{day.isoformat()}", Meeting.slug)
        country = country or (last.country if last else None)
        meeting = Meeting(slug=slug, course=name, day=day, country=country, time_zone=zone)
        db.session.add(meeting)
    return meeting


def zone_of(course: str) -> str:
    """Return the name of the time zone that the course's last meeting was in, else of the configured default."""
    return _zone_at(_last_at(course))


def _last_at(course: str) -> Meeting | None:
    return db.session.scalar(select(Meeting).where(_is_at(course)).order_by(Meeting.day.desc()).limit(1))


def _zone_at(last: Meeting | None) -> str:
    return last.time_zone if last else str(current_app.config["DEFAULT_TIME_ZONE"])


def _is_at(course: str) -> ColumnElement[bool]:
    # "Ascot" and "ascot" are one course.
    return func.lower(Meeting.course) == course.lower()


def move(race: Race) -> None:
    """Put a race whose off time has changed into its day's meeting, in the running transaction, as `meeting_at` does.

    A meeting that is left without a race is gone: nobody races there that day.
    """
    before = race.meeting
    after = meeting_at(before.course, race.off_time, time_zone=before.time_zone)
    if after is before:
        return
    db.session.flush()
    # Two who take the last two races away see each other; in one order, so that they do not wait for one another.
    both = select(Meeting.id).where(Meeting.id.in_((before.id, after.id))).order_by(Meeting.id)
    db.session.execute(both.with_for_update())
    race.meeting = after
    db.session.flush()
    if db.session.scalar(select(Race.id).where(Race.meeting_id == before.id).limit(1)) is None:
        db.session.execute(delete(Meeting).where(Meeting.id == before.id))
