"""The audit trail in words that a trader reads: what was done, to what, what stood and what stands."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from racing.statuses import RaceStatus, RunnerStatus
from racing.views import words

_CHANGED = "Password changed"
ACTIONS = {
    "prices": "Prices",
    "hold_prices": "Prices while suspended",
    "status": "Status",
    "betting": "Betting",
    "off_time": "Off time",
    "enquiry": "Stewards' enquiry",
    "withdraw": "Non-runner",
    "reinstate": "Back in the race",
    "result": "Result",
    "undo": "Undone",
    "suspend_bookmaker": "Bookmaker suspended",
    "reopen_bookmaker": "Bookmaker reopened",
    "race": "Race declared",
    "card": "Card edited",
    "news": "News",
    "news_draft": "News draft saved",
    "news_draft_discarded": "News draft discarded",
    "news_corrected": "News corrected",
    "news_withdrawn": "News withdrawn",
    "news_restored": "News put back",
    "notification": "Notification",
    "user": "User",
    "api_key": "API key",
    "sign_in": "Signed in",
    "password": _CHANGED,
    "sign_out_everywhere": "Signed out everywhere",
    "account_deleted": "Account deleted",
}
"""What each action is called; one that is not here is called by its own name."""
SOURCES = {"form": "by form", "api": "through the API", "schedule": "on schedule"}
NOTHING = words.NO_PRICE
_LONGEST = 160
_SUBJECTS = ("runnerId", "bookmaker")
_NAMES = {"others": "the others' prices", "apiKey": "key"}
_MISSING = object()


@dataclass(frozen=True)
class Change:
    """What changed, in words: `what` is empty where the title says it, `before` None where nothing says what stood."""

    what: str
    before: str | None
    after: str

    @property
    def text(self) -> str:
        """All of it: "Arkle at tote 11/4 → 5/2"."""
        stood = "" if self.before is None else f"{self.before} →"
        return " ".join(part for part in (self.what, stood, self.after) if part)


@dataclass(frozen=True)
class Told:
    """An entry in words: "Prices", and each change."""

    title: str
    changes: Sequence[Change]

    @property
    def text(self) -> str:
        """All of it: "Prices: Arkle at tote 11/4 → 5/2; ..."."""
        return ": ".join(part for part in (self.title, "; ".join(change.text for change in self.changes)) if part)


@dataclass(frozen=True)
class _Reader:
    """How the ids and times of an entry are read: runner id -> name, the course's zone."""

    names: Mapping[str, str]
    zone: ZoneInfo


def told(entry: Any, names: Mapping[str, str], zone: ZoneInfo) -> Told:
    """Return an entry (a row of services/audit_trail.py) in words. `names` are its race's: runner id -> name."""
    reader, before, after = _Reader(names, zone), _mapping(entry.before), _mapping(entry.after) or {}
    title = ACTIONS.get(entry.action) or _plain(entry.action).capitalize()
    subjects = [_one(key, after[key], reader) for key in _SUBJECTS if after.get(key)]
    changes = [change for key in _keys(before, after) for change in _changes(key, before, after, reader)]
    said = _plain(entry.action)  # "Betting: open → suspended" says it once
    return Told(", ".join([title, *subjects]), [replace(one, what="") if one.what == said else one for one in changes])


def _mapping(kept: Any) -> Mapping[str, Any] | None:
    return kept if isinstance(kept, Mapping) else None


def _keys(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    return [key for key in {**after, **(before or {})} if key not in _SUBJECTS]


def _changes(key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], reader: _Reader) -> Iterator[Change]:
    stood = _MISSING if before is None else before.get(key, _MISSING)
    stands = after.get(key)
    if stood == stands:
        return
    if key == "prices":
        yield from _prices(stood, stands, reader)
    else:
        was = None if stood is _MISSING else _one(key, stood, reader)
        yield Change(_NAMES.get(key) or _plain(key), was, _one(key, stands, reader))


def _prices(stood: Any, stands: Any, reader: _Reader) -> Iterator[Change]:
    was, now = _by_offer(stood), _by_offer(stands)
    for offer in {**now, **was}:
        runner_id, bookmaker = offer
        before = _price(was[offer]) if offer in was else None
        after = _price(now.get(offer))
        if before != after:
            yield Change(f"{_runner(runner_id, reader)} at {bookmaker}", before, after)


def _by_offer(prices: Any) -> dict[tuple[str, str], Any]:
    offers = [offer for offer in prices if isinstance(offer, Mapping)] if isinstance(prices, list) else []
    return {(str(offer.get("runnerId")), str(offer.get("bookmaker"))): offer.get("price") for offer in offers}


def _one(key: str, value: Any, reader: _Reader) -> str:
    if value is None or value == "":
        return NOTHING
    tell = _TELLERS.get(key) or (_moment if key.endswith("At") else None)
    try:
        return tell(value, reader) if tell else _as_it_is(value)
    except (ValueError, TypeError, AttributeError, InvalidOperation):  # another release wrote it otherwise
        return _as_it_is(value)


def _as_it_is(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _price(value: Any, _reader: _Reader | None = None) -> str:
    return NOTHING if value is None else words.as_typed(Decimal(str(value)))


def _runner(runner_id: Any, reader: _Reader) -> str:
    return reader.names.get(str(runner_id), str(runner_id))


def _status(value: Any, _reader: _Reader) -> str:
    if value in RunnerStatus.__members__:
        return _plain(RunnerStatus(value).value.lower())
    return words.STATUS_WORDS[RaceStatus(value)] or words.NOT_BEGUN


def _clock(value: Any, reader: _Reader) -> str:
    return words.clock(words.from_wire(value), reader.zone, seconds=True)


def _moment(value: Any, reader: _Reader) -> str:
    at: datetime = words.from_wire(value)
    return f"{words.clock(at, reader.zone, seconds=True)} {words.day(at, reader.zone)}"


def _off_time(value: Any, reader: _Reader) -> str:
    at: datetime = words.from_wire(value)
    return f"{words.clock(at, reader.zone)} {words.day(at, reader.zone)}"


def _placings(value: Any, reader: _Reader) -> str:
    return ", ".join(_placing(placing, reader) for placing in value) or NOTHING


def _placing(placing: Mapping[str, Any], reader: _Reader) -> str:
    place, sp = placing.get("position"), placing.get("sp")
    parts = ("placed" if place is None else str(place), _runner(placing["runnerId"], reader), sp and f"({_price(sp)})")
    return " ".join(part for part in parts if part)


def _plain(name: str) -> str:
    """Return "race class" of "raceClass" and of "race_class"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ").lower()


_TELLERS: Mapping[str, Callable[[Any, _Reader], str]] = {
    "status": _status,
    "offAt": _clock,
    "withdrawnAt": _clock,
    "offTime": _off_time,
    "withdrawnPrice": _price,
    "placings": _placings,
    "runnerId": _runner,
}
