"""Who is asking: the user behind a token in the header (API) or in the cookie (pages)."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app, g
from flask_jwt_extended import get_jwt_identity, verify_jwt_in_request

from racing.errors import Forbidden, TokenInvalid
from racing.extensions import limiter
from racing.models import User
from racing.services import accounts

P = ParamSpec("P")
R = TypeVar("R")


def token_user(*, refresh: bool = False) -> User:
    """Return the user of the token in the Authorization header. Raises what makes 401 where there is none."""
    verify_jwt_in_request(locations=["headers"], refresh=refresh)
    user = accounts.active_user(int(get_jwt_identity()))
    if user is None:
        raise TokenInvalid("The user of this token is gone.")
    g.user = user
    return user


def writer(view: Callable[P, R]) -> Callable[P, R]:
    """Let staff and feeds through, as fast as WRITES_PER_SECOND; the user is `g.user`."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        user = token_user()
        if not user.may_write_odds:
            raise Forbidden("This is for staff and feeds.")
        limit = f"{current_app.config['WRITES_PER_SECOND']}/second"
        with limiter.limit(limit, key_func=lambda: f"user:{user.id}", scope="writes"):
            return view(*args, **kwargs)

    return guarded
