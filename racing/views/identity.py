"""Who is asking the API: the user behind a token, or behind an API key."""

from datetime import UTC, datetime
from typing import Any

from flask import g, request
from flask_jwt_extended import decode_token, get_jwt_identity, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import ExpiredSignatureError, PyJWTError

from racing.errors import TokenExpired, TokenInvalid
from racing.models import User
from racing.realtime.identities import Identity
from racing.services import accounts, api_keys, audit


def token_user(*, refresh: bool = False) -> User:
    """Return the user of the token in the Authorization header. Raises what makes 401 where there is none."""
    if _bearer().startswith(api_keys.MARK):
        raise TokenInvalid("This takes the token of somebody signed in, not an API key.")
    verify_jwt_in_request(locations=["headers"], refresh=refresh)
    user = accounts.active_user(int(get_jwt_identity()))
    if user is None:
        raise TokenInvalid("The user of this token is gone.")
    g.user = user
    return user


def writing_user() -> User:
    """Return the user of the API key (X-API-Key, or as bearer), else of the token. Raises what makes 401.

    What the request changes is noted as made with that key.
    """
    bearer, secret = _bearer(), request.headers.get("X-API-Key")
    if secret is not None and bearer not in ("", secret):
        raise TokenInvalid("Send a token or an API key: with both nobody can say who writes.")
    if secret is None:
        if not bearer.startswith(api_keys.MARK):
            return token_user()
        secret = bearer
    key = api_keys.use(secret, audit.origin().address)
    if key is None:
        raise TokenInvalid("The API key is not valid: it is none of ours, was revoked, or its user is disabled.")
    audit.comes_from(audit.origin()._replace(api_key_id=key.id))
    g.user = key.user
    return key.user


def _bearer() -> str:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""


def identity_of(token: Any) -> Identity:
    """Return who an access token says somebody is. Raises TokenExpired, or TokenInvalid for whatever else is wrong."""
    if not isinstance(token, str):
        raise TokenInvalid("A token is a string.")
    if token.startswith(api_keys.MARK):
        raise TokenInvalid("An API key writes over HTTP and opens no connection: sign in, and send the access token.")
    try:
        claims = decode_token(token)
        user_id, expires_at = int(claims["sub"]), datetime.fromtimestamp(claims["exp"], UTC)
    except ExpiredSignatureError as error:
        raise TokenExpired("The token has expired.") from error
    except (PyJWTError, JWTExtendedException, ValueError, KeyError, TypeError) as error:
        raise TokenInvalid("The token is not valid.") from error
    if claims["type"] != "access":
        raise TokenInvalid("This is not an access token.")
    if accounts.is_revoked(claims["jti"], claims.get("session")) or accounts.active_user(user_id) is None:
        raise TokenInvalid("The token was taken back, or its user is gone.")
    grants = tuple(grant for grant in (claims["jti"], claims.get("session")) if grant)
    return Identity(user_id, expires_at, grants)
