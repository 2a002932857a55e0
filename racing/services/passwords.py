"""Passwords: which are fit, and their argon2 hashes, made and checked off the loop."""

from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from racing.errors import InvalidInput
from racing.extensions import off_the_loop

SHORTEST, LONGEST = 10, 200
UNUSABLE = "no password"
"""Kept in the place of a hash: nothing that is typed fits it."""
_FEWEST_LETTERS = 4
_COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="ascii").split())
HASHER = PasswordHasher()
"""Its parameters are those of every hash that is made."""
AT_ONCE = 4
"""Each takes 64 MB: of a crowd that signs in or registers the others wait, or the worker would be out of memory."""
_places = BoundedSemaphore(AT_ONCE)


def check_length(password: str) -> None:
    """Raise InvalidInput where a password is too short, or endless."""
    if not SHORTEST <= len(password) <= LONGEST:
        _refuse(f"A password has {SHORTEST} to {LONGEST} characters.")


def check_chosen(password: str, email: str) -> None:
    """Raise InvalidInput where the password that somebody chooses is among the first that others would try."""
    check_length(password)
    typed, address = password.casefold(), email.strip().casefold()
    if typed in _COMMON or len(set(typed)) < _FEWEST_LETTERS:
        _refuse("This is among the passwords that are tried first. Take another: a few words are good.")
    if typed in (address, address.partition("@")[0]):
        _refuse("This is your address. Take something that nobody knows of you.")


def hashed(password: str) -> str:
    """Return the hash to keep of a password."""
    with _places:
        return off_the_loop(HASHER.hash, password)


def fits(kept: str | None, password: str) -> bool:
    """Tell whether the password is the one of which this hash was kept; of None it never is, after the same time."""
    is_hash = kept is not None and kept.startswith("$argon2")
    with _places:
        right = off_the_loop(_verifies, kept if is_hash else _nobodys(), password[:LONGEST])
    return bool(right and is_hash)


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(kept)


def _nobodys() -> str:
    """Return what is checked where there is nothing to check: an answer's time must not tell who has an account."""
    costs = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${costs}$c29tZXNhbHRzb21lc2FsdA$8gMbKnTkrFyXYJ8JhYGXHHyYEVnYxDTN5X7pAdnfLs0"


def _verifies(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _refuse(sentence: str) -> None:
    raise InvalidInput(sentence, {"password": sentence})
