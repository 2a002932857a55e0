"""The form in which staff tell something to one user, or to all who watch a race."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import InvalidInput, KeyReused, RacingError
from racing.models import User
from racing.services import accounts, notifications, publication, racecards, words_to_watchers
from racing.services.cards import SLUG
from racing.services.idempotency import Once
from racing.views.addresses import fit_to_open
from racing.views.declared import staff_only
from racing.views.published import paragraphs, race_name
from racing.views.staff import blueprint
from racing.views.staff.race_choice import chosen_race, race_choice

FIELDS = ("to", "email", "raceId", "otherRace", "runnersToo", "title", "body", "url", "key")
KIND = "message"
_NO_RACE = "Choose the race."
_NO_ADDRESS = "Give a path of this site (/...) or an address that begins with https://."
Answer = str | Response | tuple[str, int]
Typed = dict[str, str]


@blueprint.get("/notify", endpoint="notify")
@staff_only
def form() -> Answer:
    """Show the form, to the watchers of `race` where the address names one."""
    race_id = request.args.get("race", "")
    return _page({**dict.fromkeys(FIELDS, ""), "to": "race" if race_id else "user", "raceId": race_id})


@blueprint.post("/notify")
@staff_only
def send_notification() -> Answer:
    """Send it, or say who would get it; what is refused comes back beside its field, with all that was typed."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        if request.form.get("do") != "send":
            return _page(typed, to_whom=_to_whom(typed))
        once = Once(g.user, typed["key"], json.dumps(typed).encode())
        told = _tell_watchers(typed, once) if typed["to"] == "race" else _tell_user(typed, once)
    except KeyReused as error:
        return _page(typed, refused="This form was sent already. Send it again to tell it once more."), error.status
    except RacingError as error:
        refused = "Nobody is told: look at the fields marked." if error.fields else error.message
        return _page(typed, refused=refused, wrong=error.fields), error.status
    flash(told)
    return redirect(url_for("staff.notify"), 303)


def _to_whom(typed: Typed) -> str:
    """Return who would get it. Raises InvalidInput, also for a text or an address that would be refused."""
    publication.fit_texts({"title": typed["title"], "body": typed["body"]}, notifications.LONGEST)
    _address(typed)
    if typed["to"] != "race":
        return f"It goes to {_addressee(typed).email}."
    race = racecards.card(_race_id(typed))
    count = words_to_watchers.watchers(race, of_runners_too=bool(typed["runnersToo"]))
    if not count:
        raise InvalidInput(words_to_watchers.NOBODY, {"raceId": words_to_watchers.NOBODY})
    return f"It goes to {_users(count)} watching the {race_name(race)}."


def _tell_user(typed: Typed, once: Once) -> str:
    user, url = _addressee(typed), _address(typed)
    email = user.email
    notifications.notify(user, KIND, typed["title"], typed["body"], url, g.user, once)
    return f"{email} is told."


def _tell_watchers(typed: Typed, once: Once) -> str:
    race_id, too = _race_id(typed), bool(typed["runnersToo"])
    url = _address(typed) or url_for("punters.race", race_id=race_id)
    told = words_to_watchers.tell_watchers(
        race_id, typed["title"], typed["body"], url, g.user, once, of_runners_too=too
    )
    return f"{_users(told)} {'is' if told == 1 else 'are'} told."


def _addressee(typed: Typed) -> User:
    return notifications.addressee(email=accounts.normal_email(typed["email"]))


def _users(count: int) -> str:
    return "1 user" if count == 1 else f"{count:,} users"


def _race_id(typed: Typed) -> str:
    race_id = chosen_race(typed)
    if race_id is None:
        raise InvalidInput(_NO_RACE, {"raceId": _NO_RACE})
    if not SLUG.fullmatch(race_id) or not racecards.races([race_id]):
        sentence = f"There is no race '{race_id[:80]}'."
        raise InvalidInput(sentence, {"raceId": sentence})
    return race_id


def _address(typed: Typed) -> str | None:
    url = typed["url"].strip()
    if url and (len(url) > 500 or not fit_to_open(url)):
        raise InvalidInput(_NO_ADDRESS, {"url": _NO_ADDRESS})
    return url or None


def _page(typed: Typed, to_whom: str = "", refused: str = "", wrong: Mapping[str, Any] | None = None) -> str:
    return render_template(
        "staff/notify.html",
        typed={**typed, "key": uuid4().hex},
        choice=race_choice(typed),
        to_whom=to_whom,
        refused=refused,
        wrong=wrong or {},
        paragraphs=paragraphs(typed["body"]),
    )
