"""The next races over all meetings, or those of a day, a course, a country, a status."""

from flask import Response, request

from racing.services import race_lists
from racing.views import words
from racing.views.declared import for_anyone
from racing.views.held import vocabulary
from racing.views.punters import blueprint, filters, page, site_zone
from racing.views.punters.refreshed import list_mark, most_followed, unchanged
from racing.views.race_cards import now
from racing.views.race_lines import race_lines


@blueprint.get("/")
@for_anyone
def next_races() -> Response:
    """Show races by off time with countdown, status and favourite."""
    at = now()
    found = filters.read(request.args, at.astimezone(site_zone()).date())
    races = race_lists.listed(found.asked, at)
    mark = list_mark((race.id, words.phase(race.status), race.card_version) for race in races)
    same = unchanged(mark)
    if same:
        return same
    lines = race_lines(races, at, followed=most_followed())
    return page(
        "punters/next_races.html",
        lines=lines,
        filters=found,
        is_cut=found.asked.day is not None and len(races) == race_lists.MOST_OF_A_DAY,
        mark=mark,
        still=sum(not line.is_live for line in lines),
        followed=most_followed(),
        as_of=words.clock(at, site_zone(), seconds=True),
        rendered_at=at.isoformat(),
        zone=site_zone().key,
        vocabulary=vocabulary(),
    )
