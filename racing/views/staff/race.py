"""One race on the desk: its page, of prices and what is done to it."""

from collections.abc import Iterable

from flask import current_app, render_template, request
from werkzeug.wrappers import Response

from racing.errors import RacingError
from racing.models import Race
from racing.services import racecards
from racing.views import forms, words
from racing.views.declared import staff_only
from racing.views.held import held_race, vocabulary
from racing.views.race_cards import now
from racing.views.staff import blueprint
from racing.views.staff.price_grid import price_grid
from racing.views.staff.race_forms import race_forms
from racing.views.staff.typed_grid import TypedGrid

Answer = str | Response | tuple[str, int]


@blueprint.get("/races/<race_id>")
@staff_only
def race(race_id: str) -> Answer:
    """Show the forms of one race."""
    return race_page(racecards.card(race_id))


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
    refused = {form: words.statuses_in_words(error.message)} if error else {}
    page = render_template(
        "staff/race.html",
        **race_forms(found),
        grid=price_grid(found, {current_app.config["DEFAULT_BOOKMAKER"], *asked, *more}, typed, error),
        as_of=words.clock(now(), found.meeting.zone, seconds=True),
        held=held_race(found),
        vocabulary=vocabulary(),
        refused=refused,
    )
    return page, error.status if error else 200
