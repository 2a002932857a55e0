"""The keys with which feeds write: made, shown once, revoked. For admins."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from racing.errors import InvalidInput
from racing.models import ApiKey
from racing.services import api_keys
from racing.views import words
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.signed_in import admin_only
from racing.views.staff import blueprint


class KeyLine(NamedTuple):
    """A key as the list shows it; times in words of the site's zone, `used` empty where it never was."""

    id: int
    name: str
    prefix: str
    email: str
    made: str
    used: str
    used_from: str
    revoked: str
    is_dead: bool


@blueprint.get("/keys", endpoint="keys")
@admin_only
def page() -> str:
    """List them, with the form for a new one."""
    return _drawn()


@blueprint.post("/keys")
@admin_only
def make_key() -> Response:
    """Make a key, and show its secret on this one answer; what is refused comes back beside its field."""
    typed = {name: request.form.get(name, "") for name in ("name", "email")}
    try:
        made = api_keys.make(typed["name"], typed["email"], g.user)
    except InvalidInput as error:
        return make_response(_drawn(typed=typed, wrong=error.fields), error.status)
    answer = make_response(_drawn(secret=made.secret), 201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/keys/<int(max=2147483647):key_id>/revoke")
@admin_only
def revoke_key(key_id: int) -> AnyResponse:
    """Revoke a key, for good."""
    key = api_keys.revoke(key_id, g.user)
    flash(f"{key.name} ({key.prefix}…) is revoked: it writes nothing any more.")
    return redirect(url_for("staff.keys"), 303)


def _drawn(
    secret: str | None = None, typed: Mapping[str, str] | None = None, wrong: Mapping[str, Any] | None = None
) -> str:
    return render_template(
        "staff/keys.html",
        lines=[_line(key) for key in api_keys.every_key()],
        users=[user.email for user in api_keys.fit_users()],
        secret=secret,
        typed=typed or {"name": "", "email": ""},
        wrong=wrong or {},
        longest=api_keys.LONGEST_NAME,
    )


def _line(key: ApiKey) -> KeyLine:
    return KeyLine(
        key.id,
        key.name,
        key.prefix,
        key.user.email,
        _when(key.created_at),
        _when(key.last_used_at),
        key.last_used_from or "",
        _when(key.revoked_at),
        is_dead=key.revoked_at is not None or key.user.disabled_at is not None,
    )


def _when(at: Any) -> str:
    return "" if at is None else f"{words.day(at, site_zone(), now())} {words.clock(at, site_zone())}"
