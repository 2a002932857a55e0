"""What somebody does with its own account: another password, an end of all its sign-ins."""

from racing.errors import InvalidInput, Unauthorized
from racing.extensions import db
from racing.models import User
from racing.models.columns import now
from racing.realtime import identities
from racing.services import audit, letters, passwords, sign_ins, wrong_passwords
from racing.services.transactions import one_change


def confirm(user: User, password: str, address: str | None = None) -> str:
    """Hold that who asks, from a network `address`, knows the user's password; return its hash, for `still_has`.

    Raises Unauthorized, `fields` naming `current`, or LimitReached: a wrong one counts as a failed log-in does.
    """
    email, kept, user_id = user.email, user.password_hash, user.id if user.may_write_odds else None
    db.session.rollback()  # gives the connection back while the hash is checked
    with wrong_passwords.one_try(email, address):
        if not passwords.fits(kept, password):
            wrong_passwords.tell("wrong_password", user_id)
            _refuse("This is not your password.")
    return kept


def still_has(user_id: int, kept: str) -> User:
    """Return the user, for the running change to write to. Raises Unauthorized where its password is another by now."""
    user = db.session.get_one(User, user_id, with_for_update={"key_share": True}, populate_existing=True)
    if user.password_hash != kept:
        _refuse("Your password was changed just now.")
    return user


def change_password(user: User, current: str, new: str, address: str | None = None) -> User:
    """Let the user sign in with the new password from now on; all its sign-ins end, and it is told by mail.

    Raises InvalidInput, Unauthorized (`fields` name `password` or `current`) or LimitReached.
    """
    user_id = user.id
    passwords.check_chosen(new, user.email)
    if new == current:
        sentence = "This is the password you have."
        raise InvalidInput(sentence, {"password": sentence})
    kept = confirm(user, current, address)
    hashed = passwords.hashed(new)
    with one_change():
        changed = still_has(user_id, kept)
        changed.password_hash = hashed
        epoch = _end_sign_ins(changed, "password")
    identities.end(users={user_id: epoch})
    letters.later(letters.password_changed, changed.email, now())
    return changed


def sign_out_everywhere(user: User) -> User:
    """End all sign-ins of the user, and return it."""
    user_id = user.id
    with one_change():
        left = db.session.get_one(User, user_id, with_for_update={"key_share": True}, populate_existing=True)
        epoch = _end_sign_ins(left, "sign_out_everywhere")
    identities.end(users={user_id: epoch})
    return left


def _end_sign_ins(user: User, action: str) -> int:
    epoch = sign_ins.end_all(user)
    if user.may_write_odds:
        audit.record(action, user, now())
    return epoch


def _refuse(sentence: str) -> None:
    raise Unauthorized(sentence, {"current": sentence})
