"""Tokens for callers of the API."""

from typing import Any

from flask import Response, jsonify
from flask_limiter.util import get_remote_address

from racing.errors import Unauthorized
from racing.extensions import asking_network, limiter
from racing.realtime.messages import instant
from racing.services import accounts, token_pairs
from racing.services.token_pairs import TokenPair
from racing.services.wrong_passwords import SCOPE, limits_by_address
from racing.views.api import answers, blueprint
from racing.views.api.bodies import LoginBody, read
from racing.views.api.documented import documented
from racing.views.declared import by_refresh_token, by_token, way_in
from racing.views.identity import header_sign_in


@blueprint.post("/auth/login")
@documented(answers.Tokens, body=LoginBody, refuses=(Unauthorized,), limited=True)
# Counted where a password turns out to be wrong (services/wrong_passwords.py); here it is stated on the answer.
@limiter.shared_limit(limits_by_address, scope=SCOPE, key_func=asking_network, deduct_when=lambda _response: False)
@way_in
def login() -> Response:
    """Return tokens for an e-mail address and its password."""
    body = read(LoginBody)
    return jsonify(_told(token_pairs.begin(accounts.sign_in(body.email, body.password, get_remote_address()))))


@blueprint.post("/auth/refresh")
@documented(answers.Tokens)
@by_refresh_token
def refresh() -> Response:
    """Return new tokens for a refresh token, which is spent by it."""
    return jsonify(_told(token_pairs.renew(header_sign_in("refresh"))))


@blueprint.post("/auth/logout")
@documented(answers.Sentence)
@by_token
def logout() -> Response:
    """End the session: its access token and its refresh token are taken back."""
    token_pairs.end(header_sign_in())
    return jsonify(message="You are signed out.")


def _told(pair: TokenPair) -> dict[str, Any]:
    return {"accessToken": pair.access, "refreshToken": pair.refresh, "expiresAt": instant(pair.expires_at)}
