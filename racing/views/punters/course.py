"""A course's page: its meetings here, those to come first."""

from flask import Response

from racing.services import courses
from racing.views.declared import for_anyone
from racing.views.punters import blueprint, page, site_zone
from racing.views.punters.days import day_words
from racing.views.punters.meeting_lines import meeting_line
from racing.views.punters.people import page_asked
from racing.views.race_cards import now

MEETINGS_A_PAGE = 30


@blueprint.get("/courses/<slug>")
@for_anyone
def course(slug: str) -> Response:
    """Show the meetings at one course."""
    at, number = now(), page_asked()
    today = at.astimezone(site_zone()).date()
    to_come, past = courses.meetings(slug, today, MEETINGS_A_PAGE + 1, (number - 1) * MEETINGS_A_PAGE)
    shown = past[:MEETINGS_A_PAGE]
    return page(
        "punters/course.html",
        slug=slug,
        name=" / ".join(courses.names(slug)),
        to_come=[(day_words(each.day), meeting_line(each, at)) for each in to_come] if number == 1 else [],
        past=[(day_words(each.day), meeting_line(each, at)) for each in shown],
        number=number,
        has_older=len(past) > MEETINGS_A_PAGE,
    )
