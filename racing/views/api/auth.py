"""Tokens for callers of the API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Response, current_app, jsonify
from flask_jwt_extended import create_access_token, create_refresh_token, decode_token, get_jwt
from flask_limiter.util import get_remote_address

from racing.errors import TokenInvalid, Unauthorized
from racing.extensions import limiter
from racing.models import User
from racing.realtime.messages import instant
from racing.services import accounts
from racing.services.wrong_passwords import SCOPE, limits_by_address
from racing.views.api import answers, blueprint
from racing.views.api.bodies import LoginBody, read
from racing.views.api.documented import documented
from racing.views.identity import Access, token_user


@blueprint.post("/auth/login")
@documented(answers.Tokens, body=LoginBody, refuses=(Unauthorized,), limited=True)
# Counted where a password turns out to be wrong (services/wrong_passwords.py); here it is stated on the answer.
@limiter.shared_limit(limits_by_address, scope=SCOPE, key_func=get_remote_address, deduct_when=lambda _response: False)
def login() -> Response:
    """Return tokens for an e-mail address and its password."""
    body = read(LoginBody)
    return jsonify(_tokens(accounts.sign_in(body.email, body.password, get_remote_address()), str(uuid4())))


@blueprint.post("/auth/refresh")
@documented(answers.Tokens, access=Access.USER)
def refresh() -> Response:
    """Return new tokens for a refresh token, which is spent by it."""
    user = token_user(refresh=True)
    claims = get_jwt()
    # Spent before the new ones are made: of two that come at once with one token, one is refused.
    if not accounts.revoke(claims["jti"], datetime.fromtimestamp(claims["exp"], UTC)):
        raise TokenInvalid("The token was used already.")
    return jsonify(_tokens(user, claims["session"]))


@blueprint.post("/auth/logout")
@documented(answers.Sentence, access=Access.USER)
def logout() -> Response:
    """End the session: its access token and its refresh token are taken back."""
    token_user()
    longest = timedelta(seconds=current_app.config["REFRESH_TOKEN_DAYS"] * 24 * 3600)
    accounts.revoke(get_jwt()["session"], datetime.now(UTC) + longest)
    return jsonify(message="You are signed out.")


def _tokens(user: User, session: str) -> dict[str, Any]:
    claims = {"session": session}
    access = create_access_token(identity=str(user.id), additional_claims=claims)
    return {
        "accessToken": access,
        "refreshToken": create_refresh_token(identity=str(user.id), additional_claims=claims),
        "expiresAt": instant(datetime.fromtimestamp(decode_token(access)["exp"], UTC)),
    }
