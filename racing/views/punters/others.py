"""The races to go on to from a race page, also by themselves: a page that stays open asks whether they changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app

from racing.models import Race
from racing.realtime.messages import instant
from racing.services import racecards
from racing.services.neighbours import neighbours
from racing.views.declared import for_anyone
from racing.views.kept_briefly import KeptBriefly
from racing.views.other_races import Step, steps
from racing.views.punters import blueprint, page
from racing.views.punters.refreshed import list_mark, unchanged
from racing.views.race_cards import now, strip


@dataclass(frozen=True)
class Others:
    """The strip of a race's meeting and the steps beside it. `next_off` is when the next race is due off, if any is.

    `meeting` is the slug of its meeting: another one where the race is put off to another day.
    """

    meeting: str
    strip: Sequence[dict[str, Any]]
    steps: Sequence[Step]
    next_off: str

    @property
    def mark(self) -> str:
        """What changes with anything of it."""
        return list_mark((self.meeting, self.strip, self.steps, self.next_off))


@blueprint.get("/races/<race_id>/others")
@for_anyone
def others(race_id: str) -> Response:
    """Give the part of the race page that leads to other races; 204 to whoever has it like this already."""
    found = racecards.race(race_id)
    shown = _kept_others_of(found)
    return unchanged(shown.mark) or page("punters/_others.html", race=found, others=shown)


def _kept_others_of(race: Race) -> Others:
    """Return what is a moment old at most: every open page of the race asks. After a change of its own it is anew."""
    kept: KeptBriefly[Others] = current_app.extensions["kept_others"]
    shown = kept.get(race.id, race.state_version)
    if shown is None:
        shown = others_of(race, now())
        kept.keep(race.id, race.state_version, shown)
    return shown


def others_of(race: Race, at: datetime) -> Others:
    """Return the races to go on to from one whose meeting is loaded."""
    beside = neighbours(race, at)
    next_off = instant(beside.next_off.off_time) if beside.next_off else ""
    return Others(race.meeting.slug, strip(race.meeting, race.id), steps(race, beside), next_off)
