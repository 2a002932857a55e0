"""Reads of races and meetings; nothing here changes anything."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from racing.errors import NotFound, RaceNotFound
from racing.extensions import db, socketio
from racing.models import Meeting, Race, Runner
from racing.services.transactions import one_look
from racing.statuses import ENDED, RaceStatus

NEXT_RACES = 20
# A race stays among the next ones while it is run, and for a while where nobody says how it ended.
STILL_NEXT = timedelta(minutes=30)
_OVER = (*ENDED, RaceStatus.RESULT, RaceStatus.FINISHED, RaceStatus.PHOTOGRAPH)
RACES_AT_ONCE = 50
T = TypeVar("T")
# Made once: every write begins with it, and putting it together costs more than carrying it out. NO KEY: whoever notes
# that a user watches the race or waits for a price in it holds up no writer, and waits for none.
_LOCKED = (
    select(Race)
    .where(Race.id == bindparam("race_id"))
    .options(joinedload(Race.meeting, innerjoin=True))
    .with_for_update(of=Race, key_share=True)
)


def race(race_id: str) -> Race:
    """Return the race with its meeting. Raises RaceNotFound."""
    found = db.session.scalar(select(Race).where(Race.id == race_id).options(joinedload(Race.meeting)))
    if found is None:
        raise RaceNotFound(race_id)
    return found


def races(race_ids: Collection[str]) -> Sequence[Race]:
    """Return those of these races that are there, with their meetings, by off time."""
    query = select(Race).where(Race.id.in_(race_ids)).options(joinedload(Race.meeting))
    return db.session.scalars(query.order_by(Race.off_time, Race.id)).all()


def race_for_update(race_id: str) -> Race:
    """Return the race with its meeting, itself locked until the running change ends. Raises RaceNotFound."""
    found = db.session.scalar(_LOCKED, {"race_id": race_id})
    if found is None:
        # Whoever held it may have moved it to another meeting: the one that it was joined with is no longer its own.
        found = db.session.scalar(_LOCKED, {"race_id": race_id})
    if found is None:
        raise RaceNotFound(race_id)
    return found


def version_now(race_id: str) -> int:
    """Return the race's version as the running change has it so far. Raises RaceNotFound."""
    found = db.session.get(Race, race_id)
    if found is None:
        raise RaceNotFound(race_id)
    return found.version


def card(race_id: str) -> Race:
    """Return the race with its runners and their current prices. Raises RaceNotFound."""
    found = db.session.scalar(
        select(Race)
        .where(Race.id == race_id)
        .options(joinedload(Race.meeting), selectinload(Race.runners).selectinload(Runner.prices))
    )
    if found is None:
        raise RaceNotFound(race_id)
    return found


def races_of_day(day: date) -> Sequence[Race]:
    """Return the races of a course-local `day` with their meetings, by off time."""
    query = select(Race).join(Race.meeting).where(Meeting.day == day).options(joinedload(Race.meeting))
    return db.session.scalars(query.order_by(Race.off_time, Race.id)).all()


def every_race(tell: Callable[[Race], T]) -> Iterator[Sequence[T]]:
    """Yield what `tell` says of all races, by off time, some at a time; others of the loop go on in between.

    Each part is a transaction of its own, over before it is yielded; a race has its meeting in it. Each race comes
    once, one that is moved meanwhile about where it was.
    """
    with one_look():
        ids = db.session.scalars(select(Race.id).order_by(Race.off_time, Race.id)).all()
    for start in range(0, len(ids), RACES_AT_ONCE):
        with one_look():
            part = [tell(race) for race in races(ids[start : start + RACES_AT_ONCE])]
        yield part
        socketio.sleep(0)


def races_since(at: datetime) -> Sequence[Race]:
    """Return the races of the day that it is `at` that instant on each course, and of those after it, by off time."""
    # In America it is yesterday still when London's day begins.
    earliest = at.astimezone(UTC).date() - timedelta(days=1)
    query = select(Race).join(Race.meeting).where(Meeting.day >= earliest).options(joinedload(Race.meeting))
    found = db.session.scalars(query.order_by(Race.off_time, Race.id)).all()
    return [race for race in found if race.meeting.day >= at.astimezone(race.meeting.zone).date()]


def next_races(now: datetime, most: int = NEXT_RACES) -> Sequence[Race]:
    """Return the races still to come or being run, by off time, with runners and prices; at most `most`."""
    query = (
        select(Race)
        .where(Race.off_time >= now - STILL_NEXT, Race.status.not_in(_OVER))
        .options(joinedload(Race.meeting), selectinload(Race.runners).selectinload(Runner.prices))
        .order_by(Race.off_time, Race.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def meeting(slug: str) -> Meeting:
    """Return the meeting with its races, without what runs in them. Raises NotFound."""
    found = db.session.scalar(select(Meeting).where(Meeting.slug == slug).options(selectinload(Meeting.races)))
    if found is None:
        raise NotFound(f"There is no meeting '{slug[:80]}'.")
    return found


def meetings_with_runners(day: date) -> Sequence[Meeting]:
    """As `meetings_of`, with the races' runners."""
    query = select(Meeting).where(Meeting.day == day).order_by(Meeting.course)
    return db.session.scalars(query.options(selectinload(Meeting.races).selectinload(Race.runners))).all()


def meetings_of(day: date) -> Sequence[Meeting]:
    """Return the meetings of a course-local day, by course, with their races."""
    query = select(Meeting).where(Meeting.day == day).options(selectinload(Meeting.races)).order_by(Meeting.course)
    return db.session.scalars(query).all()
