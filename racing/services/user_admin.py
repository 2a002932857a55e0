"""What admins do with users: find them, make them, change a role, close and open the way in. Each is on the record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import select

from racing.errors import Conflict, NotFound
from racing.extensions import db
from racing.models import Role, User
from racing.models.columns import now
from racing.realtime import identities
from racing.services import audit
from racing.services.transactions import one_change

MOST_FOUND = 100


class Wanted(NamedTuple):
    """Which users: a part of their address, a role, only those who may or may not sign in. None: all."""

    part: str = ""
    role: Role | None = None
    disabled: bool | None = None


def find(wanted: Wanted) -> Sequence[User]:
    """Return the first users that are wanted, by address: one more than MOST_FOUND where there are more."""
    query = select(User).order_by(User.email).limit(MOST_FOUND + 1)
    if part := wanted.part.strip().lower():
        query = query.where(User.email.contains(part, autoescape=True))
    if wanted.role is not None:
        query = query.where(User.role == wanted.role)
    if wanted.disabled is not None:
        query = query.where(User.disabled_at.is_not(None) if wanted.disabled else User.disabled_at.is_(None))
    return db.session.scalars(query).all()


def user(user_id: int) -> User:
    """Return the user with this id, disabled or not. Raises NotFound."""
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound("There is no such user.")
    return found


def change_role(user_id: int, role: Role, by: User) -> User:
    """Let a user be of another role from its next request on, and return it; the role it has already changes nothing.

    Raises NotFound, or Conflict where it would leave the house without this admin, or without any.
    """
    with _changing(user_id) as changed:
        if changed.role is not role:
            if changed.role is Role.ADMIN:
                _refuse_losing(changed, by, "An admin does not take its own role: ask another admin.")
            before, changed.role = {"role": changed.role.value}, role
            audit.record("user", by, now(), before=before, user=user_id, email=changed.email, role=role.value)
    return changed


def disable(user_id: int, by: User) -> User:
    """Close a user's way in, and return it: its tokens, keys and private rooms end at once.

    Raises NotFound, or Conflict as `change_role` does.
    """
    with _changing(user_id) as changed:
        if changed.disabled_at is None:
            _refuse_losing(changed, by, "An admin does not disable itself: ask another admin.")
            changed.disabled_at = now()
            _record_way_in(changed, by, before=None, after=changed.disabled_at.isoformat())
    identities.end(users=[user_id])
    return changed


def enable(user_id: int, by: User) -> User:
    """Open a user's way in again, and return it: keys and tokens that have not ended count again. Raises NotFound."""
    with _changing(user_id) as changed:
        if changed.disabled_at is not None:
            before, changed.disabled_at = changed.disabled_at.isoformat(), None
            _record_way_in(changed, by, before=before, after=None)
    return changed


@contextmanager
def _changing(user_id: int) -> Iterator[User]:
    with one_change():
        # All admins, always in one order: two who take each other's role at once would leave none.
        admins = select(User.id).where(User.role == Role.ADMIN).order_by(User.id).with_for_update(key_share=True)
        db.session.execute(admins)
        changed = db.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)
        if changed is None:
            raise NotFound("There is no such user.")
        if changed.deleted_at is not None:
            raise Conflict("This user has deleted its account: nobody can change that.")
        yield changed


def _refuse_losing(changed: User, by: User, sentence: str) -> None:
    if changed.id == by.id:
        raise Conflict(sentence)
    others = select(User.id).where(User.role == Role.ADMIN, User.disabled_at.is_(None), User.id != changed.id)
    if changed.role is Role.ADMIN and db.session.scalar(others.limit(1)) is None:
        raise Conflict("This is the last admin: make another one first.")


def _record_way_in(changed: User, by: User, before: Any, after: Any) -> None:
    way_in = {"disabledAt": before}
    audit.record("user", by, now(), before=way_in, user=changed.id, email=changed.email, disabledAt=after)
