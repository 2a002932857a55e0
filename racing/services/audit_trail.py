"""The audit trail as it is read: newest first, narrowed down, however long it is and whoever writes meanwhile."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from racing.extensions import db, socketio
from racing.models import ApiKey, AuditEntry, Meeting, Race, Runner, User
from racing.services import audit_search
from racing.services.audit_search import Wanted
from racing.services.transactions import one_look

ROWS_AT_ONCE = 250
# Entries that one statement goes through at least, and how long it may take before the next goes through fewer.
_FEWEST, _QUICK_S = 2000, 0.02


class Stretch(NamedTuple):
    """Entries found, newest first, as rows; all from the id `down_to` upwards have been looked at.

    A row has the columns of AuditEntry, with `email` of the user, `key_name` and `key_prefix`, and of the race
    `off_time`, `title`, `course` and `time_zone`.
    """

    entries: Sequence[Any]
    down_to: int


def stretches(wanted: Wanted, before: int | None = None, rows_at_once: int = ROWS_AT_ONCE) -> Iterator[Stretch]:
    """Yield the entries wanted, those with an id below `before`, a stretch of the trail at a time.

    A stretch may hold nothing, and never more than `rows_at_once`. Each is a transaction of its own, over before it is
    yielded; it grows while the database is quick, so that no statement keeps others waiting.
    """
    with one_look():
        indexed, which = audit_search.indexed(wanted), audit_search.others(wanted)
        lowest, highest = audit_search.span(wanted)
    highest = highest if before is None else min(highest, before - 1)
    length = _FEWEST
    while True:
        began = time.monotonic()
        with one_look():
            highest = audit_search.next_place(indexed, highest)
            if highest < lowest:
                return
            bottom = max(lowest, highest - length + 1)
            entries = _rows(rows_at_once, *indexed, *which, AuditEntry.id.between(bottom, highest))
        is_full = len(entries) == rows_at_once
        if not is_full:
            length = length * 4 if time.monotonic() - began < _QUICK_S else max(_FEWEST, length // 4)
        highest = (entries[-1].id if is_full else bottom) - 1
        yield Stretch(entries, highest + 1)
        socketio.sleep(0)  # the prices of others go on between two


def of_race(race_id: str, most: int) -> Sequence[Any]:
    """Return the race's newest entries, newest first, as the rows of a Stretch."""
    return _rows(most, AuditEntry.race_id == race_id)


def undone_by(ids: Collection[int]) -> Mapping[int, int]:
    """Return, of these entries, those that were taken back: id -> the id of the entry that did it."""
    query = select(AuditEntry.undoes_id, AuditEntry.id).where(AuditEntry.undoes_id.in_(ids))
    return {undone: by for undone, by in db.session.execute(query) if undone is not None}


def runner_names(race_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Return race id -> runner id -> the runner's name."""
    names: defaultdict[str, dict[str, str]] = defaultdict(dict)
    query = select(Runner.race_id, Runner.runner_id, Runner.name).where(Runner.race_id.in_(race_ids))
    for race_id, runner_id, name in db.session.execute(query):
        names[race_id][runner_id] = name
    return names


def keys() -> Sequence[ApiKey]:
    """Return all API keys, those revoked too, by name."""
    return db.session.scalars(select(ApiKey).order_by(ApiKey.name, ApiKey.id)).all()


def _rows(most: int, *which: ColumnElement[bool]) -> Sequence[Any]:
    # A limit beside the joins would look up the race of every entry still to come.
    page = (
        select(
            AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.version, AuditEntry.source, AuditEntry.address,
            AuditEntry.undoes_id, AuditEntry.user_id, AuditEntry.race_id, AuditEntry.api_key_id, AuditEntry.before,
            AuditEntry.after.label("after"),
        ).where(*which).order_by(AuditEntry.id.desc()).limit(most).subquery()
    )  # fmt: skip
    query = (
        select(
            *page.c, User.email, ApiKey.name.label("key_name"), ApiKey.prefix.label("key_prefix"),
            Race.off_time, Race.title, Meeting.course, Meeting.time_zone,
        )
        .outerjoin(User, User.id == page.c.user_id)
        .outerjoin(ApiKey, ApiKey.id == page.c.api_key_id)
        .outerjoin(Race, Race.id == page.c.race_id)
        .outerjoin(Meeting, Meeting.id == Race.meeting_id)
        .order_by(page.c.id.desc())
    )  # fmt: skip
    return db.session.execute(query).all()
