"""What somebody looks for in the record, as the address of its page says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from racing.errors import InvalidInput
from racing.services.audit_search import Wanted
from racing.views.forms import whole_number

FIELDS = ("race", "user", "action", "source", "key", "from", "to")
LONGEST_TYPED = 120
_NO_DAY = "Write the day as 2026-11-24."
_NO_NUMBER = "This is the number of no entry."


@dataclass(frozen=True)
class Filter:
    """The filter as typed, and what it says; `wrong` has a sentence for each field that says nothing."""

    typed: Mapping[str, str]
    wanted: Wanted
    before: int | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return any(self.typed.values())

    def address(self, endpoint: str = "staff.record", **more: int | None) -> str:
        """Return where the same filter is asked for elsewhere."""
        asked: dict[str, Any] = {**{name: text for name, text in self.typed.items() if text}, **more}
        return url_for(endpoint, **asked)

    @property
    def csv(self) -> str:
        """Where all of it is taken away."""
        return self.address("staff.record_csv")


def typed_filter(args: Mapping[str, str], zone: ZoneInfo) -> Filter:
    """Return the filter of an address; its days are those of `zone`."""
    # PostgreSQL takes no text with a zero in it.
    typed = {name: args.get(name, "").replace("\0", "").strip()[:LONGEST_TYPED] for name in FIELDS}
    wrong: dict[str, str] = {}

    def read(name: str, text: str, refusal: str) -> int | None:
        try:
            return whole_number(text, refusal) if text else None
        except InvalidInput as error:
            wrong[name] = error.message
            return None

    wanted = Wanted(
        race=typed["race"],
        user=typed["user"],
        action=typed["action"],
        source=typed["source"],
        key_id=read("key", typed["key"], "Choose one of the keys offered."),
        since=_midnight("from", typed, zone, wrong),
        until=_midnight("to", typed, zone, wrong, days_later=1),
    )
    before = read("before", args.get("before", ""), _NO_NUMBER)
    if wanted.since and wanted.until and wanted.since >= wanted.until and not wrong:
        wrong["to"] = "The last day is before the first."
    return Filter(typed, wanted, before, wrong)


def _midnight(
    name: str, typed: Mapping[str, str], zone: ZoneInfo, wrong: dict[str, str], days_later: int = 0
) -> datetime | None:
    if not typed[name]:
        return None
    try:
        day = date.fromisoformat(typed[name]) + timedelta(days=days_later)
        if not 1970 <= day.year <= 2200:
            raise ValueError(day)
    except (ValueError, OverflowError):
        wrong[name] = _NO_DAY
        return None
    return datetime.combine(day, time(), zone)
