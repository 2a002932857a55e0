"""Leaving for good: an account goes, and all that was its own; what it did for the house stays, by nobody's name."""

from sqlalchemy import delete, select

from racing.errors import Conflict
from racing.extensions import db
from racing.models import ApiKey, Notification, PriceAlert, Role, User, UserSettings, Watch
from racing.models.columns import now
from racing.realtime import identities
from racing.services import api_keys, audit, own_account, passwords, sign_ins
from racing.services.accounts import NOBODYS_DOMAIN
from racing.services.transactions import one_change

_OWN = (Watch, PriceAlert, UserSettings, Notification)
LAST_ADMIN = "You are the last admin: make another one first."


def may_leave(user: User) -> bool:
    """Tell whether the house can do without the user: not without its last admin."""
    others = select(User.id).where(User.role == Role.ADMIN, User.disabled_at.is_(None), User.id != user.id)
    return user.role is not Role.ADMIN or db.session.scalar(others.limit(1)) is not None


def leave(user: User, password: str, address: str | None = None) -> None:
    """Delete the user's account: its address may register anew, and nothing leads back to it.

    Raises Unauthorized (`fields` name `current`), LimitReached, or Conflict for the last admin; nothing has gone then.
    """
    user_id = user.id
    kept = own_account.confirm(user, password, address)
    with one_change():
        # All admins, in the order of services/user_admin.py: two who leave at once would leave none.
        admins = select(User.id).where(User.role == Role.ADMIN).order_by(User.id).with_for_update(key_share=True)
        db.session.execute(admins)
        leaving = own_account.still_has(user_id, kept)
        if not may_leave(leaving):
            raise Conflict(LAST_ADMIN)
        if leaving.may_write_odds:
            audit.record("account_deleted", leaving, now())
        _take_away(leaving)
    identities.end(users=[user_id])


def _take_away(user: User) -> None:
    user.deleted_at = now()
    user.disabled_at = user.disabled_at or user.deleted_at
    user.email, user.password_hash = f"deleted-{user.id}@{NOBODYS_DOMAIN}", passwords.UNUSABLE
    sign_ins.end_all(user)
    for own in _OWN:
        db.session.execute(delete(own).where(own.user_id == user.id))
    for key in db.session.scalars(select(ApiKey).where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))):
        api_keys.revoke_in_change(key, user)
