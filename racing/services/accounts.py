"""Users: made, found, signed in, disabled."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from racing.errors import Conflict, InvalidInput, NotFound, Unauthorized
from racing.extensions import db
from racing.models import Role, User
from racing.models.columns import now
from racing.realtime import identities
from racing.services import audit, passwords, sign_ins, wrong_passwords
from racing.services.transactions import one_change

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
NOBODYS_DOMAIN = "deleted.invalid"
"""Where the addresses of deleted users are: nobody registers there, and no mail arrives."""
WRONG = "The e-mail address or the password is wrong."


def create_user(email: str, password: str, role: Role = Role.PUNTER, by: User | None = None) -> User:
    """Return a new user; where an admin made it (`by`), that is on the record.

    Raises InvalidInput for a bad address or an unfit password, Conflict where the address is taken.
    """
    address = normal_email(email)
    # What an operator gives on the command line is its own affair.
    passwords.check_length(password) if by is None else passwords.check_chosen(password, address)
    db.session.rollback()  # gives back what the request holds: many may wait for their hash
    hashed = passwords.hashed(password)
    try:
        with one_change():
            user = User(email=address, password_hash=hashed, role=role)
            db.session.add(user)
            db.session.flush()
            audit.record("user", by, now(), user=user.id, email=address, role=role.value)
    except IntegrityError as error:
        raise Conflict(f"There is a user {address} already.") from error
    return user


def sign_in(email: str, password: str, address: str | None = None) -> User:
    """Return the user whose password this is; of who may write, the audit trail notes it.

    Raises Unauthorized, in the same words whatever is wrong, or LimitReached after too many wrong ones: of the account,
    or from the network address.
    """
    db.session.rollback()  # gives back what the request holds: many may wait for their turn to be looked at
    with wrong_passwords.one_try(email, address):
        user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
        kept, user_id = (user.password_hash, user.id) if user else (None, None)
        db.session.rollback()  # gives the connection back while the hash is checked
        fit = passwords.fits(kept, password)
        user = None if user_id is None else db.session.get(User, user_id)
        # Looked at again: a password that was replaced meanwhile lets nobody in any more.
        if user is None or not fit or user.password_hash != kept or user.disabled_at is not None:
            reason = "unknown" if user is None else "disabled" if user.disabled_at else "wrong_password"
            wrong_passwords.tell(reason, user.id if user is not None and user.may_write_odds else None)
            raise Unauthorized(WRONG)
    _note_sign_in(user, passwords.hashed(password) if passwords.is_outdated(user.password_hash) else None)
    return user


def _note_sign_in(user: User, rehashed: str | None) -> None:
    if not user.may_write_odds and rehashed is None:
        return
    kept = user.password_hash
    with one_change():
        if rehashed is not None and user.password_hash == kept:
            user.password_hash = rehashed
        if user.may_write_odds:
            audit.record("sign_in", user, now())


def change_password(email: str, password: str) -> User:
    """Set a user's password, and end all its sign-ins. Raises NotFound or InvalidInput."""
    passwords.check_length(password)
    hashed = passwords.hashed(password)
    with one_change():
        user = by_email(email)
        user_id, user.password_hash = user.id, hashed
        epoch = sign_ins.end_all(user)
    identities.end(users={user_id: epoch})
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
    if (
        len(address) > 254
        or not (_EMAIL.fullmatch(address) and address.isprintable())
        or address.endswith(f"@{NOBODYS_DOMAIN}")
    ):
        raise InvalidInput(f"'{address[:80]}' is not an e-mail address.", {"email": "not an e-mail address"})
    return address
