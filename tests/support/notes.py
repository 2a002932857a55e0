"""What a stock client was told, in the order it was told, and what must be true of that order."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

STEADY, ASKING = "ping", "subscribe_race"


class Note(NamedTuple):
    """An update (`name` is its race), `subscribed`, an acknowledgement (`name` is which), or what should not be."""

    what: str
    name: str | int
    version: int | None = None
    base: int | None = None
    full: bool | None = None


def broadcasts(notes: Sequence[Note]) -> list[Note]:
    """Return the updates that were no answer to a subscription: all but those between it and its acknowledgement."""
    found, is_answer = [], True  # the first subscription is asked for before anything is told
    for note in notes:
        if note.what == "update" and not is_answer:
            found.append(note)
        is_answer = note.what == "subscribed" or (is_answer and note.what != "ack")
    return found


def troubles(notes: Sequence[Note], asks: str) -> list[str]:
    """Return in words whatever was lost, doubled or out of order; of a client that asked `asks` again and again."""
    found = [f"told {note}" for note in notes if note.what not in ("update", "subscribed", "ack")]
    acks = [note.name for note in notes if note.what == "ack"]
    if acks != list(range(len(acks))):
        found.append(f"acknowledged in the order {acks}")
    held, answered = -1, 0
    for before, note in pairwise([Note("nothing", ""), *notes]):
        if note.what == "update":
            if not note.full and (note.base is None or note.base > held):
                found.append(f"lost what lies between {held} and {note}")
            if note.version is None or note.version < held:
                found.append(f"{note} after {held}")
            held = max(held, note.version or 0)
        elif note.what == "ack" and before.what == "ack" and asks == ASKING:
            found.append(f"{note} without its answer")
        answered += note.what == "subscribed"
    if asks == ASKING and answered - len(acks) not in (0, 1):  # the last may have been under way at the end
        found.append(f"{answered} subscribed, {len(acks)} acknowledged")
    if asks == STEADY:
        found += [f"{late} after {early}" for early, late in pairwise(broadcasts(notes)) if not _follows(early, late)]
    return found


def _follows(early: Note, late: Note) -> bool:
    assert early.version is not None
    assert late.version is not None
    return late.version > early.version and (bool(late.full) or late.base == early.version)
