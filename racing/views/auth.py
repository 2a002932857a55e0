"""Registering, signing in and out on pages: the token lives in a cookie that scripts cannot read."""

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from racing.errors import InvalidInput, LimitReached, Unauthorized
from racing.models import User
from racing.services import accounts, passwords, registrations
from racing.views import page_session
from racing.views.declared import way_in
from racing.views.hourly_limits import count_this_hour
from racing.views.retry_after import say_when
from racing.views.signed_in import page_user
from racing.views.wishes import Wish, grant, wish_of

blueprint = Blueprint("auth", __name__)
NEW_HERE = "new_here"
"""Where the session keeps the address that was registered last, until somebody signs in: it is typed once."""


@blueprint.get("/login")
@way_in
def login() -> str | AnyResponse:
    """Show the form, or go on where somebody is signed in already."""
    wish = wish_of(request.args.get("next"), request.args.get("watch"))
    if page_user() is not None:
        return redirect(wish.onward or url_for("punters.next_races"))
    return render_template("auth/login.html", wish=wish, email=session.get(NEW_HERE, ""), wrong="")


@blueprint.post("/login")
@way_in
def sign_in() -> Response | AnyResponse:
    """Sign in and go on; a wrong password gets the form again, 401, and one after too many of them 429."""
    email, wish = request.form.get("email", ""), wish_of(request.form.get("next"), request.form.get("watch"))
    try:
        user = accounts.sign_in(email, request.form.get("password", ""), get_remote_address())
    except (Unauthorized, LimitReached) as error:
        if isinstance(error, LimitReached):
            say_when(error)
        page = render_template("auth/login.html", wish=wish, email=email[:254], wrong=error.message)
        return make_response(page, error.status)
    return _signed_in(user, wish)


@blueprint.get("/register")
@way_in
def registration() -> str | AnyResponse:
    """Show the form, or go on where somebody is signed in already."""
    wish = wish_of(request.args.get("next"), request.args.get("watch"))
    if page_user() is not None:
        return redirect(wish.onward or url_for("punters.next_races"))
    return _registration_form(wish)


@blueprint.post("/register")
@way_in
def register() -> Response | AnyResponse:
    """Make the user, and lead to the log-in page; what is refused comes back beside its field.

    The answer is the same where the address is taken: who has an account is not found out by registering.
    """
    email, password = request.form.get("email", ""), request.form.get("password", "")
    wish = wish_of(request.form.get("next"), request.form.get("watch"))
    try:
        address = registrations.check(email, password)
    except InvalidInput as error:
        return make_response(_registration_form(wish, email[:254], error.fields), error.status)
    count_this_hour("registration", current_app.config["REGISTRATIONS_PER_HOUR"])
    registrations.register(address, password)
    session[NEW_HERE] = address
    flash(f"You can sign in now. If {address} had an account here already, it keeps its password.")
    onward = wish.onward or (None if wish.watch else url_for("mine.my"))
    return redirect(url_for("auth.login", next=onward, watch=wish.watch or None), 303)


def _registration_form(wish: Wish, email: str = "", wrong: Mapping[str, Any] | None = None) -> str:
    return render_template("auth/register.html", wish=wish, email=email, wrong=wrong or {}, shortest=passwords.SHORTEST)


def _signed_in(user: User, wish: Wish) -> AnyResponse:
    if session.pop(NEW_HERE, None):
        flash("Welcome to Offtime." if wish.watch else "Welcome. Watch a race with its star, and it is listed here.")
    grant(wish, user)
    home = url_for("staff.desk") if user.is_staff else url_for("punters.next_races")
    response = redirect(wish.onward or home, 303)
    page_session.begin(response, user)
    return response


@blueprint.post("/logout")
@way_in
def logout() -> AnyResponse:
    """End the sign-in and forget its cookies; nobody signed in is no error."""
    if page_user() is not None:
        flash("You are signed out.")
    response = redirect(url_for("punters.next_races"), 303)
    page_session.end(response)
    return response


@blueprint.get("/session")
@way_in
def renewed() -> tuple[str, int]:
    """Answer 204 where somebody is signed in, with new cookies where they were due; 401 where nobody is."""
    return "", 401 if page_session.current() is None else 204
