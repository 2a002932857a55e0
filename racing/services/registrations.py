"""Registering: who does it is told the same whether or not there is an account already."""

from limits import RateLimitItemPerDay
from sqlalchemy import select

from racing.errors import Conflict
from racing.extensions import db, limiter
from racing.models import User
from racing.services import accounts, letters, passwords, wrong_passwords

_A_DAY = RateLimitItemPerDay(1)


def check(email: str, password: str) -> str:
    """Return the address to register; raises InvalidInput for what is none, or for a password that is not fit."""
    address = accounts.normal_email(email)
    passwords.check_chosen(password, address)
    return address


def register(address: str, password: str) -> None:
    """Make a punter of whoever has no account; of an address that is taken its owner is mailed. Both take as long.

    `address` is what `check` returned.
    """
    try:
        accounts.create_user(address, password)
    except Conflict:
        letters.later(_tell_owner, address)


def _tell_owner(address: str) -> None:
    owner = db.session.scalar(select(User.email).where(User.email == address, User.disabled_at.is_(None)))
    db.session.rollback()  # gives the connection back while the mail server takes its time
    if owner and limiter.limiter.hit(_A_DAY, "registered-mail", wrong_passwords.account_key(address)):
        letters.registered_already(owner)
