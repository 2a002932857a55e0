"""The races of one course on one day."""

from flask import Response

from racing.services import racecards
from racing.views import words
from racing.views.held import vocabulary
from racing.views.punters import blueprint, page
from racing.views.race_cards import now, race_card


@blueprint.get("/meetings/<slug>")
def meeting(slug: str) -> Response:
    """Show the races of one course on one day."""
    found, at = racecards.meeting(slug), now()
    return page(
        "punters/meeting.html",
        meeting=found,
        day=f"{found.day:%A} {found.day.day} {found.day:%B}",
        cards=[race_card(race, at) for race in found.races],
        as_of=words.clock(at, found.zone, seconds=True),
        rendered_at=at.isoformat(),
        zone=found.time_zone,
        zone_words=f"{found.course} ({words.zone_name(at, found.zone)})",
        vocabulary=vocabulary(),
    )
