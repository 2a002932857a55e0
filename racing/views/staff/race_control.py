"""What staff do to a race: its status, betting, enquiry and off time, and taking the last of it back."""

from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import RacingError, TransitionForbidden
from racing.models import Race
from racing.services import racecards, races, undo
from racing.statuses import Betting, RaceStatus, may_follow
from racing.views import forms
from racing.views.declared import staff_only
from racing.views.published import race_name
from racing.views.staff import blueprint
from racing.views.staff.race import Answer, race_page
from racing.views.staff.race_forms import ASKED, status_word

_MINUTES = int(undo.ENDING_STANDS_AFTER.total_seconds() // 60)
_SENTENCES = {
    RaceStatus.WEIGHEDIN: "The result becomes final: it can be amended no more.",
    RaceStatus.ABANDONED: "The race will not be run. Its betting closes, and whoever watches it is told.",
    RaceStatus.RACEVOID: "The race does not count: no result. Its betting closes, and whoever watches it is told.",
}


@blueprint.post("/races/<race_id>/status")
@staff_only
def write_status(race_id: str) -> Answer:
    """Say where the race has got to; one with no way back is asked about first."""

    def write(_race: Race) -> str:
        status = forms.chosen(request.form, "status", RaceStatus)
        races.change_status(race_id, status, g.user)
        return f"Status: {status_word(status)}."

    status = request.form.get("status", "")
    if status in ASKED and "sure" not in request.form:
        return _ask(racecards.card(race_id), RaceStatus(status)), 422
    return written(race_id, "status", write)


@blueprint.get("/races/<race_id>/status/<any(WEIGHEDIN, ABANDONED, RACEVOID):status>")
@staff_only
def ask_status(race_id: str, status: str) -> Answer:
    """Ask whether it is meant. Raises TransitionForbidden where the race cannot get there."""
    return _ask(racecards.card(race_id), RaceStatus(status))


def _ask(race: Race, status: RaceStatus) -> str:
    if not may_follow(race.status, status):
        raise TransitionForbidden(f"A race that is {status_word(race.status)} cannot become {status_word(status)}.")
    back = url_for("staff.race", race_id=race.id)
    return render_template(
        "staff/sure.html",
        question=f"{ASKED[status]}: sure?",
        crumb=(back, race_name(race)),
        sentences=[_SENTENCES[status], f"It can be taken back for {_MINUTES} minutes, then no more."],
        action=url_for("staff.write_status", race_id=race.id),
        fields={"status": status.value},
        button=ASKED[status],
    )


@blueprint.post("/races/<race_id>/betting")
@staff_only
def write_betting(race_id: str) -> Answer:
    """Open, suspend or close the betting."""

    def write(_race: Race) -> str:
        betting = forms.chosen(request.form, "betting", Betting)
        races.change_betting(race_id, betting, g.user)
        return f"The betting is {betting}."

    return written(race_id, "betting", write)


@blueprint.post("/races/<race_id>/enquiry")
@staff_only
def write_enquiry(race_id: str) -> Answer:
    """Announce or end a stewards' enquiry."""

    def write(_race: Race) -> str:
        enquiry = request.form.get("enquiry") == "on"
        races.change_enquiry(race_id, enquiry, g.user)
        return "A stewards' enquiry is announced." if enquiry else "The stewards' enquiry is over."

    return written(race_id, "enquiry", write)


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

    return written(race_id, "off_time", write)


@blueprint.post("/races/<race_id>/undo")
@staff_only
def write_undo(race_id: str) -> Answer:
    """Take the last change of the race back, if it still is the one that was offered."""

    def write(_race: Race) -> str:
        entry_id = forms.whole_number(request.form.get("entry", ""), "This form does not say what it takes back.")
        undo.undo_last(race_id, g.user, entry_id)
        return "The last change is taken back."

    return written(race_id, "undo", write)


def written(race_id: str, form: str, write: Callable[[Race], str]) -> Answer:
    """Let `write(race)` change the race and say what it did; what the house refuses is shown beside the form."""
    try:
        said = write(racecards.card(race_id))
    except RacingError as error:
        return race_page(racecards.card(race_id), error, form=form)
    return back(race_id, said)


def back(race_id: str, said: str) -> Response:
    """Say what was done on the race's page, with the columns that its grid had."""
    flash(said)
    return redirect(url_for("staff.race", race_id=race_id, bookmaker=request.form.getlist("bookmaker")), 303)
