"""The search over horses, jockeys, trainers, races, meetings and courses."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response, request, url_for

from racing.errors import InvalidInput
from racing.models import Meeting, Race
from racing.services import search as names
from racing.services.people import Kind
from racing.services.search import Found
from racing.services.slugs import LONGEST
from racing.views import words
from racing.views.declared import for_anyone
from racing.views.published import race_name
from racing.views.punters import blueprint, page, site_zone
from racing.views.punters.people import PAGES
from racing.views.race_cards import now

_HEADINGS = {Kind.HORSE: "Horses", Kind.JOCKEY: "Jockeys", Kind.TRAINER: "Trainers"}


class Line(NamedTuple):
    """One answer: what it is called, a few quiet words about it, its page."""

    name: str
    words: str
    path: str


class Group(NamedTuple):
    """The answers of one kind. `is_full` where there may be more of them."""

    heading: str
    found: Sequence[Line]
    is_full: bool


@blueprint.get("/search")
@for_anyone
def search() -> Response:
    """Show who and what is found under the beginning of a name; the form alone where nothing is asked."""
    asked = request.args.get("q", "").strip()[:LONGEST]
    groups: Sequence[Group] = []
    refused = ""
    if asked:
        try:
            groups = _groups(names.letters(asked))
        except InvalidInput as refusal:
            refused = refusal.message
    found = sum(len(group.found) for group in groups)
    return page("punters/search.html", asked=asked, groups=groups, refused=refused, found=found)


def _groups(wanted: str) -> Sequence[Group]:
    at = now()
    courses = names.courses(wanted)
    meetings = names.meetings(courses, at.astimezone(site_zone()).date())
    groups = [
        *(_named(_HEADINGS[kind], PAGES[kind], "race", names.search(kind, wanted)) for kind in Kind),
        _group("Races", [_race(race) for race in names.races(wanted, at)]),
        Group("Meetings", [_meeting(meeting) for meeting in meetings], is_full=False),  # its course has the others
        _named("Courses", "punters.course", "meeting", courses),
    ]
    return [group for group in groups if group.found]


def _group(heading: str, found: Sequence[Line]) -> Group:
    return Group(heading, found, len(found) == names.MOST_FOUND)


def _named(heading: str, endpoint: str, unit: str, found: Sequence[Found]) -> Group:
    return _group(
        heading, [Line(each.name, _count(each.races, unit), url_for(endpoint, slug=each.slug)) for each in found]
    )


def _race(race: Race) -> Line:
    return Line(race.title, race_name(race), url_for("punters.race", race_id=race.id))


def _meeting(meeting: Meeting) -> Line:
    day = words.day(meeting.races[0].off_time, meeting.zone)
    told = f"{day} {meeting.day.year}, {_count(len(meeting.races), 'race')}"
    return Line(meeting.course, told, url_for("punters.meeting", slug=meeting.slug))


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
