"""The secrets that cookies and tokens are signed with: several at a time while a new one takes over."""

import re
import secrets
from pathlib import Path

SHORTEST_SECRET = 16
"""Characters of a secret that production starts with."""
HOW_TO_MAKE_ONE = 'make one with python -c "import secrets; print(secrets.token_urlsafe(48))"'
# Said in the secrets of examples, and by nobody who has made one of his own.
_TO_BE_CHANGED = ("change", "default", "placeholder", "insecure", "example")
# Whoever adds five digits, or another word, has thought of something.
_WELL_KNOWN = re.compile(
    r"(?:secret|me|this|dev|development|password|jwt|key|token|your|my|super|very|please|in|here|the|a|an|flask|app|local|"
    r"random|long|string|safe|unsafe|bit|to|for|not|do|use|racing|offtime|session|it|now|admin|value|some|[\W_]|\d{1,4}(?!\d))+",
)


def several(text: str) -> list[str]:
    """Return the secrets that a variable holds, newest first."""
    return [secret.strip() for secret in text.split(",") if secret.strip()] or [text]


def is_guessable(secret: str) -> bool:
    """Tell whether a secret is too short, or made of nothing but the words that stand in examples."""
    said = secret.lower()
    is_of_an_example = any(word in said for word in _TO_BE_CHANGED) or _WELL_KNOWN.fullmatch(said) is not None
    return len(secret) < SHORTEST_SECRET or is_of_an_example


def good_for_reading(text: str) -> list[str]:
    """Return the secrets whose signatures count, newest first."""
    # Last the whole: it was one secret with commas in it, before there could be several.
    each = several(text)
    return each if len(each) == 1 else [*each, text]


def kept_secret(path: Path) -> str:
    """Return the secret kept in `path`, made on first use, so that a restart signs nobody out."""
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
