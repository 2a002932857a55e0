"""Reads the form of settings; its words are those of the cookies and of the database."""

from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import TypeVar

from racing.errors import InvalidInput
from racing.models import OddsFormat, PopUps, Theme
from racing.services.user_settings import Chosen
from racing.views.forms import Form, chosen
from racing.views.reader import Reader, known_zone, zone_names

E = TypeVar("E", OddsFormat, PopUps, Theme)
COMMON_ZONES = (
    "Europe/London",
    "Europe/Dublin",
    "Europe/Paris",
    "Europe/Berlin",
    "Africa/Johannesburg",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Sydney",
    "Pacific/Auckland",
)
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def typed_now(now: Reader, *, is_user: bool) -> dict[str, str]:
    """Return the form's fields as the reader has them now; `is_user`: signed in."""
    # Nothing comes to the signed-out alone: "what I watch", left on the device by a user, is nothing to them.
    pop_ups = PopUps.NONE if now.pop_ups is PopUps.MINE and not is_user else now.pop_ups
    quiet_from, quiet_until = (f"{each:%H:%M}" for each in now.quiet) if now.quiet else ("", "")
    return {
        "odds_format": now.odds_format,
        "theme": now.theme,
        "pop_ups": pop_ups,
        "time_zone": now.zone.key if now.zone else "",
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }


def read(form: Form, now: Reader, *, with_quiet: bool) -> Chosen:
    """Return what the form says; quiet hours are for users alone. A form without pop-ups leaves them.

    Raises InvalidInput, `fields` naming each field that makes no sense.
    """
    wrong: dict[str, str] = {}
    odds_format = _word(form, "odds_format", OddsFormat, wrong)
    theme = _word(form, "theme", Theme, wrong)
    pop_ups = _word(form, "pop_ups", PopUps, wrong) if "pop_ups" in form else now.pop_ups
    zone = form.get("time_zone", "")
    if zone and known_zone(zone) is None:
        wrong["time_zone"] = f"There is no time zone '{zone[:40]}'."
    quiet = _quiet_hours(form, wrong) if with_quiet else None
    if odds_format is None or theme is None or pop_ups is None or wrong:
        raise InvalidInput("Nothing was kept: look at the fields marked.", wrong)
    return Chosen(odds_format, theme, zone or None, quiet, pop_ups)


@cache
def zones_by_area() -> Mapping[str, list[str]]:
    """Return the time zones of the world's places, by area, both in the order of the alphabet."""
    names = sorted(zone_names())
    return {area: [name for name in names if name.startswith(f"{area}/")] for area in _AREAS}


def _word(form: Form, name: str, vocabulary: type[E], wrong: dict[str, str]) -> E | None:
    try:
        return chosen(form, name, vocabulary)
    except InvalidInput as error:
        wrong[name] = error.message
        return None


def _quiet_hours(form: Form, wrong: dict[str, str]) -> tuple[time, time] | None:
    typed = [form.get(name, "").strip() for name in ("quiet_from", "quiet_until")]
    if typed == ["", ""]:
        return None
    try:
        # A browser may add seconds; the hours are kept to the minute.
        quiet_from, quiet_until = (time.fromisoformat(each).replace(second=0, microsecond=0) for each in typed)
    except ValueError:
        wrong["quiet"] = "Write both times, such as 22:00 and 07:30, or leave both empty."
        return None
    if quiet_from.tzinfo or quiet_until.tzinfo or quiet_from == quiet_until:
        wrong["quiet"] = "Quiet hours begin and end at different times. Leave both empty for none."
    return quiet_from, quiet_until
