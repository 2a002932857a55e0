"""Forgotten passwords: a signed link by mail that sets another one, once and soon."""

import hashlib
from typing import Any, NamedTuple

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from limits import RateLimitItemPerHour
from sqlalchemy import select

from racing.errors import ResetLinkOver, ResetLinkWrong
from racing.extensions import db, limiter
from racing.models import User
from racing.models.columns import now
from racing.realtime import identities
from racing.services import audit, letters, passwords, sign_ins, wrong_passwords
from racing.services.transactions import one_change

_BY_ACCOUNT = RateLimitItemPerHour(3)
"""Mails to one address: nobody's mailbox is filled by others."""


class _Claim(NamedTuple):
    """What a link says: whose password, as it stood when the link was made."""

    user_id: int
    stood: str


def ask(email: str) -> None:
    """Let a link be mailed to whoever signs in with this address; whether anybody does, nothing here tells."""
    letters.later(_mail_link, email.strip().lower())


def check(token: str) -> User:
    """Return whose password the link sets. Raises ResetLinkWrong, or ResetLinkOver where it was used or is too old."""
    return _user_of(_claim_in(token), for_change=False)


def reset(token: str, password: str) -> None:
    """Set the password of the link's user; all its sign-ins end, and nobody is signed in.

    Raises InvalidInput, and what `check` raises: of two that come with one link at once, one is refused.
    """
    claim = _claim_in(token)
    passwords.check_chosen(password, _user_of(claim, for_change=False).email)
    db.session.rollback()  # gives the connection back while the hash is made
    hashed = passwords.hashed(password)
    with one_change():
        user = _user_of(claim, for_change=True)
        email, user.password_hash = user.email, hashed
        epoch = sign_ins.end_all(user)
        if user.may_write_odds:
            audit.record("password", user, now(), byLink=True)
    identities.end(users={claim.user_id: epoch})
    wrong_passwords.forget(email)
    letters.later(letters.password_changed, email, now())


def link_for(user: User) -> str:
    """Return the address at which this user may set a password."""
    return f"{letters.site_url()}/reset?token={_serializer().dumps(_Claim(user.id, _stands(user)))}"


def _mail_link(email: str) -> None:
    user = db.session.scalar(select(User).where(User.email == email, User.disabled_at.is_(None)))
    if user is None or not limiter.limiter.hit(_BY_ACCOUNT, "reset-mail", wrong_passwords.account_key(email)):
        return
    to, link = user.email, link_for(user)
    db.session.rollback()  # gives the connection back while the mail server takes its time
    letters.reset_link(to, link)


def _claim_in(token: str) -> _Claim:
    try:
        held: Any = _serializer().loads(token, max_age=current_app.config["RESET_LINK_MINUTES"] * 60)
        return _Claim(*held)
    except SignatureExpired as error:
        raise ResetLinkOver("This link is too old.") from error
    except (BadSignature, TypeError) as error:
        raise ResetLinkWrong("This link is not whole: take all of it from the mail.") from error


def _user_of(claim: _Claim, *, for_change: bool) -> User:
    lock: Any = {"key_share": True} if for_change else None
    user = db.session.get(User, claim.user_id, with_for_update=lock, populate_existing=for_change)
    if user is None or user.disabled_at is not None or _stands(user) != claim.stood:
        raise ResetLinkOver("This link was used already, or the password has been changed since.")
    return user


def _stands(user: User) -> str:
    """Return what is another text once the password is another, or all sign-ins have ended."""
    return hashlib.sha256(f"{user.password_hash}:{user.token_epoch}".encode()).hexdigest()[:32]


def _serializer() -> URLSafeTimedSerializer:
    # The newest comes last: it signs, the others still read.
    secrets = [*(current_app.config["SECRET_KEY_FALLBACKS"] or ())[::-1], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(secrets, salt="racing.reset")
