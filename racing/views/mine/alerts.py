"""The form that waits for a price, and the buttons that arm one again or take it away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g, request, url_for
from werkzeug.wrappers import Response

from racing.errors import Conflict, InvalidInput
from racing.models import PriceAlert, Race, Runner, Wanted
from racing.services import boards, price_alerts
from racing.services.alert_words import written
from racing.views import words
from racing.views.declared import signed_in_only
from racing.views.forms import chosen, typed_price
from racing.views.mine import blueprint
from racing.views.mine.alert_lines import alert_line, exact_cell, first_choice, other_side, steps
from racing.views.mine.answers import done, private_page
from racing.views.price_cells import PriceCell, best_cell, exact, price_cell
from racing.views.published import race_name
from racing.views.race_cards import now
from racing.views.reader import reader

_NO_PRICE = "Choose a price to wait for."


@blueprint.get("/my/alerts/new")
@signed_in_only("mine.my")
def new_alert() -> Response:
    """Show the form for one runner, begun at the step beyond its present price; without a runner, which there are.

    Raises RaceNotFound, RunnerNotFound, RunnerOut, or Conflict where the race is off.
    """
    if "runner" not in request.args:
        return _runners_of(price_alerts.race_to_wait_in(request.args.get("race", "")))
    runner = price_alerts.runner_to_wait_for(request.args.get("race", ""), request.args.get("runner", ""))
    wanted = Wanted.SHORTER if request.args.get("wanted") == Wanted.SHORTER else Wanted.BIGGER
    return _form(runner, wanted, typed=request.args.get("price"))


def _as_typed() -> Mapping[str, Any]:
    """Return the way back to the form for somebody whose time has run out over it."""
    asked: dict[str, Any] = {name: request.form.get(name, "") for name in ("race", "runner", "wanted", "price")}
    return {"next": url_for("mine.new_alert", **asked)}


@blueprint.post("/my/alerts")
@signed_in_only(_as_typed)
def set_alert() -> Response:
    """Wait for a price; what is refused is told beside the field, and nothing is waited for then."""
    race_id, runner_id = request.form.get("race", ""), request.form.get("runner", "")
    runner = price_alerts.runner_to_wait_for(race_id, runner_id)
    wanted = chosen(request.form, "wanted", Wanted)
    try:
        price = typed_price(request.form.get("price", ""))
        if price is None:
            raise InvalidInput(_NO_PRICE)
        alert = price_alerts.set_alert(g.user.id, race_id, runner_id, wanted, price)
    except (InvalidInput, Conflict) as error:
        runner = price_alerts.runner_to_wait_for(race_id, runner_id)
        return _form(runner, wanted, request.form.get("price", ""), error.message, error.status)
    return done(_sentence(alert), url_for("punters.race", race_id=race_id), armed=alert.armed)


@blueprint.post("/my/alerts/<int(max=2147483647):alert_id>/arm")
@signed_in_only("mine.my")
def arm_alert(alert_id: int) -> Response:
    """Wait for the price again. Raises NotFound for another's, Conflict or RunnerOut where no price is coming."""
    alert = price_alerts.arm(g.user.id, alert_id)
    return done(_sentence(alert), url_for("mine.my"), armed=alert.armed)


@blueprint.post("/my/alerts/<int(max=2147483647):alert_id>/remove")
@signed_in_only("mine.my")
def remove_alert(alert_id: int) -> Response:
    """Wait no longer. Raises NotFound for another's."""
    price_alerts.remove(g.user.id, alert_id)
    return done("The price alert is removed.", url_for("mine.my"))


@blueprint.post("/my/alerts/remove-ended")
@signed_in_only("mine.my")
def remove_ended() -> Response:
    """Remove all that wait no more."""
    price_alerts.remove_ended(g.user.id)
    return done("They are removed. What you wait for stays.", url_for("mine.my"))


def _sentence(alert: PriceAlert) -> str:
    """Return what became of an alert just armed: it waits, or it held already."""
    name, form = alert.runner.name, reader().odds_format
    asked = f"{written(alert.price, form)} or {alert.wanted}"
    if alert.must_leave:
        first = other_side(alert.wanted)
        return f"{name} is {asked} now. You will be told when it has been {first} and is {asked} again."
    if not alert.armed and alert.told_price is not None:
        return f"{name} is {written(alert.told_price, form)} already: you were told at once."
    return f"You will be told when {name} is {asked}."


def _form(runner: Runner, wanted: Wanted, typed: str | None, wrong: str = "", status: int = 200) -> Response:
    race, at = runner.race, now()
    best = _best(runner, at)
    present = None if best.price is None else exact(best.price)
    shown: dict[str, Any] = {
        "runner": runner,
        "race": race,
        "race_name": race_name(race),
        "best": None if present is None else exact_cell(present),
        "as_of": words.clock(at, race.meeting.zone, seconds=True),
        "wanted": wanted,
        "choice": first_choice(present, wanted) if typed is None else typed,
        "steps": steps(),
        "wrong": {"price": wrong} if wrong else {},
        "set_already": [alert_line(alert) for alert in _armed_for(runner)],
    }
    return private_page("mine/new_alert.html", status, **shown)


def _runners_of(race: Race) -> Response:
    runners = [(runner, _best(runner, now())) for runner in race.runners if runner.withdrawn_at is None]
    return private_page("mine/choose_runner.html", race=race, race_name=race_name(race), runners=runners)


def _best(runner: Runner, at: datetime) -> PriceCell:
    return best_cell(runner.runner_id, [price_cell(boards.entry(each, runner.runner_id), at) for each in runner.prices])


def _armed_for(runner: Runner) -> list[PriceAlert]:
    here = price_alerts.of_race(g.user.id, runner.race_id).get(runner.runner_id, ())
    return [alert for alert in here if alert.armed]
