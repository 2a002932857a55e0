"""A meeting in a list: where, on which going, from when to when, and its races to jump to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from racing.models import Meeting
from racing.views import words
from racing.views.race_cards import what_now
from racing.views.reader_times import reader_clock


@dataclass(frozen=True)
class MeetingLine:
    """`facts` say going, number of races and hours; `chips` are the races."""

    meeting: Meeting
    facts: str
    first_off: datetime | None
    yours: str
    chips: list[dict[str, Any]]


def meeting_line(meeting: Meeting, now: datetime) -> MeetingLine:
    """Return the line of a meeting whose races are loaded."""
    races, zone = meeting.races, meeting.zone
    going = next((race.going for race in races if race.going), None)
    first, last = (races[0].off_time, races[-1].off_time) if races else (None, None)
    count = f"{len(races)} race{'' if len(races) == 1 else 's'}"
    hours = f"{words.clock(first, zone)} to {words.clock(last, zone)}" if first and last and first != last else ""
    chips = [
        {
            "id": race.id,
            "clock": words.clock(race.off_time, zone),
            "title": race.title,
            "phase": words.phase(race.status),
            "what": what_now(race, now),
        }
        for race in races
    ]
    facts = " · ".join(fact for fact in (f"Going: {going}" if going else "", count, hours) if fact)
    return MeetingLine(meeting, facts, first, reader_clock(first, zone) if first else "", chips)
