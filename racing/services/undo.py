"""Taking back the last change of a race: a change of its own, on the record beside the one it takes back."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, joinedload

from racing.errors import Conflict
from racing.extensions import db
from racing.models import AuditEntry, Race, Role, User
from racing.models.columns import now
from racing.realtime import outbox
from racing.services import alert_progress, audit, racecards
from racing.services.race_changes import changing
from racing.services.taking_back import WAYS, Change
from racing.statuses import ENDED

ENDING_STANDS_AFTER = timedelta(minutes=10)
"""So long a race that was weighed in, abandoned or declared void by mistake can be had back; bets are settled then."""
_UNDOING = aliased(AuditEntry)


class LastChange(NamedTuple):
    """The change that would be taken back, and why it cannot be; empty where it can."""

    entry: AuditEntry
    refusal: str = ""


def last_change(race_id: str, at: datetime | None = None) -> LastChange | None:
    """Return the last change of a race that a person made and nobody has taken back; None where there is none.

    What a feed wrote is its own to correct. Raises RaceNotFound.
    """
    race = racecards.race(race_id)
    entry = _last(race_id)
    return None if entry is None else LastChange(entry, _refusal(race, entry, at or now()))


def undo_last(race_id: str, by: User, entry_id: int, at: datetime | None = None) -> int:
    """Take back the last change of a race, which must be the audit entry that was offered; again walks further back.

    What stood before it stands again, at a new version, whatever the rules say of one status after another: that is
    the point. A race that ended (weighed in, abandoned, void) can be had back for ten minutes only. The day's opening,
    longest and shortest prices stay as they were noted. Returns the race's version.
    Raises RaceNotFound, or Conflict, with nothing changed, where `entry_id` is not the last change any more, its kind
    cannot be taken back, or what it left no longer stands.
    """
    try:
        version = _undo(race_id, by, entry_id, at or now())
    except IntegrityError:
        # An off time goes back to a day whose meeting another process opened at this moment: now it can be seen.
        version = _undo(race_id, by, entry_id, at or now())
    outbox.touch()
    return version


def _undo(race_id: str, by: User, entry_id: int, at: datetime) -> int:
    with changing(race_id) as race:
        entry = _last(race_id)
        if entry is None or entry.id != entry_id:
            raise Conflict("The race has changed since you looked, or this is taken back already. Look again.")
        if refusal := _refusal(race, entry, at):
            raise Conflict(refusal)
        before, after = entry.before or {}, entry.after
        if race.status in ENDED:
            alert_progress.resume(race)
        WAYS[entry.action](race, Change(before, after), by, at)
        audit.record(
            "undo", by, at, race_id=race_id, version=race.version, before=dict(after), undoes_id=entry.id, **before
        )
        version = race.version
    return version


def _last(race_id: str) -> AuditEntry | None:
    changes = select(AuditEntry).join(AuditEntry.user).options(joinedload(AuditEntry.user))
    by_people = changes.where(User.role.in_((Role.STAFF, Role.ADMIN)), AuditEntry.api_key_id.is_(None))
    standing = by_people.where(
        AuditEntry.race_id == race_id,
        # What is told about a race, and its declaration, are no changes of it.
        AuditEntry.version > 0,
        AuditEntry.action != "undo",
        ~exists().where(_UNDOING.undoes_id == AuditEntry.id),
    )
    return db.session.scalar(standing.order_by(AuditEntry.id.desc()).limit(1))


def _refusal(race: Race, entry: AuditEntry, at: datetime) -> str:
    if entry.action not in WAYS or entry.before is None:
        return "This cannot be taken back here."
    if race.status not in ENDED:
        return ""
    if entry.action != "status" or entry.after.get("status") != race.status:
        return f"The race is {race.status}: what came before that stands."
    if at - entry.at > ENDING_STANDS_AFTER:
        minutes = ENDING_STANDS_AFTER // timedelta(minutes=1)
        return f"The race is {race.status} for more than {minutes} minutes: that stands."
    return ""
