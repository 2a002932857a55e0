"""What a link to a race or a meeting says of it where it is shared: one line of name, one or two of substance."""

from decimal import Decimal
from typing import NamedTuple

from flask import Flask

from racing import prices
from racing.models import Meeting, Race, Runner
from racing.statuses import RaceStatus
from racing.views import words
from racing.views.race_cards import now


class Preview(NamedTuple):
    """A title as a chat shows it, and the sentences under it."""

    title: str
    description: str


def register(app: Flask) -> None:
    """Give every template both previews."""
    app.jinja_env.globals.update(race_preview=race_preview, meeting_preview=meeting_preview)


def race_preview(race: Race) -> Preview:
    """Return what to say of a race whose meeting, runners and prices are loaded."""
    return Preview(
        f"{words.clock(race.off_time, race.meeting.zone)} {race.meeting.course}: {race.title}",
        f"{words.day(race.off_time, race.meeting.zone, now())}. {_facts(race)} {_standing(race)}".strip(),
    )


def meeting_preview(meeting: Meeting) -> Preview:
    """Return what to say of a meeting whose races are loaded."""
    day = f"{meeting.day:%A} {meeting.day.day} {meeting.day:%B %Y}"
    title = f"Racing at {meeting.course}, {day}"
    if not meeting.races:
        return Preview(title, "No race is on the card.")
    first, last = (words.clock(meeting.races[end].off_time, meeting.zone) for end in (0, -1))
    count = len(meeting.races)
    card = f"{count} races from {first} to {last}" if count > 1 else f"One race, at {first}"
    return Preview(title, f"{card}: runners, live prices, results.")


def _facts(race: Race) -> str:
    running = sum(runner.withdrawn_at is None for runner in race.runners)
    facts = [f"{running} runner{'' if running == 1 else 's'}", race.distance, race.going]
    return f"{', '.join(fact for fact in facts if fact)}."


def _standing(race: Race) -> str:
    """Return the result where there is one, else what ended it, else the favourite and the time of that price."""
    placed = sorted((r for r in race.runners if r.position), key=lambda runner: (runner.position, runner.name))
    if race.has_result and placed:
        return f"Result: {', '.join(f'{r.position} {r.name}' for r in placed)}."
    if words.phase(race.status) == "over":
        ended = race.status in (RaceStatus.ABANDONED, RaceStatus.RACEVOID)
        return f"{words.STATUS_WORDS[race.status].capitalize()}." if ended else ""
    return _favourite(race)


def _favourite(race: Race) -> str:
    bests = [(best, runner.name) for runner in race.runners if (best := _best(runner)) is not None]
    if not bests:
        return ""
    shortest, _ = min(bests)
    names = " and ".join(name for best, name in bests if best == shortest)
    kind = "Favourite" if sum(best == shortest for best, _ in bests) == 1 else "Joint favourites"
    return f"{kind} {names} {prices.fractional(shortest)} at {words.clock(now(), race.meeting.zone)}."


def _best(runner: Runner) -> Decimal | None:
    if runner.withdrawn_at is not None:
        return None
    return max((offer.price for offer in runner.prices if offer.price is not None), default=None)
