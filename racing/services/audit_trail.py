"""The audit trail as it is read: newest first, narrowed down, however long it is and whoever writes meanwhile."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select

from racing.extensions import db, socketio
from racing.models import ApiKey, AuditEntry, Meeting, Race, Runner, User
from racing.services.transactions import one_look

ROWS_AT_ONCE = 250
COMMANDS = "command"
"""The `source` asked for where a command made the change, which notes none."""
# Entries that one statement goes through at least, and how long it may take before the next goes through fewer.
_FEWEST, _QUICK_S = 2000, 0.02
# Of so many races or users each is named; of more each entry is asked whether it is of one.
_RARE = 500
# Two changes at once may be numbered in another order than that of their times.
_OUT_OF_ORDER = 1000


@dataclass(frozen=True)
class Wanted:
    """Which entries somebody wants; what is empty or None narrows nothing.

    `race` is an id, or a part of a course or of a title; `user` a part of an e-mail address. `since` counts, `until`
    does not.
    """

    race: str = ""
    user: str = ""
    action: str = ""
    source: str = ""
    key_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


class Stretch(NamedTuple):
    """Entries found, newest first, as rows; all from the id `down_to` upwards have been looked at.

    A row has the columns of AuditEntry, with `email` of the user, `key_name` and `key_prefix`, and of the race
    `off_time`, `title`, `course` and `time_zone`.
    """

    entries: Sequence[Any]
    down_to: int


class _Span(NamedTuple):
    lowest: int
    highest: int


def stretches(wanted: Wanted, before: int | None = None, rows_at_once: int = ROWS_AT_ONCE) -> Iterator[Stretch]:
    """Yield the entries wanted, those with an id below `before`, a stretch of the trail at a time.

    A stretch may hold nothing, and never more than `rows_at_once`. Each is a transaction of its own, over before it is
    yielded; it grows while the database is quick, so that no statement keeps others waiting.
    """
    with one_look():
        which, (lowest, highest) = _which(wanted), _span(wanted)
    highest = highest if before is None else min(highest, before - 1)
    length = _FEWEST
    while lowest <= highest:
        bottom = max(lowest, highest - length + 1)
        began = time.monotonic()
        with one_look():
            entries = _rows(rows_at_once, *which, AuditEntry.id.between(bottom, highest))
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


def _which(wanted: Wanted) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = []
    if wanted.race:
        which.append(_is_of_race(wanted.race))
    if wanted.user:
        which.append(_is_one_of(AuditEntry.user_id, select(User.id).where(_has(User.email, wanted.user))))
    if wanted.action:
        which.append(AuditEntry.action == wanted.action)
    if wanted.source:
        is_told = AuditEntry.source == wanted.source
        which.append(AuditEntry.source.is_(None) if wanted.source == COMMANDS else is_told)
    if wanted.key_id is not None:
        which.append(AuditEntry.api_key_id == wanted.key_id)
    if wanted.since is not None:
        which.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        which.append(AuditEntry.at < wanted.until)
    return which


def _is_of_race(text: str) -> ColumnElement[bool]:
    if db.session.get(Race, text.lower()) is not None:
        return AuditEntry.race_id == text.lower()
    named = or_(_has(Meeting.course, text), _has(Race.title, text))
    return _is_one_of(AuditEntry.race_id, select(Race.id).join(Meeting, Meeting.id == Race.meeting_id).where(named))


def _has(column: Any, text: str) -> ColumnElement[bool]:
    return func.lower(column).contains(text.lower(), autoescape=True)


def _is_one_of(column: Any, those: Select[Any]) -> ColumnElement[bool]:
    few = db.session.scalars(those.limit(_RARE + 1)).all()
    if len(few) <= _RARE:
        return column.in_(few)
    (own,) = those.selected_columns
    return those.where(own == column).exists()


def _span(wanted: Wanted) -> _Span:
    """Return between which ids the entries wanted are. No index tells their times: they ascend with the ids."""
    # Asked for both together, SQLite goes through all.
    lowest, highest = (db.session.scalar(select(end(AuditEntry.id))) for end in (func.min, func.max))
    if lowest is None or highest is None:
        return _Span(1, 0)
    first = lowest if wanted.since is None else _first_since(wanted.since, lowest, highest) - _OUT_OF_ORDER
    last = highest if wanted.until is None else _first_since(wanted.until, lowest, highest) + _OUT_OF_ORDER
    return _Span(max(lowest, first), min(highest, last))


def _first_since(moment: datetime, lowest: int, highest: int) -> int:
    at = select(AuditEntry.at).order_by(AuditEntry.id).limit(1)
    while lowest < highest:
        middle = (lowest + highest) // 2
        found = db.session.scalar(at.where(AuditEntry.id >= middle))
        if found is not None and found < moment:
            lowest = middle + 1
        else:
            highest = middle
    return lowest
