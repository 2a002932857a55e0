"""What a user's page shows of notifications: by day, each with a word for its kind, its paragraphs, where it leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from racing.models import Notification
from racing.views import words
from racing.views.published import opens, paragraphs

_KINDS = {
    "price_alert": "Price",
    "race_status": "Race",
    "non_runner": "Non-runner",
    "result": "Result",
    "declared": "Declared",
}
_ANY_KIND = "For you"


@dataclass(frozen=True)
class NotificationLine:
    """A notification in its user's list; `opens` says where its address leads, empty where it has none."""

    told: Notification
    kind: str
    at: str
    paragraphs: Sequence[str]
    opens: str


def lines_by_day(
    told: Iterable[Notification], now: datetime, zone: ZoneInfo
) -> list[tuple[str, list[NotificationLine]]]:
    """Return notifications by the day they came in `zone`, each day with its name, in the order given."""
    today = now.astimezone(zone).date()
    days = groupby(told, key=lambda each: each.created_at.astimezone(zone).date())
    return [(_day_name(day, today), [_line(each, zone) for each in lines]) for day, lines in days]


def _line(told: Notification, zone: ZoneInfo) -> NotificationLine:
    at = f"{words.clock(told.created_at, zone)} {words.zone_name(told.created_at, zone)}"
    return NotificationLine(told, _KINDS.get(told.kind, _ANY_KIND), at, paragraphs(told.body), opens(told.url))


def _day_name(day: date, today: date) -> str:
    if day == today:
        return "Today"
    return "Yesterday" if day == today - timedelta(days=1) else f"{day:%A} {day.day} {day:%B} {day.year}"
