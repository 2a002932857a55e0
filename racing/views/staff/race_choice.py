"""Which race something is about: chosen among those of these days by course and time, or named by its id."""

from datetime import timedelta
from typing import NamedTuple

from racing.services import racecards
from racing.views import words
from racing.views.forms import Form
from racing.views.punters import site_zone
from racing.views.race_cards import now

FIELDS = ("raceId", "otherRace")
_DAYS = (0, 1, -1)  # today's first


class RaceChoice(NamedTuple):
    """The field as drawn: (meeting, [(race id, "14:05 Wexmoor · Harbour Stakes")]), the one chosen, another's id."""

    meetings: list[tuple[str, list[tuple[str, str]]]]
    chosen: str
    other: str


def race_choice(typed: Form) -> RaceChoice:
    """Return the field with what was typed; a race of another day stands as the other one's id."""
    today = now().astimezone(site_zone()).date()
    meetings: dict[str, list[tuple[str, str]]] = {}
    for days in _DAYS:
        for race in racecards.races_of_day(today + timedelta(days=days)):
            zone = race.meeting.zone
            name = f"{race.meeting.course}, {words.day(race.off_time, zone)}"
            title = f"{words.clock(race.off_time, zone)} {race.meeting.course} · {race.title}"
            meetings.setdefault(name, []).append((race.id, title))
    race_id = chosen_race(typed) or ""
    is_offered = any(race_id == offered for races in meetings.values() for offered, _title in races)
    return RaceChoice(list(meetings.items()), race_id if is_offered else "", "" if is_offered else race_id)


def chosen_race(typed: Form) -> str | None:
    """Return the id of the race chosen, None where it is about no one race. An id that is typed goes first."""
    return typed.get("otherRace", "").strip() or typed.get("raceId", "").strip() or None
