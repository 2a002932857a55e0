"""What a plan to declare cards looks like before it is carried out, and carrying it out as it was looked at."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from racing.errors import Conflict, RaceExists, sentence_list
from racing.models import User
from racing.services import meetings
from racing.services.card_plans import Plan
from racing.services.cards import RaceDeclared, declare_races
from racing.views.staff.cards import day_in_words

MOVED_ON = "Nothing is imported: races came onto the site, or the text was changed, since you looked. Look again."


class PlannedRace(NamedTuple):
    """A race of a plan as it is listed; `race_id` is that of the site where it is there already."""

    course: str
    at: datetime
    card: RaceDeclared
    race_id: str

    @property
    def day(self) -> str:
        """The course's day in words."""
        return day_in_words(self.at.date())


class Preview(NamedTuple):
    """What the page shows. `meetings` are (course, day in words, races to be declared)."""

    mark: str
    summary: str
    meetings: Sequence[tuple[str, str, Sequence[PlannedRace]]]
    there: Sequence[PlannedRace]
    races: int


def preview(plan: Plan) -> Preview:
    """Return the plan as it is shown, by course and day."""
    zones = _Zones()
    placed = (zones.placed(card, card.race_id) for card in plan.new)
    new = sorted(placed, key=lambda race: (race.course, race.at, race.race_id))
    grouped = groupby(new, key=lambda race: (race.course, race.day))
    shown = [(course, day, list(races)) for (course, day), races in grouped]
    runners = sum(len(card.runners) for card in plan.new)
    counted = [(len(shown), "meeting"), (len(new), "race"), (runners, "runner")]
    summary = sentence_list([f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counted])
    return Preview(plan.mark, summary, shown, [zones.placed(card, known) for card, known in plan.there], len(new))


class _Zones:
    """Tells races in their courses' own time; asks of each course once."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def placed(self, card: RaceDeclared, race_id: str) -> PlannedRace:
        zone = card.time_zone or self._of.get(card.course) or meetings.zone_of(card.course)
        self._of.setdefault(card.course, zone)
        return PlannedRace(card.course, card.off_time.astimezone(ZoneInfo(zone)), card, race_id)


def carry_out(plan: Plan, seen: str, by: User) -> None:
    """Declare what is new in the plan, all or none. Raises Conflict where it is not the plan whose mark was `seen`."""
    if plan.mark != seen:
        raise Conflict(MOVED_ON)
    try:
        declare_races(plan.new, by)
    except RaceExists as error:
        raise Conflict(MOVED_ON) from error
