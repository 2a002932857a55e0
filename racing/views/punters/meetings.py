"""The meetings of a day, and the races of one of them."""

from datetime import date

from flask import Response

from racing.models import Meeting
from racing.services import racecards
from racing.services.slugs import slugify
from racing.views import words
from racing.views.declared import for_anyone
from racing.views.held import vocabulary
from racing.views.punters import blueprint, page, site_zone
from racing.views.punters.days import day_words, shown_day
from racing.views.punters.meeting_lines import meeting_line
from racing.views.punters.refreshed import list_mark, live_facts, most_followed, unchanged
from racing.views.race_cards import now
from racing.views.race_lines import race_lines


@blueprint.get("/meetings")
@blueprint.get("/meetings/<day:day>")
@for_anyone
def meetings(day: date | None = None) -> Response:
    """Show the meetings of a day with their races to jump to; today's without a day."""
    at = now()
    shown = shown_day(day, at.astimezone(site_zone()).date())
    found = racecards.meetings_of(shown.day)
    races = sorted((race for each in found for race in each.races), key=lambda race: (race.off_time, race.id))
    mark = list_mark((race.id, race.off_time, race.status) for race in races)
    return unchanged(mark) or page(
        "punters/meetings.html",
        shown=shown,
        lines=[meeting_line(each, at) for each in found],
        mark=mark,
        as_of=words.clock(at, site_zone(), seconds=True),
        **live_facts(races, site_zone().key),
    )


@blueprint.get("/meetings/<slug>")
@for_anyone
def meeting(slug: str) -> Response:
    """Show the races of one course on one day."""
    found, at = racecards.meeting(slug), now()
    mark = list_mark((race.id, words.phase(race.status), race.card_version) for race in found.races)
    same = unchanged(mark)
    if same:
        return same
    lines = race_lines(found.races, at, followed=most_followed(), with_course=False)
    return page(
        "punters/meeting.html",
        meeting=found,
        line=meeting_line(found, at),
        course_slug=slugify(found.course),
        day=day_words(found.day),
        beside=_beside(found),
        lines=lines,
        mark=mark,
        as_of=words.clock(at, found.zone, seconds=True),
        rendered_at=at.isoformat(),
        zone=found.time_zone,
        zone_words=f"{found.course} ({words.zone_name(at, found.zone)})",
        vocabulary=vocabulary(),
    )


def _beside(found: Meeting) -> list[Meeting]:
    """Return the other meetings of that day, to jump to."""
    return [each for each in racecards.meetings_of(found.day) if each.id != found.id]
