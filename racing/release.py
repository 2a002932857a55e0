"""Which release of the program this process runs: letters that every change of its code, pages or styles changes."""

import hashlib
from functools import cache

from racing.config import ROOT

_PARTS = ("*.py", "racing/**/*.py", "templates/**/*.html", "static/**/*.js", "static/**/*.css")
_LETTERS = 7


@cache
def release() -> str:
    """Return the letters; two workers with the same run the same."""
    digest = hashlib.sha256()
    for path in sorted(path for part in _PARTS for path in ROOT.glob(part)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:_LETTERS]
