"""Pages by day: days in addresses, in words, and the way to the days beside them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter, ValidationError

from racing.views.race_cards import now

_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_NEAR = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}


class DayConverter(BaseConverter):
    """A day in an address, `<day:day>`: 2026-11-24. What is no day of the calendar is no such address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Return the day."""
        day = day_in(value)
        if day is None:
            raise ValidationError
        return day

    def to_url(self, value: Any) -> str:
        """Return the day as addresses have it."""
        return value.isoformat() if isinstance(value, date) else str(value)


def register(state: BlueprintSetupState) -> None:
    """Let addresses hold days, as `<day:...>`."""
    state.app.url_map.converters["day"] = DayConverter


def day_in(text: str) -> date | None:
    """Return the day that `text` says as YYYY-MM-DD; None where it says none."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        return None
    return day if day and _EARLIEST < day < _LATEST else None


@dataclass(frozen=True)
class ShownDay:
    """The day of a page. `near` is "Today" and the like, empty where it is further away."""

    day: date
    words: str
    near: str
    previous: date
    next: date
    today: date

    @property
    def is_past(self) -> bool:
        """Whether nothing of it will change any more, but for what is told late."""
        return self.day < self.today - timedelta(days=1)


def shown_day(day: date | None, today: date) -> ShownDay:
    """Return the day asked for, `today` where none is."""
    asked = day or today
    near, aside = _NEAR.get((asked - today).days, ""), timedelta(days=1)
    return ShownDay(asked, day_words(asked), near, asked - aside, asked + aside, today)


def day_words(day: date) -> str:
    """Return "Tuesday 24 November", with the year where it is not this one."""
    year = "" if day.year == now().year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"
