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
    # Accents go and their letters stay ("Compiègne" is "compiegne"); other signs part words.
    folded = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", name.lower()))
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:LONGEST].strip("-") or otherwise


def free_slug(slug: str, column: Any) -> str:
    """Return `slug`, with a number after it where `column` has it already. Nobody else may be adding one meanwhile."""
    taken = set(db.session.scalars(select(column).where(column.startswith(slug))))
    return next(free for free in chain([slug], (f"{slug}-{n}" for n in count(2))) if free not in taken)
