"""The card of a race on the desk, to be edited: nobody's change is written over unseen."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import InvalidInput, RacingError, StaleCard
from racing.models import Race
from racing.services import card_fields, racecards
from racing.services.card_edits import FieldChange, edit_card
from racing.services.card_fields import DETAIL_FIELDS, TITLE_FIELDS, CardField, one_line
from racing.statuses import BEFORE_THE_OFF
from racing.views import words
from racing.views.declared import staff_only
from racing.views.staff import blueprint
from racing.views.staff.cards_form import (
    MORE_ROWS,
    NOTHING_BESIDE,
    Beside,
    TypedRow,
    blank_rows,
    declared,
    drawn,
    drawn_row,
    race_texts,
    runner_texts,
    typed,
    typed_rows,
)

Answer = str | Response | tuple[str, int]
Seen = dict[str, dict[str, str]]
_RACE = ""
"""Under which the race's own fields are among what the editor saw; the others are by runner id."""
_MARKED = "Nothing is saved: look at the fields marked."
_NOT_OURS = "This form does not say which card it shows. Reload the page."


@blueprint.get("/cards/<race_id>", endpoint="edit_card")
@staff_only
def edit(race_id: str) -> Answer:
    """Show the card as it stands."""
    race = racecards.card(race_id)
    return _page(race, race_texts(race), _rows(race), _standing(race))


@blueprint.post("/cards/<race_id>")
@staff_only
def save_card(race_id: str) -> Answer:
    """Save what was changed; what is refused comes back beside its field, with all that was typed."""
    race, texts = racecards.card(race_id), typed(request.form, TITLE_FIELDS)
    seen, rows = _seen(request.form.get("seen", "")), typed_rows(request.form)
    if request.form.get("do") == "rows":
        last = max((row.slot for row in rows), default=-1)
        return _page(race, texts, [*rows, *blank_rows(last, MORE_ROWS)], seen)
    try:
        before, version = race.version, _save(race, texts, rows, seen)
    except StaleCard as error:
        # What stands now has been seen from here on: saved again, it is written over.
        race = racecards.card(race_id)
        moved = _moved(error.fields, seen, rows)
        return _page(race, texts, rows, _standing(race), error.message, Beside({}, moved)), error.status
    except RacingError as error:
        beside = Beside(error.fields, {})
        return _page(
            racecards.card(race_id), texts, rows, seen, words.statuses_in_words(error.message), beside
        ), error.status
    flash("The card is saved." if version > before else "Nothing to save: the card stands like this.")
    return redirect(url_for("staff.edit_card", race_id=race_id), 303)


def _save(race: Race, texts: Mapping[str, str], rows: Sequence[TypedRow], seen: Seen) -> int:
    changes, wrong = _changes(None, TITLE_FIELDS, texts, seen.get(_RACE, {}), "")
    for row in rows:
        if row.runner_id:
            prefix, was = f"runner-{row.slot}-", seen.get(row.runner_id, {})
            changed, wrong_here = _changes(row.runner_id, DETAIL_FIELDS, row.texts, was, prefix)
            changes += changed
            wrong |= wrong_here
    added, wrong_of_new = declared(rows, [runner.runner_id for runner in race.runners])
    wrong |= wrong_of_new
    if wrong:
        raise InvalidInput(_MARKED, wrong)
    return edit_card(race.id, changes, added, g.user)


def _changes(
    runner_id: str | None, fields: Sequence[CardField], texts: Mapping[str, str], was: Mapping[str, str], prefix: str
) -> tuple[list[FieldChange], dict[str, str]]:
    """Return what the editor changed, and what of that is wrong by field id."""
    changed = [each for each in fields if one_line(texts[each.name]) != one_line(was.get(each.name, ""))]
    values, wrong = card_fields.read(changed, texts)
    changes = [
        FieldChange(runner_id, each.name, was.get(each.name, ""), values[each.attribute])
        for each in changed
        if each.name not in wrong
    ]
    return changes, {f"{prefix}{name}": sentence for name, sentence in wrong.items()}


def _seen(text: str) -> Seen:
    """Return what the form said that it showed. Raises InvalidInput where it is not ours."""
    try:
        seen = json.loads(text)
        fields_of = {str(of): {str(name): str(value) for name, value in told.items()} for of, told in seen.items()}
        _as_json(fields_of).encode()  # half a character, written as an escape, could not be sent back
    except (ValueError, AttributeError, RecursionError) as error:
        raise InvalidInput(_NOT_OURS) from error
    return fields_of


def _as_json(seen: Seen) -> str:
    return json.dumps(seen, ensure_ascii=False, separators=(",", ":"))


def _standing(race: Race) -> Seen:
    return {_RACE: race_texts(race), **{runner.runner_id: runner_texts(runner) for runner in race.runners}}


def _rows(race: Race) -> list[TypedRow]:
    return [TypedRow(place, each.runner_id, runner_texts(each)) for place, each in enumerate(race.runners)]


def _moved(stale: Mapping[str, Any], seen: Seen, rows: Sequence[TypedRow]) -> dict[str, str]:
    """Return what to say beside each field that somebody else has changed, by field id."""
    slots = {row.runner_id: row.slot for row in rows}
    moved = {}
    for place, standing in stale.items():
        runner_id, _, name = place.rpartition("/")
        field_id = f"runner-{slots[runner_id]}-{name}" if runner_id else name
        was = seen.get(runner_id, {}).get(name, "")
        moved[field_id] = f"Now {standing or 'nothing'}; it was {was or 'nothing'} when you opened the form."
    return moved


def _page(
    race: Race,
    texts: Mapping[str, str],
    rows: Sequence[TypedRow],
    seen: Seen,
    refused: str = "",
    beside: Beside = NOTHING_BESIDE,
) -> str:
    zone, runners = race.meeting.zone, {runner.runner_id: runner for runner in race.runners}
    # A new runner that another form has saved meanwhile is not in this one: it comes with the next.
    return render_template(
        "staff/card_edit.html",
        race=race,
        off_clock=words.clock(race.off_time, zone),
        off_day=f"{race.off_time.astimezone(zone):%A %-d %B %Y}",
        refused=refused,
        fields=drawn(TITLE_FIELDS, texts, beside),
        rows=[drawn_row(row, runners.get(row.runner_id), beside) for row in rows],
        seen=_as_json(seen),
        takes_more=race.status in BEFORE_THE_OFF,
        more_rows=MORE_ROWS,
    )
