"""Whom a token stands for: what it says, read strictly, and whether it still counts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import ExpiredSignatureError, PyJWTError

from racing.errors import TokenExpired, TokenInvalid
from racing.models import User
from racing.models.columns import now
from racing.services import accounts, revocations


class SignIn(NamedTuple):
    """What a token says. Tokens of one sign-in share its `session` and, on pages, its `csrf`; others have none.

    `epoch` is that of the user in which the sign-in began: 0 where the token names none.
    """

    user_id: int
    expires_at: datetime
    jti: str | None
    session: str | None
    epoch: int
    csrf: str | None

    @property
    def grants(self) -> tuple[str, ...]:
        """The ids that it stands and falls with: its own, its session's."""
        return tuple(grant for grant in (self.jti, self.session) if grant)


def read(token: str, kind: str = "access") -> SignIn:
    """Return what a token of that kind says. Raises TokenExpired, or TokenInvalid for whatever else is wrong."""
    try:
        return of_claims(decode_token(token), kind)
    except ExpiredSignatureError as error:
        raise TokenExpired("The token has expired.") from error
    except (PyJWTError, JWTExtendedException, ValueError, TypeError) as error:
        raise TokenInvalid("The token is not valid.") from error


def of_claims(claims: Mapping[str, Any], kind: str = "access") -> SignIn:
    """Return what the claims of a token say whose signature was looked at. Raises TokenInvalid."""
    if claims.get("type") != kind:
        raise TokenInvalid(f"This is no {kind} token.")
    try:
        return SignIn(
            _user_id(claims["sub"]),
            datetime.fromtimestamp(claims["exp"], UTC),
            _text(claims, "jti"),
            _text(claims, "session"),
            int(claims.get("epoch", 0)),
            _text(claims, "csrf"),
        )
    except (ValueError, KeyError, TypeError, ArithmeticError, OSError) as error:
        raise TokenInvalid("The token is not valid.") from error


def holder(sign_in: SignIn) -> User:
    """Return the user that is signed in with it.

    Raises TokenInvalid where it was taken back, its user has signed out everywhere since, is disabled or is gone.
    """
    user = accounts.active_user(sign_in.user_id)
    if user is None or sign_in.epoch < user.token_epoch or revocations.is_revoked(sign_in.grants):
        raise TokenInvalid("The token was taken back, or its user is gone.")
    return user


def end_all(user: User) -> int:
    """Begin a new epoch, in the running change, and return it: no token given until now counts after it.

    Whoever calls it tells the connections after the commit: `identities.end(users={user_id: epoch})`.
    """
    user.token_epoch += 1
    user.signed_out_at = now()
    return user.token_epoch


def _user_id(text: str) -> int:
    user_id = int(text)
    if not 0 < user_id < 2**31:  # beyond it the database is asked for nobody, and fails
        raise ValueError("no user has that id")
    return user_id


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return None if value is None else str(value)
