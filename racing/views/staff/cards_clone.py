"""Yesterday's card again: looked at first, then declared exactly so, all or none."""

from datetime import date, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import RacingError
from racing.services import card_plans
from racing.services.card_clones import clones
from racing.services.card_plans import Plan
from racing.views.declared import staff_only
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.staff import blueprint
from racing.views.staff.cards import day_asked, day_in_words
from racing.views.staff.cards_plan import carry_out, preview

Answer = str | Response | tuple[str, int]


@blueprint.get("/cards/clone")
@staff_only
def clone_cards() -> Answer:
    """Show what the day asked for (yesterday's) would be on another (today)."""
    return _page(*_days(request.args.get("day"), request.args.get("onto")))


@blueprint.post("/cards/clone")
@staff_only
def write_clones() -> Answer:
    """Declare what was looked at."""
    day, onto = _days(request.form.get("day"), request.form.get("onto"))
    plan = _plan(day, onto)
    if not plan.new:
        return _page(day, onto, "There is nothing to declare."), 422
    try:
        carry_out(plan, request.form.get("mark", ""), g.user)
    except RacingError as error:
        return _page(day, onto, error.message), error.status
    flash(f"Declared: {preview(plan).summary}.")
    return redirect(url_for("staff.cards", day=onto), 303)


def _days(day: str | None, onto: str | None) -> tuple[date, date]:
    today = now().astimezone(site_zone()).date()
    return day_asked(day, today - timedelta(days=1)), day_asked(onto, today)


def _plan(day: date, onto: date) -> Plan:
    cards = clones(day, onto)
    return card_plans.plan(cards, {card.race_id for card in cards})


def _page(day: date, onto: date, refused: str = "") -> str:
    return render_template(
        "staff/cards_clone.html",
        day=day,
        onto=onto,
        day_words=day_in_words(day),
        onto_words=day_in_words(onto),
        refused=refused,
        preview=preview(_plan(day, onto)),
    )
