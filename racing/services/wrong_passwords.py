"""Wrong passwords, counted over all workers: after too many even the right one is not looked at for a while."""

import hashlib
import hmac
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import NamedTuple

import structlog
from flask import current_app
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, parse_many

from racing import metrics
from racing.errors import LimitReached, Unauthorized
from racing.extensions import limiter
from racing.networks import network_of

log = structlog.get_logger()
BY_ACCOUNT = (RateLimitItemPerMinute(5), RateLimitItemPerHour(20))
SCOPE = "login"
"""What the count of an address is called, to Flask-Limiter too (views/password_limits.py)."""
_MINUTES_A_DAY = 20
# Who tries many at once is answered in turns, so that none of them is looked at after one too many was wrong:
# one try of an account at a time, two of an address. Strangers who share a turn wait a tenth of a second.
_TURNS_OF_ACCOUNTS = [BoundedSemaphore() for _ in range(256)]
_TURNS_OF_ADDRESSES = [BoundedSemaphore(2) for _ in range(256)]


class _Count(NamedTuple):
    """Counts of one account, or of one address; `key` as Flask-Limiter has it, `sentence` with a place for the wait."""

    items: Sequence[RateLimitItem]
    key: tuple[str, str]
    sentence: str

    def refuse_if_full(self) -> None:
        """Raise LimitReached where there are too many."""
        full = [item for item in self.items if not limiter.limiter.test(item, *self.key)]
        if full:
            ends = max(limiter.limiter.get_window_stats(item, *self.key).reset_time for item in full)
            wait_s = max(1, math.ceil(ends - time.time()))
            raise LimitReached(self.sentence.format(wait=_in_words(wait_s)), wait_s * 1000)

    def add(self) -> None:
        """Count one more."""
        for item in self.items:
            limiter.limiter.hit(item, *self.key)

    def clear(self) -> None:
        """Count from nothing again; the other workers are only told where there was something."""
        for item in self.items:
            if limiter.limiter.get_window_stats(item, *self.key).remaining < item.amount:
                limiter.limiter.clear(item, *self.key)


def limits_by_address() -> str:
    """Return the limits of one address, as Flask-Limiter reads them."""
    a_minute = current_app.config["FAILED_LOGINS_PER_MINUTE"]
    return f"{a_minute}/minute;{a_minute * _MINUTES_A_DAY}/day"


@contextmanager
def one_try(email: str, address: str | None) -> Iterator[None]:
    """Let the block look at a password that was typed for the account of `email`, from a network `address` if any.

    Unauthorized raised in it counts as a wrong one; else the account's count begins anew. Raises LimitReached where
    there were too many before, whether or not there is such an account.
    """
    account, place = _of_account(email), _of_address(address)
    with _turn(_TURNS_OF_ADDRESSES, place), _turn(_TURNS_OF_ACCOUNTS, account):
        for count in (place, account):
            _refuse(count)
        try:
            yield
        except Unauthorized:
            for count in (place, account):
                if count is not None:
                    count.add()
            raise
        account.clear()


def forget(email: str) -> None:
    """Let the account of `email` be tried again from now on."""
    _of_account(email).clear()


def tell(reason: str, user_id: int | None = None) -> None:
    """Count a failed sign-in by its reason; of who may write it is in the log, too, by the user's id alone."""
    metrics.FAILED_SIGN_INS.labels(reason).inc()
    if user_id is not None:
        log.info("sign-in failed", user_id=user_id, reason=reason)


def account_key(email: str) -> str:
    """Return what stands for an account in counts and between workers: nobody reads an address out of it."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, email.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]


def _refuse(count: _Count | None) -> None:
    try:
        if count is not None:
            count.refuse_if_full()
    except LimitReached:
        tell("too_many")
        raise


def _of_account(email: str) -> _Count:
    sentence = "Too many wrong passwords for this account. Try again in {wait}, or reset the password."
    return _Count(BY_ACCOUNT, ("account", account_key(email)), sentence)


def _of_address(address: str | None) -> _Count | None:
    sentence = "Too many wrong passwords from where you are. Try again in {wait}."
    return None if address is None else _Count(parse_many(limits_by_address()), (network_of(address), SCOPE), sentence)


@contextmanager
def _turn(turns: Sequence[BoundedSemaphore], count: _Count | None) -> Iterator[None]:
    if count is None:
        yield
        return
    with turns[hash(count.key) % len(turns)]:
        yield


def _in_words(seconds: int) -> str:
    number, unit = (seconds, "second") if seconds < 100 else (math.ceil(seconds / 60), "minute")
    number, unit = (math.ceil(number / 60), "hour") if unit == "minute" and number > 100 else (number, unit)
    return f"{number} {unit}{'' if number == 1 else 's'}"
