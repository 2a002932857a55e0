"""What lists of races show of each: time, course, favourite or winner, price and status."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from racing.models import Meeting, Race
from racing.services import boards
from racing.services.race_lists import Field
from racing.statuses import RaceStatus, RunnerStatus
from racing.views import words
from racing.views.held_lines import held_line
from racing.views.price_cells import PriceCell, price_cell, priced
from racing.views.reader_times import reader_clock

FAVOURITE, JOINT, WINNER, DEAD_HEAT = "favourite", "joint favourites", "winner", "dead heat"
"""What a line says of the names it shows; ui/race_line.js says the same."""
_NO_RACE = (RaceStatus.ABANDONED, RaceStatus.RACEVOID)
_FIRST = (RunnerStatus.WINNER, RunnerStatus.PLACED)


@dataclass(frozen=True)
class RaceCard:
    """A race in a list. `what` is the countdown, `status` a word beside it; once a race is off `what` is its status.

    `leading` says what `favourite` names: the favourite, or who won. `price` is its best price, or its SP.
    `held` is what the script goes on from; None: the line is not followed, and `as_of` says how old its price is.
    """

    race: Race
    off_clock: str
    yours: str
    facts: str
    running: str
    leading: str
    favourite: str
    price: PriceCell
    what: str
    status: str
    phase: words.Phase
    held: dict[str, Any] | None
    as_of: str


def race_card(race: Race, field: Field, now: datetime, *, is_live: bool) -> RaceCard:
    """Return the card of a race whose meeting is loaded; where it `is_live` it holds what its script goes on from."""
    zone, phase = race.meeting.zone, words.phase(race.status)
    leading, names, price = _winners(field) if race.has_result else ("", "", PriceCell(""))
    if not names and race.status not in _NO_RACE:
        leading, names, price = favourites(field, now)
    return RaceCard(
        race=race,
        off_clock=words.clock(race.off_time, zone),
        yours=reader_clock(race.off_time, zone),
        facts=" · ".join(fact for fact in (race.distance, _class_words(race)) if fact),
        running=runners_words(sum(runner.withdrawn_at is None for runner in field.runners)),
        leading=leading,
        favourite=names,
        price=price,
        what=what_now(race, now),
        status=words.STATUS_WORDS[race.status] if phase == "before" else "",
        phase=phase,
        held=held_line(race, field) if is_live else None,
        as_of="" if is_live else f"as of {words.clock(now, zone)}",
    )


def runners_words(count: int) -> str:
    """Return "1 runner", "12 runners". ui/race_line.js says the same."""
    return f"{count} runner{'' if count == 1 else 's'}"


def _class_words(race: Race) -> str | None:
    """Return "Class 3" whether the card says "3" or "Class 3"."""
    return f"Class {race.race_class}" if race.race_class and race.race_class.isdecimal() else race.race_class


def favourites(field: Field, now: datetime) -> tuple[str, str, PriceCell]:
    """Return what to call it, its name (joint ones together) and its best price; ui/race_line.js says the same."""
    offers: defaultdict[int, list[Any]] = defaultdict(list)
    for offer in field.prices:
        if offer.price is not None:
            offers[offer.runner_pk].append(offer)
    # Of equal offers the first bookmaker's.
    bests = [
        (runner, max(offers[runner.id], key=lambda offer: offer.price))
        for runner in field.runners
        if runner.withdrawn_at is None and runner.id in offers
    ]
    if not bests:
        return FAVOURITE, "", PriceCell("")
    shortest = min(best.price for _, best in bests)
    leading = [(runner, best) for runner, best in bests if best.price == shortest]
    runner, best = leading[0]
    cell = price_cell(boards.entry(best, runner.runner_id), now)
    names = " / ".join(each.name for each, _ in leading)
    return JOINT if len(leading) > 1 else FAVOURITE, names, replace(cell, bookmaker=None, best=True)


def _winners(field: Field) -> tuple[str, str, PriceCell]:
    """Return what to call it, who won and the starting price; empty where the order is not known."""
    won = [runner for runner in field.runners if runner.position == 1 and runner.status in _FIRST]
    if not won:
        return "", "", PriceCell("")
    names, sp = " / ".join(runner.name for runner in won), won[0].sp
    cell = PriceCell(won[0].runner_id) if sp is None else priced(won[0].runner_id, sp)
    return DEAD_HEAT if len(won) > 1 else WINNER, names, cell


def what_now(race: Race, now: datetime) -> str:
    """Return "in 19 min", "due off", "off", "weighed in": the least a list says. ui/countdown.js says the same."""
    if words.phase(race.status) != "before":
        return words.STATUS_WORDS[race.status]
    minutes = words.minutes_to(race.off_time, now)
    if minutes <= 0:
        return words.overdue(race.off_time, now)
    if minutes < 60:
        return f"in {minutes} min"
    if minutes < 24 * 60:
        return f"in {minutes // 60} h {minutes % 60:02d}"
    return words.day(race.off_time, race.meeting.zone, now)


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
