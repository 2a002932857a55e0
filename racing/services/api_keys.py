"""Keys of feed writers: made, shown once, looked up at each write, revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from racing.errors import InvalidInput, NotFound
from racing.extensions import db
from racing.models import ApiKey, Role, User
from racing.models.columns import now
from racing.services import audit
from racing.services.transactions import one_change

MARK = "offtime_"
"""What every key begins with: nobody takes it for a token, and whoever finds one in a file knows whose it is."""
LONGEST_NAME = 80
NOTED_EVERY = timedelta(minutes=1)


class Made(NamedTuple):
    """A new key, and its secret, which is kept nowhere."""

    key: ApiKey
    secret: str


def make(name: str, email: str, by: User | None) -> Made:
    """Return a new key for the user with this address, committed. Its secret is told here and never again.

    Raises InvalidInput, `fields` naming what is wrong: `name`, or `email` where that user is nobody who writes.
    """
    name, address = " ".join(name.split()), email.strip().lower()
    writer = db.session.scalar(select(User).where(User.email == address))
    wrong = _objections(name, writer)
    if writer is None or wrong:
        raise InvalidInput(" ".join(wrong.values()), wrong)
    prefix = f"{MARK}{secrets.token_hex(4)}"
    secret, at = f"{prefix}_{secrets.token_urlsafe(32)}", now()
    with one_change():
        maker_id = None if by is None else by.id
        key = ApiKey(user_id=writer.id, name=name, prefix=prefix, digest=_digest(secret), created_by_id=maker_id)
        db.session.add(key)
        db.session.flush()
        audit.record("api_key", by, at, apiKey=key.id, prefix=prefix, name=name, user=writer.id, revokedAt=None)
    return Made(key, secret)


def _objections(name: str, writer: User | None) -> dict[str, str]:
    wrong = {}
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        wrong["name"] = f"A name has 1 to {LONGEST_NAME} characters: say what writes with this key."
    if writer is None or writer.disabled_at is not None:
        wrong["email"] = "There is no such user who may sign in."
    elif not writer.may_write_odds:
        wrong["email"] = "This user writes nothing: a key is for feeds, staff and admins."
    return wrong


def use(secret: str, address: str | None) -> ApiKey | None:
    """Return the key with its user, and note that it was used; None where it is none, or revoked, or its user disabled.

    The note is made once a minute at most: other writes cost one look-up by index and no transaction of their own.
    """
    held = (
        select(ApiKey)
        .join(ApiKey.user)
        .where(ApiKey.digest == _digest(secret), ApiKey.revoked_at.is_(None), User.disabled_at.is_(None))
        .options(contains_eager(ApiKey.user))
    )
    key = db.session.scalar(held)
    if key is not None and (key.last_used_at is None or key.last_used_at < now() - NOTED_EVERY):
        _note_use(key, address)
    return key


def _note_use(key: ApiKey, address: str | None) -> None:
    key_id, at = key.id, now()
    long_ago = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < at - NOTED_EVERY)
    with one_change():
        # Of several writes at this moment one notes it.
        noted = update(ApiKey).where(ApiKey.id == key_id, long_ago)
        db.session.execute(noted.values(last_used_at=at, last_used_from=address))


def revoke(key_id: int, by: User | None) -> ApiKey:
    """Let the key write nothing any more; return it. One revoked already stays as it is. Raises NotFound."""
    with one_change():
        key = db.session.get(ApiKey, key_id, with_for_update=True)
        if key is None:
            raise NotFound("There is no such key.")
        if key.revoked_at is None:
            revoke_in_change(key, by)
    return key


def revoke_in_change(key: ApiKey, by: User | None) -> None:
    """Revoke a key that counts, in the running change."""
    key.revoked_at = now()
    told: dict[str, Any] = {"apiKey": key.id, "prefix": key.prefix, "name": key.name, "user": key.user_id}
    revoked_at = key.revoked_at.isoformat()
    audit.record("api_key", by, key.revoked_at, before={"revokedAt": None}, **told, revokedAt=revoked_at)


def count_of(user_id: int) -> int:
    """Return how many keys of this user count."""
    held = select(func.count()).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    return db.session.scalar(held) or 0


def every_key() -> Sequence[ApiKey]:
    """Return all keys with their users: those that write first, the newest of each first."""
    order = (ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    return db.session.scalars(select(ApiKey).options(joinedload(ApiKey.user)).order_by(*order)).all()


def fit_users() -> Sequence[User]:
    """Return the users who may have a key, feeds first, each by address."""
    query = select(User).where(User.role != Role.PUNTER, User.disabled_at.is_(None))
    return db.session.scalars(query.order_by(User.role != Role.FEED, User.email)).all()


def _digest(secret: str) -> str:
    # No salt and no slowness: it is 256 random bits, not a password.
    return hashlib.sha256(secret.encode()).hexdigest()
