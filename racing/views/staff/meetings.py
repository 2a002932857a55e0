"""A meeting on the desk: its races, and what is done to all of them that are still to be run."""

import re

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import InvalidInput, RacingError
from racing.models import Meeting, Race
from racing.services import racecards, whole_meetings
from racing.services.whole_meetings import MOST_MINUTES, TO_BE_RUN
from racing.statuses import BEFORE_THE_OFF
from racing.views.declared import staff_only
from racing.views.staff import blueprint
from racing.views.staff.race import Answer
from racing.views.staff.race_forms import desk_line

_MINUTES = re.compile(r"[+-]?\d{1,4}")


@blueprint.get("/meetings/<slug>")
@staff_only
def meeting(slug: str) -> Answer:
    """Show its races, and the forms for all of them."""
    return _page(slug)


@blueprint.post("/meetings/<slug>/delay")
@staff_only
def delay_meeting(slug: str) -> Answer:
    """Move the off times of the races before their off by so many minutes."""
    try:
        minutes = _minutes(request.form.get("minutes", ""))
        moved = whole_meetings.delay_meeting(slug, minutes, g.user)
    except RacingError as error:
        return _page(slug, error)
    way = "later" if minutes > 0 else "earlier"
    return _back(moved, f"{_races(len(moved))} off {abs(minutes)} minutes {way}.")


@blueprint.get("/meetings/<slug>/abandon")
@staff_only
def ask_abandon_meeting(slug: str) -> Answer:
    """Ask whether it is meant, with the races that it would be."""
    found = racecards.meeting(slug)
    return _ask(found)


@blueprint.post("/meetings/<slug>/abandon")
@staff_only
def abandon_meeting(slug: str) -> Answer:
    """Abandon all races that are still to be run."""
    if "sure" not in request.form:
        return _ask(racecards.meeting(slug)), 422
    try:
        abandoned = whole_meetings.abandon_meeting(slug, g.user)
    except RacingError as error:
        return _page(slug, error)
    return _back(abandoned, f"{_races(len(abandoned))} abandoned.")


def _ask(found: Meeting) -> str:
    left = [race for race in found.races if race.status in TO_BE_RUN]
    return render_template(
        "staff/sure.html",
        question=f"Abandon the rest of {found.course}?",
        crumb=(url_for("staff.meeting", slug=found.slug), _name(found)),
        sentences=[
            f"{_races(len(left))} still to be run. Each is abandoned, and whoever watches it is told.",
            "Each can be taken back for ten minutes, on its own page.",
        ],
        listed=[_listed(race) for race in left],
        action=url_for("staff.abandon_meeting", slug=found.slug),
        fields={},
        button="Abandon all of these",
    )


def _page(slug: str, error: RacingError | None = None) -> Answer:
    found = racecards.meeting(slug)
    page = render_template(
        "staff/meeting.html",
        meeting=found,
        name=_name(found),
        lines=[desk_line(race) for race in found.races],
        to_be_run=sum(race.status in TO_BE_RUN for race in found.races),
        to_be_moved=sum(race.status in BEFORE_THE_OFF for race in found.races),
        most=MOST_MINUTES,
        typed=request.form.get("minutes", "")[:5],
        refused=error.message if error else "",
    )
    return page, error.status if error else 200


def _minutes(text: str) -> int:
    if not _MINUTES.fullmatch(text.strip()):
        raise InvalidInput("Write whole minutes, such as 15, or -10 for earlier.")
    return int(text)


def _back(race_ids: list[str], said: str) -> Response:
    """Say it on the meeting's page: races moved to another day took their meeting with them."""
    flash(said)
    return redirect(url_for("staff.meeting", slug=racecards.race(race_ids[0]).meeting.slug), 303)


def _name(found: Meeting) -> str:
    return f"{found.course}, {found.day:%A} {found.day.day} {found.day:%B}"


def _listed(race: Race) -> str:
    return f"{desk_line(race)['clock']} {race.title}"


def _races(count: int) -> str:
    return "1 race is" if count == 1 else f"{count} races are"
