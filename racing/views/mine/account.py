"""The room of one's account: who is signed in, another password, an end of all sign-ins, and the way out for good."""

from typing import Any

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from racing.errors import Conflict, InvalidInput, LimitReached, RacingError, Unauthorized
from racing.services import api_keys, leaving, own_account, passwords
from racing.views import page_session
from racing.views.declared import Keeping, signed_in_only
from racing.views.mine import blueprint
from racing.views.mine.answers import private_page
from racing.views.punters import site_zone
from racing.views.retry_after import say_when
from racing.views.words import day


@blueprint.get("/account")
@signed_in_only("mine.account_page", Keeping.NOBODY)
def account_page() -> Response:
    """Show who is signed in, since when it is a user, and what may be done with the account."""
    return _page()


@blueprint.post("/account/password")
@signed_in_only("mine.account_page", Keeping.NOBODY)
def change_password() -> AnyResponse:
    """Set another password; this browser stays signed in, all others do not. What is wrong comes back at its field."""
    current, new = request.form.get("current", ""), request.form.get("password", "")
    try:
        user = own_account.change_password(g.user, current, new, get_remote_address())
    except (InvalidInput, Unauthorized, LimitReached) as error:
        return _page(*_told(error))
    flash("Your password is changed. All other sign-ins have ended.")
    response = redirect(url_for("mine.account_page"), 303)
    page_session.begin(response, user)
    return response


@blueprint.post("/account/sign-outs")
@signed_in_only("mine.account_page", Keeping.NOBODY)
def sign_out_everywhere() -> AnyResponse:
    """End all sign-ins but this browser's, which begins anew."""
    user = own_account.sign_out_everywhere(g.user)
    flash("You are signed out everywhere but here.")
    response = redirect(url_for("mine.account_page"), 303)
    page_session.begin(response, user)
    return response


@blueprint.get("/account/delete")
@signed_in_only("mine.delete_page", Keeping.NOBODY)
def delete_page() -> Response:
    """Say what goes with the account and what stays, and ask for the password."""
    return _delete_page()


@blueprint.post("/account/delete")
@signed_in_only("mine.delete_page", Keeping.NOBODY)
def delete() -> AnyResponse:
    """Delete the account; a wrong password comes back beside its field, and the last admin stays."""
    try:
        leaving.leave(g.user, request.form.get("current", ""), get_remote_address())
    except (Unauthorized, LimitReached) as error:
        return _delete_page(*_told(error))
    except Conflict as error:
        return _delete_page({}, error.status)
    flash("Your account is deleted.")
    response = redirect(url_for("punters.next_races"), 303)
    page_session.end(response)
    return response


def _told(error: RacingError) -> tuple[dict[str, Any], int]:
    """Return what is wrong by field, and the status: 422 for a wrong password, since who asks is signed in."""
    if isinstance(error, LimitReached):
        say_when(error)
        return {"current": error.message}, error.status
    return error.fields, InvalidInput.status


def _page(wrong: dict[str, Any] | None = None, status: int = 200) -> Response:
    zone = site_zone()
    since = f"{day(g.user.created_at, zone)} {g.user.created_at.astimezone(zone).year}"
    keys = api_keys.count_of(g.user.id)
    return private_page(
        "mine/account.html", status, since=since, keys=keys, wrong=wrong or {}, shortest=passwords.SHORTEST
    )


def _delete_page(wrong: dict[str, Any] | None = None, status: int = 200) -> Response:
    refused = "" if leaving.may_leave(g.user) else leaving.LAST_ADMIN
    keys, days = api_keys.count_of(g.user.id), current_app.config["AUDIT_DAYS"]
    return private_page(
        "mine/account_delete.html", status, refused=refused, keys=keys, audit_days=days, wrong=wrong or {}
    )
