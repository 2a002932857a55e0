"""What happens to all that is still to be run of a meeting at once: it is abandoned, or put back."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from racing.errors import Conflict, InvalidInput
from racing.extensions import db
from racing.models import Race, User
from racing.models.columns import now
from racing.services import racecards, races
from racing.services.race_changes import changing_all
from racing.statuses import BEFORE_THE_OFF, RaceStatus

TO_BE_RUN = frozenset({*BEFORE_THE_OFF, RaceStatus.FALSESTART})
MOST_MINUTES = 240


def abandon_meeting(slug: str, by: User | None) -> list[str]:
    """Abandon all races of a meeting that are still to be run: all of them, or none; each is told at once.

    Returns their ids, by off time. Raises NotFound, or Conflict where none is left.
    """
    at = now()
    with changing_all(_race_ids(slug)) as locked:
        left = [race for race in _of_meeting(slug, locked) if race.status in TO_BE_RUN]
        if not left:
            raise Conflict("No race of this meeting is still to be run.")
        for race in left:
            races.set_status(race, RaceStatus.ABANDONED, by, at)
        abandoned = [race.id for race in left]
    return abandoned


def delay_meeting(slug: str, minutes: int, by: User | None) -> list[str]:
    """Move the off times of all races before their off by so many minutes, all or none; back where it is below 0.

    Returns their ids, by off time. Raises NotFound, InvalidInput, or Conflict where none is left.
    """
    if not 1 <= abs(minutes) <= MOST_MINUTES:
        raise InvalidInput(f"A meeting is moved by 1 to {MOST_MINUTES} minutes, later or (with a minus) earlier.")
    try:
        return _delay(slug, timedelta(minutes=minutes), by)
    except IntegrityError:
        # Another process opened the meeting of a day that a race goes to: now it can be seen.
        return _delay(slug, timedelta(minutes=minutes), by)


def _delay(slug: str, by_how_much: timedelta, by: User | None) -> list[str]:
    at = now()
    with changing_all(_race_ids(slug)) as locked:
        left = [race for race in _of_meeting(slug, locked) if race.status in BEFORE_THE_OFF]
        if not left:
            raise Conflict("No race of this meeting is before its off.")
        for race in left:
            races.move_off(race, race.off_time + by_how_much, by, at)
        moved = [race.id for race in left]
    return moved


def _race_ids(slug: str) -> list[str]:
    meeting = racecards.meeting(slug)
    return list(db.session.scalars(select(Race.id).where(Race.meeting_id == meeting.id)))


def _of_meeting(slug: str, locked: list[Race]) -> list[Race]:
    """Return by off time those that still are of the meeting: one that was moved to another day meanwhile is not."""
    here = [race for race in locked if race.meeting.slug == slug]
    return sorted(here, key=lambda race: (race.off_time, race.id))
