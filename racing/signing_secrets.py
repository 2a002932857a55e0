"""The secrets that cookies and tokens are signed with: several at a time while a new one takes over."""

import re
import secrets
from pathlib import Path

SHORTEST_SECRET = 16
"""Characters of a secret that production starts with."""
HOW_TO_MAKE_ONE = 'make one with python -c "import secrets; print(secrets.token_urlsafe(48))"'
_WELL_KNOWN = re.compile(
    r"(?:secret|change|me|this|dev|development|default|password|jwt|key|token|your|my|super|very|please|in|production|prod|"
    r"test|testing|here|the|a|an|flask|app|local|insecure|example|placeholder|random|long|string|safe|unsafe|bit|to|for|"
    r"not|do|use|racing|offtime|session|it|now|before|deploy|admin|value|some|[\W_\d])+",
    re.IGNORECASE,
)


def several(text: str) -> list[str]:
    """Return the secrets that a variable holds, newest first."""
    return [secret.strip() for secret in text.split(",") if secret.strip()] or [text]


def is_guessable(secret: str) -> bool:
    """Tell whether a secret is too short, or made of nothing but the words that stand in examples."""
    return len(secret) < SHORTEST_SECRET or _WELL_KNOWN.fullmatch(secret) is not None


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
