"""The cards of a day on the desk: what is declared, and the ways to declare more."""

from datetime import date, timedelta
from typing import Any

from flask import render_template, request

from racing.models import Meeting, Race
from racing.services import racecards
from racing.statuses import RunnerStatus
from racing.views import words
from racing.views.declared import staff_only
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.staff import blueprint


@blueprint.get("/cards", endpoint="cards")
@staff_only
def page() -> str:
    """List a day's meetings and races; without a day today's."""
    today = now().astimezone(site_zone()).date()
    day = day_asked(request.args.get("day"), today)
    return render_template(
        "staff/cards.html",
        day=day,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        heading=day_in_words(day),
        meetings=[(meeting, _lines(meeting)) for meeting in racecards.meetings_with_runners(day)],
    )


def _lines(meeting: Meeting) -> list[dict[str, Any]]:
    return [_line(race, words.clock(race.off_time, meeting.zone)) for race in meeting.races]


def _line(race: Race, clock: str) -> dict[str, Any]:
    out = sum(runner.status is RunnerStatus.NON_RUNNER for runner in race.runners)
    return {"race": race, "clock": clock, "runners": len(race.runners), "out": out, "phase": words.phase(race.status)}


def day_asked(typed: str | None, otherwise: date) -> date:
    """Return the day that an address or a field asks for, in years that there is racing; else the other one."""
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return otherwise
    return day if 1900 <= day.year <= 2200 else otherwise


def day_in_words(day: date) -> str:
    """Return "Tuesday 24 November 2026"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"
