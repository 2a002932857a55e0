"""What nobody needs any more goes: history and alerts of races long run, audit entries, notifications, keys, tokens.

Races, their runners and current prices stay, as do articles. A row goes by its age alone, so that a second run finds
nothing, and one that is cut off is gone on with by the next.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from racing.extensions import db
from racing.models import (
    AlertProgress,
    AnsweredRequest,
    AuditEntry,
    Notification,
    PriceAlert,
    PriceChange,
    Race,
    RevokedToken,
)
from racing.models.columns import now
from racing.services.idempotency import KEPT
from racing.services.transactions import one_change, one_look

# Few enough that a writer who must wait for them does not notice.
ROWS_AT_ONCE = 500
# Nobody waits any longer for a race's end, or for another word from the stewards; each look at what is due reads them.
AWAITED = timedelta(days=7)


class Ages(NamedTuple):
    """How long each is kept: price history after its race; the others since they were written, or read.

    Price alerts go with the notifications of their race.
    """

    price_history: timedelta
    audit: timedelta
    read_notifications: timedelta
    notifications: timedelta


class _Outdated(NamedTuple):
    """The rows of one table that are to go."""

    words: str
    model: Any
    which: ColumnElement[bool]


def thin(ages: Ages, rows_at_once: int = ROWS_AT_ONCE) -> Mapping[str, int]:
    """Remove what is older than `ages` say, in many small changes; return what -> how many rows of it are gone."""
    return {outdated.words: sum(_remove(outdated, rows_at_once)) for outdated in _outdated(ages, now())}


def _outdated(ages: Ages, at: datetime) -> list[_Outdated]:
    undoing = aliased(AuditEntry).undoes_id == AuditEntry.id
    return [
        _Outdated("price changes", PriceChange, PriceChange.race_id.in_(_run_before(at - ages.price_history))),
        _Outdated("price alerts", PriceAlert, PriceAlert.race_id.in_(_run_before(at - ages.notifications))),
        _Outdated("races awaited", AlertProgress, AlertProgress.race_id.in_(_run_before(at - AWAITED))),
        # One that was taken back goes after the entry that says so.
        _Outdated("audit entries", AuditEntry, and_(AuditEntry.at < at - ages.audit, ~exists().where(undoing))),
        _Outdated(
            "notifications",
            Notification,
            or_(
                and_(Notification.read_at.is_not(None), Notification.read_at < at - ages.read_notifications),
                Notification.created_at < at - ages.notifications,
            ),
        ),
        _Outdated("idempotency keys", AnsweredRequest, AnsweredRequest.at < at - KEPT),
        _Outdated("revoked tokens", RevokedToken, RevokedToken.expires_at < at),
    ]


def _run_before(long_ago: datetime) -> Select[Any]:
    # A market of years ago that was replayed yesterday is as old as its replay.
    return select(Race.id).where(Race.off_time < long_ago, Race.created_at < long_ago)


def _remove(outdated: _Outdated, rows_at_once: int) -> Iterator[int]:
    """Remove the rows some at a time; yields how many went each time."""
    keys = outdated.model.__table__.primary_key.columns
    query = select(*keys).where(outdated.which).order_by(*keys).limit(rows_at_once)
    while True:
        # Looked for outside the change: on SQLite that would keep every writer waiting for the search.
        with one_look():
            found = [tuple(row) for row in db.session.execute(query)]
        if not found:
            return
        # Asked once more: a key may have been used anew meanwhile.
        removal = delete(outdated.model).where(tuple_(*keys).in_(found), outdated.which)
        with one_change():
            result = db.session.execute(removal, execution_options={"synchronize_session": False})
            gone = cast(CursorResult[Any], result).rowcount
        yield gone
