"""What a horse's page says of the horse itself: silks and card as it was declared last, its places by date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from racing.models import Runner
from racing.statuses import RunnerStatus
from racing.views.punters.run_lines import RESULT, outcome
from racing.views.silks import Silks, silks

LATEST = 6
_LAST_FIGURE = 9
_WORDS = {RunnerStatus.WINNER: "1", RunnerStatus.PLACED: "plcd", RunnerStatus.LOSER: "unpl"}


@dataclass(frozen=True)
class HorseHead:
    """The facts are those of `card`, its newest one: `age` is "3 years old", empty where the card has none."""

    card: Runner
    silks: Silks
    age: str


@dataclass(frozen=True)
class Figure:
    """One run in the form line: "2", 0 from the tenth on, "unpl" where nobody told the place; `meaning` in full."""

    place: str
    day: str
    meaning: str
    race_id: str


def horse_head(card: Runner) -> HorseHead:
    """Return the head of the page of the horse of this card."""
    age = "" if card.age is None else f"{card.age} year{'' if card.age == 1 else 's'} old"
    return HorseHead(card, silks(card.silks), age)


def form_line(past: Iterable[Runner], ran: Mapping[str, int], now: datetime) -> list[Figure]:
    """Return the LATEST runs with a result, the newest last; `past` are newest first, `ran` says how many ran."""
    told = [run for run in past if run.race.status in RESULT and run.status in _WORDS]
    return [_figure(run, outcome(run, ran.get(run.race_id, 0), now)) for run in reversed(told[:LATEST])]


def _figure(run: Runner, became: str) -> Figure:
    meeting = run.race.meeting
    place = _WORDS[run.status]
    if run.position is not None:
        place = str(run.position) if run.position <= _LAST_FIGURE else "0"
    return Figure(place, f"{meeting.day.day} {meeting.day:%b}", f"{became} at {meeting.course}", run.race_id)
