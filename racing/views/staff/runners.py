"""Taking a runner out of a race, or putting it back: asked first, with what follows from it."""

from flask import g, render_template, request, url_for

from racing.errors import Conflict, RacingError
from racing.models import Race, Runner
from racing.services import racecards, races, withdrawals
from racing.services.race_changes import runner_at
from racing.services.withdrawals import Other, Others, Outlook
from racing.statuses import RunnerStatus
from racing.views import forms, words
from racing.views.declared import staff_only
from racing.views.published import race_name
from racing.views.staff import blueprint
from racing.views.staff.race import Answer
from racing.views.staff.race_control import back

CHOICES = {
    Others.KEPT: ("Leave them", "Each bookmaker prices the race anew itself."),
    Others.CUT: ("Cut them by this deduction", "As under “Then” below, on the ladder."),
    Others.REMOVED: ("Remove them", "No bookmaker offers a price until it prices the race anew."),
}


@blueprint.get("/races/<race_id>/runners/<runner_id>/withdraw")
@staff_only
def ask_withdraw(race_id: str, runner_id: str) -> Answer:
    """Show what it does to take the runner out, and ask what becomes of the others' prices."""
    return _withdraw_page(race_id, runner_id)


@blueprint.post("/races/<race_id>/runners/<runner_id>/withdraw")
@staff_only
def withdraw(race_id: str, runner_id: str) -> Answer:
    """Take the runner out, with the others' prices as asked."""
    try:
        others = forms.chosen(request.form, "others", Others)
        pence = forms.whole_number(request.form.get("pence", ""), "This form does not say which deduction it shows.")
        races.withdraw(race_id, runner_id, g.user, others=others, pence=pence)
    except RacingError as error:
        return _withdraw_page(race_id, runner_id, error)
    name = _runner(race_id, runner_id)[1].name
    prices = {Others.KEPT: "", Others.CUT: " The others' prices are cut.", Others.REMOVED: " All prices are removed."}
    return back(race_id, f"{name} is a non-runner.{prices[others]}")


def _withdraw_page(race_id: str, runner_id: str, error: RacingError | None = None) -> Answer:
    race, runner = _runner(race_id, runner_id)
    if runner.status is RunnerStatus.NON_RUNNER:
        raise Conflict(f"{runner.name} is a non-runner already.")
    then = withdrawals.outlook(race_id, runner_id)
    page = render_template(
        "staff/withdraw.html",
        crumb=(url_for("staff.race", race_id=race_id), race_name(race)),
        then=then,
        price=words.as_typed(then.price),
        choices=CHOICES,
        chosen=request.form.get("others", ""),
        best=[_cut(other) for other in _best_of(then)],
        others=[_cut(other) for other in then.others],
        refused=words.statuses_in_words(error.message) if error else "",
    )
    return page, error.status if error else 200


def _best_of(then: Outlook) -> list[Other]:
    best: dict[str, Other] = {}
    for other in then.others:
        held = best.setdefault(other.runner.runner_id, other)
        if other.price > held.price:
            best[other.runner.runner_id] = other
    return list(best.values())


def _cut(other: Other) -> tuple[str, str, str, str]:
    """Return (runner, bookmaker, price, what a cut makes of it) in words."""
    now, then = words.as_typed(other.price), words.as_typed(other.cut)
    return other.runner.name, words.bookmaker_name(other.bookmaker), now, then


@blueprint.get("/races/<race_id>/runners/<runner_id>/reinstate")
@staff_only
def ask_reinstate(race_id: str, runner_id: str) -> Answer:
    """Ask whether the runner is to be put back."""
    race, runner = _runner(race_id, runner_id)
    if runner.status is not RunnerStatus.NON_RUNNER:
        raise Conflict(f"{runner.name} is in the race.")
    price = f" at {words.as_typed(runner.withdrawn_price)}" if runner.withdrawn_price else ""
    at = f"{words.clock(runner.withdrawn_at, race.meeting.zone)}" if runner.withdrawn_at else ""
    return render_template(
        "staff/sure.html",
        question=f"Put {runner.name} back?",
        crumb=(url_for("staff.race", race_id=race_id), race_name(race)),
        sentences=[
            f"It came out at {at}{price}. Rule 4 for it falls away, and it is back without prices.",
            "Prices that were cut or removed with it stay as they are. Where nothing moved since, undo the last"
            " change instead: that brings its prices back too.",
        ],
        action=url_for("staff.reinstate", race_id=race_id, runner_id=runner_id),
        fields={},
        button="Put back",
    )


@blueprint.post("/races/<race_id>/runners/<runner_id>/reinstate")
@staff_only
def reinstate(race_id: str, runner_id: str) -> Answer:
    """Put the runner back."""
    races.reinstate(race_id, runner_id, g.user)
    return back(race_id, f"{_runner(race_id, runner_id)[1].name} is back in the race, without prices.")


def _runner(race_id: str, runner_id: str) -> tuple[Race, Runner]:
    race = racecards.card(race_id)
    return race, runner_at(race, runner_id)
