"""The form with which staff declare a race and its runners."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import InvalidInput, RacingError
from racing.services import card_fields, card_ids, card_plans, meetings, race_lists
from racing.services.card_fields import MOST_RUNNERS, RACE_FIELDS
from racing.services.cards import RaceDeclared, declare_race
from racing.views.declared import staff_only
from racing.views.race_cards import now
from racing.views.staff import blueprint
from racing.views.staff.cards_form import (
    MORE_ROWS,
    Beside,
    TypedRow,
    blank_rows,
    declared,
    drawn,
    drawn_row,
    typed,
    typed_rows,
)

Answer = str | Response | tuple[str, int]
FIRST_ROWS = 8
_FIELDS = [each for each in RACE_FIELDS if each.name != "raceId"]
_MARKED = "Nothing is declared: look at the fields marked."


@blueprint.get("/cards/new")
@staff_only
def new_card() -> Answer:
    """Show the empty form."""
    return _page({}, "", blank_rows(-1, FIRST_ROWS))


@blueprint.post("/cards/new")
@staff_only
def declare_card() -> Answer:
    """Declare the race; what is refused comes back beside its field, with all that was typed."""
    texts, off_time = typed(request.form, _FIELDS), request.form.get("offTime", "")
    rows = typed_rows(request.form)
    if request.form.get("do") == "rows":
        last = max((row.slot for row in rows), default=-1)
        return _page(texts, off_time, [*rows, *blank_rows(last, MORE_ROWS)])
    try:
        card = _declared(texts, off_time, rows)
        declare_race(card, g.user)
    except RacingError as error:
        return _page(texts, off_time, rows, error), error.status
    flash(f"{card.title} is declared, with {len(card.runners)} runners.")
    return redirect(url_for("staff.edit_card", race_id=card.race_id), 303)


def _declared(texts: Mapping[str, str], off_time: str, rows: Sequence[TypedRow]) -> RaceDeclared:
    """Return the card as typed. Raises InvalidInput, or Conflict where the course has a race at that time."""
    values, wrong = card_fields.read(_FIELDS, texts)
    runners, wrong_of_runners = declared(rows)
    wrong |= wrong_of_runners
    zone = ZoneInfo(values["time_zone"] or meetings.zone_of(values["course"] or ""))
    try:
        at = card_fields.off_time(off_time, zone)
    except InvalidInput as error:
        wrong["offTime"] = error.message
    if wrong:
        raise InvalidInput(_MARKED, wrong)
    if not runners:
        raise InvalidInput("A race has at least one runner.", {"runner-0-name": "Name a horse."})
    if len(runners) > MOST_RUNNERS:
        raise InvalidInput(f"A race has at most {MOST_RUNNERS} runners.")
    race_id = card_ids.race_id(values["course"], at.astimezone(zone))
    card = RaceDeclared(race_id=race_id, off_time=at, runners=runners, **values)
    if there := card_plans.plan([card], {race_id}).there:
        sentence = f"{card.course} has a race at that time already: {there[0][1]}."
        raise InvalidInput(_MARKED, {"offTime": sentence})
    return card


def _page(texts: Mapping[str, str], off_time: str, rows: Sequence[TypedRow], error: RacingError | None = None) -> str:
    fields: dict[str, Any] = error.fields if error else {}
    beside = Beside(fields, {})
    today = now().date()
    return render_template(
        "staff/card_new.html",
        refused=error.message if error else "",
        fields=drawn(_FIELDS, texts, beside),
        off_time=off_time,
        wrong_off_time=fields.get("offTime", ""),
        rows=[drawn_row(row, beside=beside) for row in rows],
        more_rows=MORE_ROWS,
        courses=[name for name, _ in race_lists.places_of(today - timedelta(days=30), today + timedelta(days=7))],
    )
