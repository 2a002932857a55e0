"""The desk's first page: the races of today and those to come."""

from flask import render_template

from racing.services import racecards
from racing.views.race_cards import days_of, now
from racing.views.signed_in import staff_only
from racing.views.staff import blueprint
from racing.views.staff.race_forms import desk_line


@blueprint.get("/")
@staff_only
def desk() -> str:
    """List them by the course's day."""
    today = now().date()
    days = [
        (f"{day:%A} {day.day} {day:%B}", [desk_line(race) for race in found])
        for day, found in days_of(racecards.races_since(today))
    ]
    return render_template("staff/desk.html", days=days)
