"""What the odds grid sends: prices where they changed, the betting, one bookmaker off and on."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from racing import metrics
from racing.errors import InvalidInput, RacingError, StalePrice
from racing.models import Race, User
from racing.services import odds, racecards, races, suspensions
from racing.services.odds import Quote
from racing.services.quotes import Stood
from racing.statuses import Betting
from racing.views import forms, words
from racing.views.declared import staff_only
from racing.views.staff import blueprint
from racing.views.staff.price_grid import standing_prices
from racing.views.staff.race import Answer, race_page
from racing.views.staff.typed_grid import Place, TypedGrid, TypedPrice, another_bookmaker, typed_grid


@blueprint.post("/races/<race_id>/odds")
@staff_only
def write_odds(race_id: str) -> Answer:
    """Write the changed prices; what is refused or doubted comes back beside its field."""
    found, typed = _typed(race_id)
    if another := another_bookmaker(request.form):
        return race_page(found, typed=typed, more=another)
    try:
        written = write_changed(found, typed, g.user)
    except RacingError as error:
        return race_page(racecards.card(race_id), error, typed=typed)
    metrics.PRICES_WRITTEN.labels("form").inc()
    flash(_what_was_written(written, race_id))
    # A column in which nothing was written yet would be gone.
    pricing = {maker for _, maker in standing_prices(racecards.card(race_id))}
    left = [slug for slug in typed.bookmakers if slug not in pricing]
    return _back(race_id, left)


@blueprint.post("/races/<race_id>/odds/betting")
@staff_only
def write_grid_betting(race_id: str) -> Answer:
    """Suspend the betting for all bookmakers, or open it again; what is typed stays."""

    def write() -> str:
        betting = forms.chosen(request.form, "betting", Betting)
        races.change_betting(race_id, betting, g.user)
        return f"The betting is {betting}."

    return _beside(race_id, write)


@blueprint.post("/races/<race_id>/bookmakers/<bookmaker>/<any(suspend, reopen):verb>")
@staff_only
def write_bookmaker(race_id: str, bookmaker: str, verb: str) -> Answer:
    """Take one bookmaker off the race, or put it back; what is typed stays."""
    name = words.bookmaker_name(bookmaker)

    def write() -> str:
        if verb == "suspend":
            suspensions.suspend_bookmaker(race_id, bookmaker, g.user)
            return f"{name} is off: its prices are held until you reopen it."
        suspensions.reopen_bookmaker(race_id, bookmaker, g.user)
        return f"{name} is back with its prices."

    return _beside(race_id, write)


def _typed(race_id: str) -> tuple[Race, TypedGrid]:
    found = racecards.card(race_id)
    return found, typed_grid(request.form, [runner.runner_id for runner in found.runners])


def _beside(race_id: str, write: Callable[[], str]) -> Answer:
    """Let `write` change something beside the prices and say what; the page comes back with what is typed in them."""
    _, typed = _typed(race_id)
    try:
        flash(write())
    except RacingError as error:
        return race_page(racecards.card(race_id), error, typed=typed)
    return race_page(racecards.card(race_id), typed=typed)


def _back(race_id: str, columns: Collection[str]) -> Response:
    return redirect(url_for("staff.race", race_id=race_id, bookmaker=list(columns)), 303)


def _what_was_written(written: Collection[Place], race_id: str) -> str:
    said = {0: "Nothing to change: these prices stand.", 1: "1 price is written."}
    held = sorted({maker for _, maker in written} & suspensions.held_prices(race_id).keys())
    off = "".join(f" Those of {words.bookmaker_name(maker)} are held until it is back." for maker in held)
    return said.get(len(written), f"{len(written)} prices are written.") + off


def write_changed(race: Race, typed: TypedGrid, by: User) -> Collection[Place]:
    """Write the prices that the writer changed and that do not stand already. Returns which were written.

    Raises InvalidInput where a cell is no price, StalePrice where a price moved meanwhile, Doubtful where one looks
    like a slip: nothing is written then.
    """
    if typed.is_wrong:
        raise InvalidInput("Nothing was written: look at the fields marked.")
    race_id, standing = race.id, standing_prices(race)
    # The same form posted twice asks for what it already did: that is no conflict.
    left = {place: cell for place, cell in typed.cells.items() if cell.changed and standing.get(place) != cell.price}
    try:
        return _write(race_id, left, typed.sure, by)
    except StalePrice as error:
        # The twin of this very post may have committed after we looked; what it wrote is done.
        return _write(race_id, _without_those_that_stand(left, error.fields), typed.sure, by)


def _write(race_id: str, wanted: Mapping[Place, TypedPrice], sure: Collection[str], by: User) -> Collection[Place]:
    quotes = [
        Quote(runner_id, cell.price, maker, cell.seen, Stood(cell.stood)) for (runner_id, maker), cell in wanted.items()
    ]
    if quotes:
        odds.write_books({race_id: quotes}, by, sure=sure)
    return wanted.keys()


def _without_those_that_stand(wanted: Mapping[Place, TypedPrice], stale: Mapping[str, Any]) -> dict[Place, TypedPrice]:
    standing = {(each["runnerId"], each["bookmaker"]): each["price"] for each in stale.values()}
    return {
        place: cell
        for place, cell in wanted.items()
        if place not in standing or standing[place] != (None if cell.price is None else float(cell.price))
    }
