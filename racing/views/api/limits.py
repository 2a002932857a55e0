"""How often the API is read, and how often refused to somebody; the limit a request counted against, on its answer."""

import math
import time
from hashlib import blake2b
from typing import NamedTuple

from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError

from racing.errors import LimitReached
from racing.extensions import limiter
from racing.networks import network_of
from racing.realtime.rates import Rates, SharedAllowance

BLUEPRINT = "api"
MOST_KNOWN = 5000
"""Tokens of which is known whose they are: to verify a signature takes ten times as long as to count."""
READS = ("GET", "HEAD")
# Wrong passwords have a limit of their own.
LOGIN = "api.login"


class Counted(NamedTuple):
    """What a request counted against; `reset_at` in seconds of the epoch."""

    limit: int
    left: int
    reset_at: float
    come_back_in_s: float


def register(app: Flask) -> None:
    """Count before anybody is asked who they are: that is what costs, and what a guesser asks again and again."""
    app.before_request(_count)


def _count() -> None:
    """Raise LimitReached where somebody has been refused too often, or reads too fast."""
    if request.blueprint != BLUEPRINT:
        return
    rates: Rates = current_app.extensions["rates"]
    address = _network()
    if rates.refusals is not None and _names_somebody() and (wait_ms := rates.refusals.wait_ms(address)):
        g.counted = _counted(rates.refusals, address, wait_ms)
        raise LimitReached("Too many tokens and keys that are not valid came from this address.", wait_ms)
    if request.method in READS:
        _count_read(rates, address)


def _count_read(rates: Rates, address: str) -> None:
    user_id = _reader()
    allowance = rates.address_reads if user_id is None else rates.user_reads
    if allowance is None:
        return
    key = address if user_id is None else f"user:{user_id}"
    wait_ms = allowance.take(key)
    g.counted = _counted(allowance, key, wait_ms)
    if wait_ms:
        raise LimitReached(f"Too many requests: at most {allowance.burst} a second.", wait_ms)


def _counted(allowance: SharedAllowance, key: str, wait_ms: int) -> Counted:
    return Counted(allowance.burst, allowance.left(key), time.time() + allowance.full_in_s(key), wait_ms / 1000)


def _network() -> str:
    return network_of(request.remote_addr or "")


def _names_somebody() -> bool:
    return "Authorization" in request.headers or "X-API-Key" in request.headers


def _reader() -> str | None:
    """Return whose token this is. Whether it still counts is not asked: that is for views that are not for anyone."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    known: dict[bytes, tuple[str, float]] = current_app.extensions.setdefault("readers", {})
    digest = blake2b(token.encode(), digest_size=16).digest()
    user_id, expires_at = known.get(digest, (None, 0.0))
    return user_id if expires_at > time.time() else _decoded(token.strip(), known, digest)


def _decoded(token: str, known: dict[bytes, tuple[str, float]], digest: bytes) -> str | None:
    try:
        claims = decode_token(token)
        user_id, expires_at = str(claims["sub"]), float(claims["exp"])
    except (PyJWTError, JWTExtendedException, ValueError, KeyError, TypeError):
        return None  # else one address would have as many limits as it can think of tokens
    if len(known) >= MOST_KNOWN:
        known.clear()
    known[digest] = user_id, expires_at
    return user_id


def state_limit(response: Response) -> Response:
    """Say how many requests the limit allows, how many are left, and when it counts anew; on a 429 when to come back.

    Not by Flask-Limiter's own headers: those say "come back later" on every answer, also where all is well. A 401 to
    somebody who named themselves is counted.
    """
    if (counted := _limit_of(response)) is not None:
        response.headers["X-RateLimit-Limit"] = str(counted.limit)
        response.headers["X-RateLimit-Remaining"] = str(counted.left)
        response.headers["X-RateLimit-Reset"] = str(math.ceil(counted.reset_at))
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(max(1, math.ceil(counted.come_back_in_s))))
    return response


def _limit_of(response: Response) -> Counted | None:
    rates: Rates = current_app.extensions["rates"]
    if response.status_code == 401 and rates.refusals is not None and request.endpoint != LOGIN and _names_somebody():
        rates.refusals.take(_network())
    if (limit := limiter.current_limit) is None:
        return g.get("counted")
    reset_at = limit.reset_at
    return Counted(limit.limit.amount, max(0, limit.remaining), reset_at, reset_at - time.time())
