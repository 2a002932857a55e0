"""The next races, over all meetings."""

from flask import Response

from racing.services import racecards
from racing.views import words
from racing.views.held import vocabulary
from racing.views.punters import blueprint, page, site_zone
from racing.views.race_cards import now, race_card


@blueprint.get("/")
def next_races() -> Response:
    """Show the next races with countdown, status and favourite."""
    at = now()
    cards = [race_card(race, at) for race in racecards.next_races(at)]
    return page(
        "punters/next_races.html",
        cards=cards,
        as_of=words.clock(at, site_zone(), seconds=True),
        rendered_at=at.isoformat(),
        zone=site_zone().key,
        vocabulary=vocabulary(),
    )
