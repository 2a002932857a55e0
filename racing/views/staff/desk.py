"""The desk's first page: the races of today and those to come."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from racing.models import Race
from racing.services import racecards
from racing.views.declared import staff_only
from racing.views.race_cards import days_of, now
from racing.views.staff import blueprint
from racing.views.staff.race_forms import desk_line


@blueprint.get("/")
@staff_only
def desk() -> str:
    """List them by the course's day, with the way to each meeting."""
    days = [
        (f"{day:%A} {day.day} {day:%B}", _meetings(found), [desk_line(race) for race in found])
        for day, found in days_of(racecards.races_since(now()))
    ]
    return render_template("staff/desk.html", days=days)


def _meetings(races: Sequence[Race]) -> list[dict[str, Any]]:
    found = {race.meeting.slug: race.meeting.course for race in races}
    return [{"slug": slug, "course": course} for slug, course in sorted(found.items(), key=lambda each: each[1])]
