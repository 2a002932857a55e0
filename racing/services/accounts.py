"""Users: made, signed in, disabled. Passwords are argon2 hashes, made and checked off the loop."""

import re
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from racing.errors import Conflict, InvalidInput, NotFound, Unauthorized
from racing.extensions import db, off_the_loop
from racing.models import Role, User
from racing.models.columns import now
from racing.realtime import identities
from racing.services import audit
from racing.services.transactions import one_change

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_hasher = PasswordHasher()
# Checked where there is no such user, so that the time an answer takes does not tell who has an account.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$8gMbKnTkrFyXYJ8JhYGXHHyYEVnYxDTN5X7pAdnfLs0"


def create_user(email: str, password: str, role: Role = Role.PUNTER, by: User | None = None) -> User:
    """Return a new user; where an admin made it (`by`), that is on the record.

    Raises InvalidInput for a bad address or a short password, Conflict where the address is taken.
    """
    address = normal_email(email)
    _check_password(password)
    hashed = off_the_loop(_hasher.hash, password)
    try:
        with one_change():
            user = User(email=address, password_hash=hashed, role=role)
            db.session.add(user)
            db.session.flush()
            audit.record("user", by, now(), user=user.id, email=address, role=role.value)
    except IntegrityError as error:
        raise Conflict(f"There is a user {address} already.") from error
    return user


def sign_in(email: str, password: str) -> User:
    """Return the user whose password this is; of who may write, the audit trail notes it.

    Raises Unauthorized, in the same words whatever is wrong.
    """
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    hashed = user.password_hash if user else _NOBODY
    db.session.rollback()  # gives the connection back while the hash is checked
    fits = off_the_loop(_verifies, hashed, password[:LONGEST_PASSWORD])
    if user is None or not fits or user.disabled_at is not None:
        raise Unauthorized("The e-mail address or the password is wrong.")
    if user.may_write_odds:
        with one_change():
            audit.record("sign_in", user, now())
    return user


def change_password(email: str, password: str) -> User:
    """Set a user's password. Raises NotFound or InvalidInput."""
    _check_password(password)
    hashed = off_the_loop(_hasher.hash, password)
    with one_change():
        user = by_email(email)
        user.password_hash = hashed
    return user


def disable(email: str) -> User:
    """Take a user's way in; its tokens and the private rooms of its connections end at once. Raises NotFound."""
    with one_change():
        user = by_email(email)
        user.disabled_at = user.disabled_at or now()
        user_id = user.id
    identities.end(users=[user_id])
    return user


def users() -> Sequence[User]:
    """Return all users by e-mail address."""
    return db.session.scalars(select(User).order_by(User.email)).all()


def by_email(email: str) -> User:
    """Return the user with this address. Raises NotFound."""
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise NotFound(f"There is no user {email.strip()[:80]}.")
    return user


def active_user(user_id: int) -> User | None:
    """Return the user with this id, unless there is none or it is disabled."""
    user = db.session.get(User, user_id)
    return user if user is not None and user.disabled_at is None else None


def hold(user_id: int) -> None:
    """Let the user's other changes wait for the running one: two tabs at once must not pass a bound together."""
    # NO KEY: whoever tells the user something meanwhile is not held up.
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def normal_email(email: str) -> str:
    """Return the address in the form it is kept in. Raises InvalidInput where it is none."""
    address = email.strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise InvalidInput(f"'{address[:80]}' is not an e-mail address.", {"email": "not an e-mail address"})
    return address


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        sentence = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise InvalidInput(sentence, {"password": sentence})


def _verifies(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
