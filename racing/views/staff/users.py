"""The users: found, made, given a role, let in or kept out. For admins."""

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import Conflict, InvalidInput, RacingError
from racing.models import Role, User
from racing.services import accounts, passwords, user_admin
from racing.services.user_admin import MOST_FOUND, Wanted
from racing.views import words
from racing.views.declared import admin_only
from racing.views.forms import chosen
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.staff import blueprint

Answer = str | Response | tuple[str, int]
ROLE_WORDS = {
    Role.PUNTER: "watches races",
    Role.FEED: "writes prices and results, by token or key",
    Role.STAFF: "has the staff desk",
    Role.ADMIN: "has the desk, users and keys",
}
STATES = {"": None, "active": False, "disabled": True}


@blueprint.get("/users", endpoint="users")
@admin_only
def page() -> str:
    """List those wanted, with the form for a new one."""
    return _drawn()


@blueprint.post("/users")
@admin_only
def make_user() -> Answer:
    """Make a user; what is refused comes back beside its field, all but the password."""
    typed = {name: request.form.get(name, "") for name in ("email", "role")}
    try:
        made = accounts.create_user(
            typed["email"], request.form.get("password", ""), chosen(typed, "role", Role), by=g.user
        )
    except InvalidInput as error:
        return _drawn(typed, error.fields or {"role": error.message}), error.status
    except Conflict as error:
        return _drawn(typed, {"email": error.message}), error.status
    flash(f"{made.email} may sign in: {made.role}.")
    return redirect(url_for("staff.users"), 303)


@blueprint.get("/users/<int(max=2147483647):user_id>", endpoint="user")
@admin_only
def one(user_id: int) -> str:
    """Show one user, with what may be changed of it."""
    return _drawn_one(user_admin.user(user_id))


@blueprint.post("/users/<int(max=2147483647):user_id>/role")
@admin_only
def change_role(user_id: int) -> Answer:
    """Give a user another role."""
    try:
        changed = user_admin.change_role(user_id, chosen(request.form, "role", Role), g.user)
    except (Conflict, InvalidInput) as error:
        return _refused(user_id, error)
    return _done(user_id, f"{changed.email} is {changed.role} now.")


@blueprint.post("/users/<int(max=2147483647):user_id>/way-in")
@admin_only
def change_way_in(user_id: int) -> Answer:
    """Close a user's way in, or open it again."""
    try:
        if request.form.get("do") == "enable":
            return _done(user_id, f"{user_admin.enable(user_id, g.user).email} may sign in again.")
        return _done(user_id, f"{user_admin.disable(user_id, g.user).email} can no longer sign in.")
    except Conflict as error:
        return _refused(user_id, error)


def _done(user_id: int, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("staff.user", user_id=user_id), 303)


def _refused(user_id: int, error: RacingError) -> Answer:
    return _drawn_one(user_admin.user(user_id), error.message), error.status


def _drawn_one(user: User, refused: str = "") -> str:
    return render_template("staff/user.html", line=_line(user), roles=ROLE_WORDS, refused=refused)


def _drawn(typed: Mapping[str, str] | None = None, wrong: Mapping[str, Any] | None = None) -> str:
    asked = {name: request.args.get(name, "").strip()[:254] for name in ("q", "role", "state")}
    role = next((each for each in Role if each == asked["role"]), None)
    found = user_admin.find(Wanted(asked["q"], role, STATES.get(asked["state"])))
    return render_template(
        "staff/users.html",
        lines=[_line(user) for user in found[:MOST_FOUND]],
        has_more=len(found) > MOST_FOUND,
        most=MOST_FOUND,
        asked=asked,
        is_asked=any(asked.values()),
        roles=ROLE_WORDS,
        typed=typed or {"email": "", "role": Role.PUNTER.value},
        wrong=wrong or {},
        shortest=passwords.SHORTEST,
    )


def _line(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "email": user.email,
        "role": user.role.value,
        "since": words.day(user.created_at, site_zone(), now()),
        "disabled": "" if user.disabled_at is None else words.day(user.disabled_at, site_zone(), now()),
        "deleted": "" if user.deleted_at is None else words.day(user.deleted_at, site_zone(), now()),
        "is_me": user.id == g.user.id,
    }
