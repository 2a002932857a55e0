"""Where one goes on to from a race: the one before, the one after, the next off."""

from collections.abc import Iterator
from typing import NamedTuple

from racing.models import Race
from racing.services.neighbours import Neighbours
from racing.views import words


class Step(NamedTuple):
    """A link to another race. `word` says which it is, `when` its off time, with the day where that is another."""

    word: str
    rel: str
    race_id: str
    when: str
    course: str


def steps(race: Race, beside: Neighbours) -> list[Step]:
    """Return the links of a race page: before and after it by time over all meetings, and the next off between them."""
    return list(_steps(race, beside))


def _steps(race: Race, beside: Neighbours) -> Iterator[Step]:
    before, after, next_off = beside
    if before:
        yield _step("Before, next off" if before == next_off else "Before", "prev", before, race)
    if next_off and next_off not in (before, race, after):
        yield _step("Next off", "", next_off, race)
    if after:
        yield _step("After, next off" if after == next_off else "After", "next", after, race)


def _step(word: str, rel: str, other: Race, race: Race) -> Step:
    zone = other.meeting.zone
    return Step(word, rel, other.id, f"{_day(other, race)}{words.clock(other.off_time, zone)}", other.meeting.course)


def _day(other: Race, race: Race) -> str:
    days = abs((other.meeting.day - race.meeting.day).days)
    if days == 0:
        return ""
    return (
        f"{other.meeting.day:%a} " if days < 7 else f"{words.day(other.off_time, other.meeting.zone, race.off_time)} "
    )
