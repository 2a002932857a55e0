"""Being signed in on pages: the cookies that say so, which scripts cannot read."""

from flask_jwt_extended import create_access_token, set_access_cookies, unset_jwt_cookies
from werkzeug.wrappers import Response

from racing.models import User


def begin(response: Response, user: User) -> None:
    """Let whoever gets `response` be signed in as `user` from now on, whoever it was before."""
    set_access_cookies(response, create_access_token(identity=str(user.id)))  # type: ignore[arg-type]


def end(response: Response) -> None:
    """Let whoever gets `response` forget that it was signed in."""
    unset_jwt_cookies(response)  # type: ignore[arg-type]
