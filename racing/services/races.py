"""What happens to a race: its status, betting, off time, enquiry, non-runners and result."""

from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError

from racing.errors import Conflict
from racing.models import Race, User
from racing.models.columns import now
from racing.services import audit, meetings
from racing.services.placings import Placing, declare_result
from racing.services.race_changes import changing, reach, state
from racing.services.withdrawals import reinstate, withdraw
from racing.statuses import BEFORE_THE_OFF, CLOSING, ENDED, Betting, RaceStatus

__all__ = [
    "Placing",
    "change_betting",
    "change_enquiry",
    "change_off_time",
    "change_status",
    "declare_result",
    "move_off",
    "reinstate",
    "set_status",
    "withdraw",
]


def change_status(race_id: str, status: RaceStatus, by: User | None, at: datetime | None = None) -> int:
    """Say where the race has got to. A final status closes the betting; OFF notes `at` (default: now) as the off.

    Returns the race's version; the status it has already changes nothing.
    Raises RaceNotFound or TransitionForbidden.
    """
    with changing(race_id) as race:
        set_status(race, status, by, at or now())
        version = race.version
    return version


def set_status(race: Race, status: RaceStatus, by: User | None, at: datetime) -> None:
    """As `change_status`, of a locked race in the running change."""
    if race.status is status:
        return
    before = state(race)
    reach(race, status, at)
    race.next_state(at)
    audit.record("status", by, at, race_id=race.id, version=race.version, before=before, **state(race))


def change_betting(race_id: str, betting: Betting, by: User | None, at: datetime | None = None) -> int:
    """Open, suspend or close the betting. Prices stay as they are.

    Returns the race's version. Raises RaceNotFound, or Conflict where the result is known and `betting` is not closed.
    """
    when = at or now()
    with changing(race_id) as race:
        if race.betting is not betting:
            if race.status in CLOSING:
                raise Conflict(f"The betting on a race that is {race.status} stays closed.")
            before, race.betting = {"betting": race.betting.value}, betting
            race.next_state(when)
            audit.record(
                "betting", by, when, race_id=race_id, version=race.version, before=before, betting=betting.value
            )
        version = race.version
    return version


def change_off_time(race_id: str, off_time: datetime, by: User | None, at: datetime | None = None) -> int:
    """Move the scheduled off of a race that is still to be run; on another day it belongs to that day's meeting.

    Returns the race's version. Raises RaceNotFound, or Conflict where the race is off or over.
    """
    try:
        return _change_off_time(race_id, off_time, by, at or now())
    except IntegrityError:
        # Another process opened that day's meeting at the same moment: now it can be seen.
        return _change_off_time(race_id, off_time, by, at or now())


def _change_off_time(race_id: str, off_time: datetime, by: User | None, when: datetime) -> int:
    with changing(race_id) as race:
        move_off(race, off_time, by, when)
        version = race.version
    return version


def move_off(race: Race, off_time: datetime, by: User | None, at: datetime) -> None:
    """As `change_off_time`, of a locked race in the running change; IntegrityError is for its caller."""
    if race.off_time == off_time:
        return
    if race.status not in BEFORE_THE_OFF:
        raise Conflict(f"The off time of a race that is {race.status} cannot be moved.")
    before, race.off_time = {"offTime": race.off_time.isoformat()}, off_time
    meetings.move(race)
    race.next_state(at)
    moved_to = off_time.astimezone(UTC).isoformat()
    audit.record("off_time", by, at, race_id=race.id, version=race.version, before=before, offTime=moved_to)


def change_enquiry(race_id: str, enquiry: bool, by: User | None, at: datetime | None = None) -> int:
    """Announce or end a stewards' enquiry, a flag beside the result.

    Returns the race's version. Raises RaceNotFound, or Conflict where the race has ended for good.
    """
    when = at or now()
    with changing(race_id) as race:
        if race.enquiry is not enquiry:
            if enquiry and race.status in ENDED:
                raise Conflict(f"A race that is {race.status} can have no enquiry any more.")
            before, race.enquiry = {"enquiry": race.enquiry}, enquiry
            race.next_state(when)
            audit.record("enquiry", by, when, race_id=race_id, version=race.version, before=before, enquiry=enquiry)
        version = race.version
    return version
