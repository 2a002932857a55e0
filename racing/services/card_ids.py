"""Makes ids for races and runners that come without, out of what they are: the same card makes the same. Pure."""

from collections.abc import Collection
from datetime import datetime
from itertools import chain, count

from racing.services.slugs import slugify

_LONGEST_COURSE = 44  # so that the day, the clock and a number fit into 64


def race_id(course: str, off_local: datetime, taken: Collection[str] = ()) -> str:
    """Return "ascot-2026-11-24-1430" (the course's time), with a number after it where that is `taken`."""
    return _free(f"{slugify(course)[:_LONGEST_COURSE].strip('-')}-{off_local:%Y-%m-%d-%H%M}", taken)


def runner_id(name: str, taken: Collection[str] = ()) -> str:
    """Return "harbour-lights", with a number after it where that is `taken`."""
    return _free(slugify(name, "runner"), taken)


def _free(wanted: str, taken: Collection[str]) -> str:
    return next(free for free in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if free not in taken)
