"""A change of a race in a few words, as the desk offers to take it back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from racing.models import AuditEntry, Race
from racing.models.odds import bookmaker_name
from racing.statuses import RaceStatus
from racing.views import words


def change_words(entry: AuditEntry, race: Race) -> str:
    """Return "Betting suspended", "Horse 2 taken out"; of a kind unknown here its action."""
    say = _WORDS.get(entry.action)
    return entry.action.replace("_", " ").capitalize() if say is None else say(race, entry.before or {}, entry.after)


def _prices(race: Race, _before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    written = after["prices"]
    if len(written) > 1:
        return f"{len(written)} prices"
    (one,) = written
    return f"{_name(race, one['runnerId'])} {_price(one['price'])} at {bookmaker_name(one['bookmaker'])}"


def _price(price: Any) -> str:
    return "no price" if price is None else words.as_typed(Decimal(str(price)))


def _off_time(race: Race, _before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    return f"Off at {words.clock(datetime.fromisoformat(after['offTime']), race.meeting.zone)}"


def _withdrawn(race: Race, _before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    others = {"cut": ", prices cut", "removed": ", prices removed"}.get(after.get("others", ""), "")
    return f"{_name(race, after['runnerId'])} taken out{others}"


def _name(race: Race, runner_id: str) -> str:
    return next((runner.name for runner in race.runners if runner.runner_id == runner_id), runner_id)


_WORDS: dict[str, Callable[[Race, Mapping[str, Any], Mapping[str, Any]], str]] = {
    "prices": _prices,
    "status": lambda _race, _before, after: words.STATUS_WORDS[RaceStatus(after["status"])].capitalize(),
    "betting": lambda _race, _before, after: f"Betting {after['betting']}",
    "enquiry": lambda _race, _before, after: f"Stewards' enquiry {'announced' if after['enquiry'] else 'ended'}",
    "off_time": _off_time,
    "withdraw": _withdrawn,
    "reinstate": lambda race, _before, after: f"{_name(race, after['runnerId'])} put back",
    "result": lambda _race, before, _after: f"Result {'amended' if before.get('placings') else 'declared'}",
    "card": lambda _race, _before, _after: "Card edited",
    "suspend_bookmaker": lambda _race, _before, after: f"{bookmaker_name(after['bookmaker'])} suspended",
    "reopen_bookmaker": lambda _race, _before, after: f"{bookmaker_name(after['bookmaker'])} reopened",
}
