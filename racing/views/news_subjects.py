"""What a list of news is about: everything, one race, or one meeting."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import url_for

from racing.errors import InvalidInput
from racing.models import Meeting, Race
from racing.services import news, racecards
from racing.views.published import race_name
from racing.views.race_cards import now


class Subject(NamedTuple):
    """`races` are the ids of the races it is about, None for every article; `asked` is how an address asks for it.

    `back` is the page of the subject itself, (address, name); None where it is about everything.
    """

    heading: str
    races: list[str] | None
    asked: dict[str, str]
    back: tuple[str, str] | None


EVERYTHING = Subject("News", None, {}, None)


def subject(asked: Mapping[str, str]) -> Subject:
    """Return what an address asks to read about: `race` or `meeting`, or neither.

    Raises InvalidInput where it asks for both, RaceNotFound or NotFound where there is none such.
    """
    race_id, slug = asked.get("race"), asked.get("meeting")
    if race_id is not None and slug is not None:
        raise InvalidInput("Ask for the news of a race or of a meeting, not of both.")
    if race_id is not None:
        return of_race(racecards.race(race_id))
    return EVERYTHING if slug is None else of_meeting(news.meeting(slug))


def of_race(race: Race) -> Subject:
    """Return one race as a subject; its meeting must be loaded."""
    name = race_name(race)
    return Subject(
        f"News of the {name}", [race.id], {"race": race.id}, (url_for("punters.race", race_id=race.id), name)
    )


def of_meeting(meeting: Meeting) -> Subject:
    """Return one meeting as a subject; its races must be loaded."""
    name = f"{meeting.course}, {meeting.day:%a} {meeting.day.day} {meeting.day:%b}"
    if meeting.day.year != now().year:
        name += f" {meeting.day.year}"
    address = url_for("punters.meeting", slug=meeting.slug)
    return Subject(f"News of {name}", [race.id for race in meeting.races], {"meeting": meeting.slug}, (address, name))
