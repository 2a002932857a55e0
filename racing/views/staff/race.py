"""One race on the desk: its prices, status, non-runners and result."""

from collections.abc import Iterable
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import InvalidInput, RacingError
from racing.models import Race
from racing.services import racecards, races
from racing.statuses import Betting, RaceStatus
from racing.views import forms, words
from racing.views.held import held_race, vocabulary
from racing.views.race_cards import now
from racing.views.signed_in import staff_only
from racing.views.staff import blueprint
from racing.views.staff.price_grid import price_grid
from racing.views.staff.race_forms import FINAL, race_forms
from racing.views.staff.typed_grid import TypedGrid

Answer = str | Response | tuple[str, int]


@blueprint.get("/races/<race_id>")
@staff_only
def race(race_id: str) -> Answer:
    """Show the forms of one race."""
    return race_page(racecards.card(race_id))


@blueprint.post("/races/<race_id>/status")
@staff_only
def write_status(race_id: str) -> Answer:
    """Say where the race has got to."""

    def write(_race: Race) -> str:
        status = forms.chosen(request.form, "status", RaceStatus)
        if status in FINAL and "sure" not in request.form:
            raise InvalidInput(f"{status} cannot be taken back: tick the box beside it to say that you are sure.")
        races.change_status(race_id, status, g.user)
        return f"The race is {status}."

    return _written(race_id, "status", write)


@blueprint.post("/races/<race_id>/betting")
@staff_only
def write_betting(race_id: str) -> Answer:
    """Open, suspend or close the betting."""

    def write(_race: Race) -> str:
        betting = forms.chosen(request.form, "betting", Betting)
        races.change_betting(race_id, betting, g.user)
        return f"The betting is {betting}."

    return _written(race_id, "betting", write)


@blueprint.post("/races/<race_id>/enquiry")
@staff_only
def write_enquiry(race_id: str) -> Answer:
    """Announce or end a stewards' enquiry."""

    def write(_race: Race) -> str:
        enquiry = request.form.get("enquiry") == "on"
        races.change_enquiry(race_id, enquiry, g.user)
        return "A stewards' enquiry is announced." if enquiry else "The stewards' enquiry is over."

    return _written(race_id, "enquiry", write)


@blueprint.post("/races/<race_id>/off-time")
@staff_only
def write_off_time(race_id: str) -> Answer:
    """Move the scheduled off."""

    def write(found: Race) -> str:
        off_time = forms.local_time(request.form.get("off_time", ""), found.meeting.zone)
        # The field holds minutes: sent back as it was, it must not cut the seconds off.
        if off_time != found.off_time.replace(second=0, microsecond=0):
            races.change_off_time(race_id, off_time, g.user)
        return f"The off is at {off_time:%H:%M}."

    return _written(race_id, "off_time", write)


@blueprint.post("/races/<race_id>/runners/<runner_id>/<any(withdraw, reinstate):verb>")
@staff_only
def write_runner(race_id: str, runner_id: str, verb: str) -> Answer:
    """Take a runner out, or put it back."""

    def write(found: Race) -> str:
        name = next((runner.name for runner in found.runners if runner.runner_id == runner_id), runner_id[:80])
        if verb == "withdraw":
            races.withdraw(race_id, runner_id, g.user)
            return f"{name} is a non-runner."
        races.reinstate(race_id, runner_id, g.user)
        return f"{name} is back in the race, without prices."

    return _written(race_id, "runners", write)


@blueprint.post("/races/<race_id>/result")
@staff_only
def write_result(race_id: str) -> Answer:
    """Declare or amend the result."""

    def write(found: Race) -> str:
        placings = forms.typed_placings(request.form, [runner.runner_id for runner in found.runners])
        races.declare_result(race_id, placings, g.user)
        return "The result is declared."

    return _written(race_id, "result", write)


def _written(race_id: str, form: str, write: Any) -> Answer:
    """Let `write(race)` change the race and say what it did; what the house refuses is shown beside the form."""
    try:
        said = write(racecards.card(race_id))
    except RacingError as error:
        return race_page(racecards.card(race_id), error, form=form)
    return _back(race_id, said)


def _back(race_id: str, said: str) -> Response:
    flash(said)
    return redirect(url_for("staff.race", race_id=race_id), 303)


def race_page(
    found: Race,
    error: RacingError | None = None,
    *,
    form: str = "odds",
    typed: TypedGrid | None = None,
    more: Iterable[str] = (),
) -> Answer:
    """Draw the race's page; `error` is what the form of that name was refused with, `typed` is kept in the odds grid.

    The grid has columns for `more` bookmakers beside those that price the race.
    """
    asked = [forms.bookmaker_slug(text) for text in request.values.getlist("bookmaker") if text.strip()]
    refused = {form: error.message} if error else {}
    result = (request.form, error.fields) if error and form == "result" else (None, None)
    page = render_template(
        "staff/race.html",
        **race_forms(found, *result),
        grid=price_grid(found, {current_app.config["DEFAULT_BOOKMAKER"], *asked, *more}, typed, error),
        as_of=words.clock(now(), found.meeting.zone, seconds=True),
        held=held_race(found),
        vocabulary=vocabulary(),
        refused=refused,
    )
    return page, error.status if error else 200
