"""What one reader watches, and the forms that add to it and take from it."""

from flask import Response

from racing.views.mine import blueprint
from racing.views.mine.answers import private_page
from racing.views.signed_in import page_user


@blueprint.get("/my")
def my() -> Response:
    """Show what the reader watches and waits for; to the signed-out, what there would be."""
    if page_user() is None:
        return private_page("mine/offer.html")
    return private_page("mine/my.html")
