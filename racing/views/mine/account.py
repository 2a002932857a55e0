"""The page of one's account: who is signed in, and the way out."""

from flask import Response, g

from racing.views.declared import Keeping, signed_in_only
from racing.views.mine import blueprint
from racing.views.mine.answers import private_page
from racing.views.punters import site_zone
from racing.views.words import day


@blueprint.get("/account")
@signed_in_only("mine.account_page", Keeping.NOBODY)
def account_page() -> Response:
    """Show who is signed in, since when it is a user, and where its settings are."""
    zone = site_zone()
    since = f"{day(g.user.created_at, zone)} {g.user.created_at.astimezone(zone).year}"
    return private_page("mine/account.html", since=since)
