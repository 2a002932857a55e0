"""What lists of races show of each: time, course, favourite, price and status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from racing.models import Meeting, Race
from racing.services import boards
from racing.views import words
from racing.views.held import active, held_race
from racing.views.price_cells import PriceCell, best_cell, price_cell


@dataclass(frozen=True)
class RaceCard:
    """A race in a list. `what` is the countdown or the status; `held` what the script goes on from."""

    race: Race
    off_clock: str
    facts: str
    favourite: str
    price: PriceCell
    what: str
    phase: words.Phase
    held: dict[str, Any]


def race_card(race: Race, now: datetime, *, with_distance: bool = True) -> RaceCard:
    """Return the card of a race whose meeting, runners and prices are loaded."""
    zone, running = race.meeting.zone, len(active(race.runners))
    facts = (race.distance if with_distance else None, _class_words(race), f"{running} run")
    favourite, price = favourites(race, now)
    return RaceCard(
        race=race,
        off_clock=words.clock(race.off_time, zone),
        facts=" · ".join(fact for fact in facts if fact),
        favourite=favourite,
        price=price,
        what=what_now(race, now),
        phase=words.phase(race.status),
        held=held_race(race),
    )


def _class_words(race: Race) -> str | None:
    """Return "Class 3" whether the card says "3" or "Class 3"."""
    return f"Class {race.race_class}" if race.race_class and race.race_class.isdecimal() else race.race_class


def favourites(race: Race, now: datetime) -> tuple[str, PriceCell]:
    """Return the favourite's name (joint ones together) with its best price; ui/race_line.js says the same."""
    bests = []
    for runner in active(race.runners):
        cells = [price_cell(boards.entry(price, runner.runner_id), now) for price in runner.prices]
        best = best_cell(runner.runner_id, cells)
        if best.price is not None:
            bests.append((runner.name, best))
    if not bests:
        return "", PriceCell("")
    shortest = min(best.price or 0 for _, best in bests)
    leading = [(name, best) for name, best in bests if best.price == shortest]
    return " / ".join(name for name, _ in leading), leading[0][1]


def what_now(race: Race, now: datetime) -> str:
    """Return "in 19 min", "going down", "off": the least a list says. ui/countdown.js says the same."""
    word = words.STATUS_WORDS[race.status]
    if word:
        return word
    minutes = -int(-(race.off_time - now).total_seconds() // 60)
    if minutes <= 0:
        return "due off"
    if minutes < 60:
        return f"in {minutes} min"
    if minutes < 24 * 60:
        return f"in {minutes // 60} h {minutes % 60:02d}"
    return words.day(race.off_time, race.meeting.zone)


def strip(meeting: Meeting, current: str | None = None) -> list[dict[str, Any]]:
    """Return the races of a meeting to jump along, those that are over marked."""
    return [
        {
            "id": race.id,
            "clock": words.clock(race.off_time, meeting.zone),
            "done": words.phase(race.status) == "over",
            "current": race.id == current,
        }
        for race in meeting.races
    ]


def days_of(races: Sequence[Race]) -> list[tuple[date, list[Race]]]:
    """Return races by the course's day, in their order."""
    days: dict[date, list[Race]] = {}
    for race in races:
        days.setdefault(race.meeting.day, []).append(race)
    return sorted(days.items())


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)
