"""Who looks at a page: the user behind the cookie, if any."""

from flask import g
from flask_jwt_extended import get_jwt_identity, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError

from racing.models import User
from racing.services import accounts


def page_user() -> User | None:
    """Return who is signed in on this page, None where nobody is; asked once a request."""
    if "page_user_id" not in g:
        g.page_user_id = _cookie_identity()
    return None if g.page_user_id is None else accounts.active_user(g.page_user_id)


def _cookie_identity() -> int | None:
    try:
        found = verify_jwt_in_request(locations=["cookies"], optional=True)
    except (JWTExtendedException, PyJWTError):
        # An old cookie is no error on a page that all may read: whoever holds it is simply signed out.
        return None
    # The library looks for nobody behind OPTIONS.
    return None if found is None else int(get_jwt_identity())
