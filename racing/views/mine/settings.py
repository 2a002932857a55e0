"""How a reader wants pages: kept with the user who is signed in, and on the device in cookies."""

from typing import Any

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from racing.errors import InvalidInput
from racing.extensions import csrf
from racing.models import OddsFormat
from racing.services import user_settings
from racing.services.user_settings import Chosen
from racing.views.declared import for_anyone
from racing.views.forms import chosen as chosen_word
from racing.views.mine import blueprint
from racing.views.mine.answers import done, private_page
from racing.views.mine.settings_form import COMMON_ZONES, read, typed_now, zones_by_area
from racing.views.reader import ODDS_FORMAT_COOKIE, POP_UPS_COOKIE, THEME_COOKIE, ZONE_COOKIE, Reader, reader
from racing.views.signed_in import page_user

YEAR_S = 365 * 24 * 3600


@blueprint.get("/settings")
@for_anyone
def settings() -> Response:
    """Show what the reader has chosen, to be changed."""
    return _page(typed_now(reader(), is_user=page_user() is not None), {})


@blueprint.post("/settings")
@for_anyone
def save_settings() -> Response:
    """Keep the reader's choices; what makes no sense comes back beside its field, and nothing is kept."""
    try:
        chosen = read(request.form, reader(), with_quiet=page_user() is not None)
    except InvalidInput as error:
        return _page(request.form, error.fields, error.status)
    flash("Your settings are kept." if page_user() else "Your settings are kept on this device.")
    return _keep(redirect(url_for("mine.settings"), 303), chosen)


@blueprint.post("/settings/odds-format")
@csrf.exempt
@for_anyone
def save_odds_format() -> Response:
    """Keep the odds format alone, and go back to the page of prices. Raises InvalidInput where it is no format.

    The form of the signed-out has no token: pages of prices would need a session for it, and nothing is theirs here.
    """
    if page_user() is not None:
        csrf.protect()
    chosen = _chosen(reader(), chosen_word(request.form, "odds_format", OddsFormat))
    said = f"Odds are shown as {chosen.odds_format} now."
    return _keep(done(said, url_for("mine.settings"), oddsFormat=chosen.odds_format), chosen)


def _chosen(now: Reader, odds_format: OddsFormat) -> Chosen:
    # All of it: with its first row a user's settings no longer come out of this device's cookies.
    return Chosen(odds_format, now.theme, now.zone.key if now.zone else None, now.quiet, now.pop_ups)


def _keep(response: Response, chosen: Chosen) -> Response:
    """Keep what was chosen with the user, if any, and here: pages of the signed-out, and errors, look the same."""
    user = page_user()
    if user is not None:
        user_settings.save(user.id, chosen)
    kept = {
        ODDS_FORMAT_COOKIE: chosen.odds_format.value,
        THEME_COOKIE: chosen.theme.value,
        ZONE_COOKIE: chosen.time_zone or "",
        POP_UPS_COOKIE: chosen.pop_ups.value,
    }
    for name, value in kept.items():
        response.set_cookie(
            name, value, max_age=YEAR_S, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
        )
    return response


def _page(typed: Any, wrong: dict[str, Any], status: int = 200) -> Response:
    return private_page(
        "mine/settings.html", status, typed=typed, wrong=wrong, common_zones=COMMON_ZONES, zones=zones_by_area()
    )
