"""Races as the lines of a list, drawn; each is kept for a moment, since all who look at a list ask at the same time.

When a race goes off, thousands of open pages want the next races anew. What they share is drawn once, by one of them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import current_app, get_template_attribute
from markupsafe import Markup

from racing.extensions import in_turns
from racing.models import Race
from racing.services import race_lists
from racing.views import words
from racing.views.kept_briefly import KeptBriefly
from racing.views.race_cards import race_card
from racing.views.reader import reader


class RaceLine(NamedTuple):
    """A race in a list, drawn; `is_live`: its script follows it."""

    race_id: str
    is_live: bool
    drawn: Markup


def race_lines(races: Sequence[Race], now: datetime, *, followed: int, with_course: bool = True) -> list[RaceLine]:
    """Return the lines of races whose meetings are loaded; of those not kept, runners and prices are read here.

    The first `followed` of those that are not over are live: a connection follows so many.
    """
    kept: KeptBriefly[Markup] = current_app.extensions["kept_lines"]
    ahead = sorted(races, key=lambda race: words.phase(race.status) == "over")  # stable: by off time within
    live = {race.id for race in ahead[:followed]}
    zone = reader().zone
    keys = {race.id: (race.id, race.id in live, with_course, zone) for race in races}
    lines: dict[str, Markup | None] = {race.id: kept.get(keys[race.id], race.version) for race in races}
    missing = [race for race in races if lines[race.id] is None]
    fields = race_lists.fields_of([race.id for race in missing]) if missing else {}
    draw = get_template_attribute("macros/race_line.html", "race_line")
    for race in in_turns(missing):
        # Those who draw at the same time, in each other's turns, share what each of them has done.
        drawn = kept.get(keys[race.id], race.version)
        if drawn is None:
            drawn = draw(race_card(race, fields[race.id], now, is_live=race.id in live), with_course=with_course)
            kept.keep(keys[race.id], race.version, drawn)
        lines[race.id] = drawn
    return [RaceLine(race.id, race.id in live, lines[race.id] or Markup()) for race in races]
