"""Declaring and amending a result: typed, looked at as punters will see it, declared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for

from racing.errors import Conflict, InvalidInput, RacingError
from racing.models import Race, Runner
from racing.realtime.shapes import WirePlacing
from racing.services import movements, placings, racecards, races
from racing.services.races import Placing
from racing.statuses import BEFORE_THE_OFF, RunnerStatus
from racing.views import forms, words
from racing.views.declared import staff_only
from racing.views.published import race_name
from racing.views.result_lines import result_lines
from racing.views.staff import blueprint
from racing.views.staff.race import Answer
from racing.views.staff.race_control import back
from racing.views.staff.race_forms import standing_result, takes_result

Typed = Mapping[str, tuple[str, str]]
"""Runner id -> what its place and its starting price say."""


@dataclass(frozen=True)
class ResultLine:
    """A runner that ran, and what is typed of it."""

    runner: Runner
    place: str
    sp: str
    wrong: str = ""


@blueprint.get("/races/<race_id>/result")
@staff_only
def ask_result(race_id: str) -> Answer:
    """Show the form over the result as it stands."""
    race = racecards.card(race_id)
    return _page(race, _standing(race))


@blueprint.post("/races/<race_id>/result")
@staff_only
def write_result(race_id: str) -> Answer:
    """Declare the result; or show how it will look, or fill starting prices in, and write nothing."""
    race = racecards.card(race_id)
    typed, do, had_one = _typed(race), request.form.get("do"), race.has_result
    if do == "fill":
        return _page(race, _filled(race, typed))
    try:
        declared = forms.typed_placings(request.form, [runner.runner_id for runner in race.runners])
        placings.check(race, declared)
        if do == "look":
            return _page(race, typed, looked_at=declared)
        if race.status in BEFORE_THE_OFF and "sure" not in request.form:
            raise InvalidInput("The race is not off yet. Tick the box to declare its result all the same.")
        races.declare_result(race_id, declared, g.user, stood=_stood())
    except RacingError as error:
        return _page(racecards.card(race_id), typed, error)
    return back(race_id, "The result is amended." if had_one else "The result is declared.")


def _page(
    race: Race, typed: Typed, error: RacingError | None = None, looked_at: Sequence[Placing] | None = None
) -> Answer:
    if not takes_result(race):
        error = error or Conflict("The result cannot be changed any more.")
    page = render_template(
        "staff/result.html",
        race=race,
        crumb=(url_for("staff.race", race_id=race.id), race_name(race)),
        lines=[_line(runner, typed, error.fields if error else {}) for runner in _ran(race)],
        is_offered=takes_result(race),
        standing=standing_result(race),
        stood=json.dumps(placings.in_words(placings.standing(race))),
        is_shown=isinstance(error, Conflict),
        looked_at=None if looked_at is None else _as_seen(race, looked_at),
        asks_sure=race.status in BEFORE_THE_OFF,
        is_sure="sure" in request.form,
        refused=words.statuses_in_words(error.message) if error and takes_result(race) else "",
    )
    return page, error.status if error and request.method == "POST" else 200


def _stood() -> list[Placing] | None:
    """Return the result that the form says it was drawn over. Raises InvalidInput where our form does not say it so."""
    try:
        return placings.from_words(json.loads(request.form["stood"])) if "stood" in request.form else None
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
        raise InvalidInput("This form does not say which result it shows. Reload the page.") from error


def _line(runner: Runner, typed: Typed, wrong: Mapping[str, Any]) -> ResultLine:
    said = wrong.get(runner.runner_id, "")
    return ResultLine(runner, *typed[runner.runner_id], wrong=said if isinstance(said, str) else "")


def _ran(race: Race) -> list[Runner]:
    return [runner for runner in race.runners if runner.status is not RunnerStatus.NON_RUNNER]


def _standing(race: Race) -> Typed:
    return {
        runner.runner_id: ("" if runner.position is None else str(runner.position), words.as_typed(runner.sp))
        for runner in race.runners
    }


def _typed(race: Race) -> Typed:
    return {
        runner.runner_id: (
            request.form.get(f"position-{runner.runner_id}", "")[:4],
            request.form.get(f"sp-{runner.runner_id}", "")[: forms.LONGEST_TYPED],
        )
        for runner in race.runners
    }


def _filled(race: Race, typed: Typed) -> Typed:
    """Fill the last best price in where a runner has a place, and no starting price yet."""
    last = movements.last_prices(race)
    return {
        runner_id: (place, sp or (words.as_typed(last.get(runner_id)) if place else ""))
        for runner_id, (place, sp) in typed.items()
    }


def _as_seen(race: Race, declared: Sequence[Placing]) -> list[Any]:
    wire: list[WirePlacing] = []
    for placing in declared:
        one: WirePlacing = {"runnerId": placing.runner_id}
        if placing.position is not None:
            one["position"] = placing.position
        if placing.sp is not None:
            one["sp"] = float(placing.sp)
        wire.append(one)
    return result_lines(wire, {runner.runner_id: runner for runner in race.runners})
