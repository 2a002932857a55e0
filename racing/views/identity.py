"""Who is asking the API: the user behind a token, or behind an API key."""

from typing import Any, cast

from flask import g, request
from flask_jwt_extended import get_jwt, verify_jwt_in_request

from racing.errors import TokenInvalid, Unauthorized
from racing.models import User
from racing.realtime.identities import Identity
from racing.services import api_keys, audit, sign_ins
from racing.services.sign_ins import SignIn
from racing.views import page_session


def token_user() -> User:
    """Return the user of the token in the Authorization header. Raises what makes 401 where there is none."""
    g.user = sign_ins.holder(header_sign_in())
    return cast(User, g.user)


def refresh_user() -> User:
    """Return the user of the refresh token there, spent or not. Raises what makes 401 where there is none."""
    return sign_ins.holder(header_sign_in("refresh")._replace(jti=None))


def header_sign_in(kind: str = "access") -> SignIn:
    """Return what the token in the Authorization header says. Raises what makes 401, not whether it still counts."""
    if _bearer().startswith(api_keys.MARK) or ("X-API-Key" in request.headers and not _bearer()):
        raise TokenInvalid("This takes the token of somebody signed in, not an API key.")
    verify_jwt_in_request(locations=["headers"], verify_type=False)
    return sign_ins.of_claims(get_jwt(), kind)


def writing_user() -> User:
    """Return the user of the API key (X-API-Key, or as bearer), else of the token. Raises what makes 401.

    What the request changes is noted as made with that key.
    """
    bearer, secret = _bearer(), request.headers.get("X-API-Key")
    if secret is not None and bearer not in ("", secret):
        raise TokenInvalid("Send a token or an API key: with both nobody can say who writes.")
    if secret is None:
        if not bearer:
            raise Unauthorized("Sign in first: send a token, or an API key.")
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
    return _identity(sign_ins.read(token))


def page_identity(cookie: str | None) -> Identity | None:
    """Return who a page's cookie says somebody is, None where it is none, or old: nobody is refused for that."""
    sign_in = page_session.of_cookie(cookie)
    try:
        return None if sign_in is None else _identity(sign_in)
    except TokenInvalid:
        return None


def _identity(sign_in: SignIn) -> Identity:
    sign_ins.holder(sign_in)
    return Identity(sign_in.user_id, sign_in.expires_at, sign_in.grants, sign_in.epoch)
