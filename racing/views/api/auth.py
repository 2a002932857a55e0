"""Tokens for callers of the API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Response, current_app, g, jsonify
from flask_jwt_extended import create_access_token, create_refresh_token, decode_token, get_jwt
from flask_limiter.util import get_remote_address

from racing.errors import TokenInvalid, Unauthorized
from racing.extensions import limiter
from racing.models import User
from racing.realtime.messages import instant
from racing.services import accounts
from racing.views.api import answers, blueprint
from racing.views.api.bodies import LoginBody, read
from racing.views.api.documented import documented
from racing.views.declared import by_refresh_token, by_token, way_in


def failed_logins() -> str:
    """The limit on wrong passwords; right ones do not count."""
    return f"{current_app.config['FAILED_LOGINS_PER_MINUTE']}/minute"


@blueprint.post("/auth/login")
@documented(answers.Tokens, body=LoginBody, refuses=(Unauthorized,), limited=True)
@limiter.limit(
    failed_logins, key_func=get_remote_address, deduct_when=lambda response: response.status_code == 401, scope="login"
)
@way_in
def login() -> Response:
    """Return tokens for an e-mail address and its password."""
    body = read(LoginBody)
    return jsonify(_tokens(accounts.sign_in(body.email, body.password), str(uuid4())))


@blueprint.post("/auth/refresh")
@documented(answers.Tokens)
@by_refresh_token
def refresh() -> Response:
    """Return new tokens for a refresh token, which is spent by it."""
    claims = get_jwt()
    # Spent before the new ones are made: of two that come at once with one token, one is refused.
    if not accounts.revoke(claims["jti"], datetime.fromtimestamp(claims["exp"], UTC)):
        raise TokenInvalid("The token was used already.")
    return jsonify(_tokens(g.user, claims["session"]))


@blueprint.post("/auth/logout")
@documented(answers.Sentence)
@by_token
def logout() -> Response:
    """End the session: its access token and its refresh token are taken back."""
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
