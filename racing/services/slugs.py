"""Slugs: names as parts of addresses, in small ascii letters, digits and dashes."""

import re
import unicodedata
from itertools import chain, count
from typing import Any

from sqlalchemy import select

from racing.extensions import db

LONGEST = 50


def slugify(name: str, otherwise: str = "course") -> str:
    """Return `name` as the part of a slug: "Castle Ridge" is "castle-ridge"; `otherwise` where nothing is left."""
    return folded(name)[:LONGEST].strip("-") or otherwise


def slug_of_words(text: str, otherwise: str) -> str:
    """Return `text` as a slug that ends with a whole word; a first word that is too long is cut all the same."""
    whole = folded(text)
    if len(whole) <= LONGEST:
        return whole or otherwise
    return whole[: LONGEST + 1].rpartition("-")[0] or whole[:LONGEST]


def folded(text: str) -> str:
    """Return all words of `text` as letters and digits between dashes, nothing where there are none."""
    # Accents go and their letters stay ("Compiègne" is "compiegne"); other signs part words.
    folded = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.lower()))
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")


def free_slug(slug: str, column: Any) -> str:
    """Return `slug`, with a number after it where `column` has it already. Nobody else may be adding one meanwhile."""
    taken = set(db.session.scalars(select(column).where(column.startswith(slug))))
    return next(free for free in chain([slug], (f"{slug}-{n}" for n in count(2))) if free not in taken)
