"""Who looks at a page: the user behind the cookie, if any."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g, redirect, request, url_for
from flask_jwt_extended import get_jwt_identity, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError
from werkzeug.wrappers import Response

from racing.errors import Forbidden
from racing.models import Role, User
from racing.services import accounts

P = ParamSpec("P")
R = TypeVar("R")


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


Onward = str | Callable[[], Mapping[str, Any]]


def signed_in_only(form_page: Onward) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let the signed-in through, as `g.user`; send others to sign in, and back after it.

    A form cannot be sent again by a redirect, so after signing in `form_page` (an endpoint) is opened anew; a function
    in its place returns what the log-in page is told of the form sent: `next`, a path, and what to `watch`.
    """

    def onward() -> Mapping[str, Any]:
        if request.method == "GET":
            return {"next": request.full_path.rstrip("?")}
        return {"next": url_for(form_page)} if isinstance(form_page, str) else form_page()

    def guard(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            user = page_user()
            if user is None:
                return redirect(url_for("auth.login", **onward()))
            g.user = user
            return view(*args, **kwargs)

        return guarded

    return guard


def staff_only(view: Callable[P, R]) -> Callable[P, R | Response]:
    """As `signed_in_only`, for staff. Raises Forbidden for others."""

    @signed_in_only("staff.desk")
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not g.user.is_staff:
            raise Forbidden("The staff desk is for staff.")
        return view(*args, **kwargs)

    return guarded


def admin_only(view: Callable[P, R]) -> Callable[P, R | Response]:
    """As `staff_only`, for admins alone."""

    @staff_only
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if g.user.role is not Role.ADMIN:
            raise Forbidden("This room of the staff desk is for admins.")
        return view(*args, **kwargs)

    return guarded
