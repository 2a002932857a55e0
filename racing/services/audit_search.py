"""What a search of the audit trail is narrowed by, so that little of a long one is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BinaryExpression, ColumnElement, Select, func, or_, select
from sqlalchemy.sql import operators

from racing.extensions import db
from racing.models import AuditEntry, Meeting, Race, User

COMMANDS = "command"
"""The `source` asked for where a command made the change, which notes none."""
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


class Span(NamedTuple):
    """Between which ids, both included; nothing where the lowest is above the highest."""

    lowest: int
    highest: int


def indexed(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions that an index answers, where they name one race, one user or one action."""
    which: list[ColumnElement[bool]] = []
    if wanted.race:
        which.append(_is_of_race(wanted.race))
    if wanted.user:
        which.append(_is_one_of(AuditEntry.user_id, select(User.id).where(_has(User.email, wanted.user))))
    if wanted.action:
        which.append(AuditEntry.action == wanted.action)
    return which


def next_place(indexed: Sequence[ColumnElement[bool]], highest: int) -> int:
    """Return the highest id up to `highest` that may be of an entry wanted: what is rare is not walked to."""
    for one in indexed:
        if isinstance(one, BinaryExpression) and one.operator is operators.eq:
            newest = select(func.max(AuditEntry.id)).where(one, AuditEntry.id <= highest)
            highest = db.session.scalar(newest) or 0
    return highest


def others(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions that each entry is asked for."""
    which: list[ColumnElement[bool]] = []
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
        return column == few[0] if len(few) == 1 else column.in_(few)
    (own,) = those.selected_columns
    return those.where(own == column).exists()


def span(wanted: Wanted) -> Span:
    """Return between which ids the entries wanted are. No index tells their times: they ascend with the ids."""
    # Asked for both together, SQLite goes through all.
    lowest, highest = (db.session.scalar(select(end(AuditEntry.id))) for end in (func.min, func.max))
    if lowest is None or highest is None:
        return Span(1, 0)
    first = lowest if wanted.since is None else _first_since(wanted.since, lowest, highest) - _OUT_OF_ORDER
    last = highest if wanted.until is None else _first_since(wanted.until, lowest, highest) + _OUT_OF_ORDER
    return Span(max(lowest, first), min(highest, last))


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
