"""How the reader of a page wants it: the settings of the signed-in, else what this device keeps in cookies."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from flask import g, request

from racing.models import OddsFormat, PopUps, Theme, UserSettings
from racing.services import user_settings
from racing.views.signed_in import page_user

E = TypeVar("E", bound=StrEnum)
ODDS_FORMAT_COOKIE, THEME_COOKIE, ZONE_COOKIE, POP_UPS_COOKIE = "odds_format", "theme", "time_zone", "pop_ups"


@dataclass(frozen=True)
class Reader:
    """`zone` None: times are told in the course's zone alone. `quiet` is (from, until), on the reader's clock."""

    odds_format: OddsFormat = OddsFormat.FRACTIONAL
    theme: Theme = Theme.AUTO
    zone: ZoneInfo | None = None
    quiet: tuple[time, time] | None = None
    pop_ups: PopUps = PopUps.ALL


def reader() -> Reader:
    """Return who reads this page; asked once a request."""
    if "reader" not in g:
        user = page_user()
        chosen = None if user is None else user_settings.of_user(user.id)
        g.reader = device_reader() if chosen is None else _as_chosen(chosen)
    return g.reader


def device_reader() -> Reader:
    """Return what the cookies say, asking no database; a cookie that makes no sense says nothing."""
    kept = request.cookies
    return Reader(
        odds_format=_word(kept.get(ODDS_FORMAT_COOKIE), OddsFormat, OddsFormat.FRACTIONAL),
        theme=_word(kept.get(THEME_COOKIE), Theme, Theme.AUTO),
        zone=known_zone(kept.get(ZONE_COOKIE)),
        pop_ups=_word(kept.get(POP_UPS_COOKIE), PopUps, PopUps.ALL),
    )


def known_zone(name: str | None) -> ZoneInfo | None:
    """Return the time zone of that name, None where there is none."""
    return ZoneInfo(name) if name and name in zone_names() else None


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones())


def _as_chosen(chosen: UserSettings) -> Reader:
    quiet = (chosen.quiet_from, chosen.quiet_until)
    return Reader(
        chosen.odds_format,
        chosen.theme,
        known_zone(chosen.time_zone),
        None if quiet[0] is None or quiet[1] is None else (quiet[0], quiet[1]),
        chosen.pop_ups,
    )


def _word(text: str | None, vocabulary: type[E], otherwise: E) -> E:
    return vocabulary(text) if text in [word.value for word in vocabulary] else otherwise
