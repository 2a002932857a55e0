"""What a card's letters mean: headgear, where a horse has won, what a jockey claims."""

import re
from typing import NamedTuple

from racing.models import Runner

_HEADGEAR = {
    "b": "blinkers", "v": "visor", "h": "hood", "p": "cheekpieces", "t": "tongue tie",
    "es": "eyeshield", "ec": "eyecover",
}  # fmt: skip
_PIECE = re.compile(r"(es|ec|[bvhpt])(\d?)")
_WON = {
    "C": "won on this course",
    "D": "won over this distance",
    "CD": "won over this distance on this course",
}


class Mark(NamedTuple):
    """Letters as a card prints them, and what they mean."""

    letters: str
    meaning: str


def headgear(letters: str | None) -> Mark | None:
    """Return "tp" with "tongue tie, cheekpieces"; a 1 is for the first time."""
    if not letters:
        return None
    pieces = [
        _HEADGEAR[piece] + (" for the first time" if count == "1" else "") for piece, count in _PIECE.findall(letters)
    ]
    return Mark(letters, ", ".join(pieces))


def wins(course_distance: str | None) -> list[Mark]:
    """Return the marks of where a horse has won: "CD", or "C" and "D"."""
    return [Mark(letters, _WON[letters]) for letters in (course_distance or "").split() if letters in _WON]


def claim(runner: Runner) -> Mark | None:
    """Return "(5)", what the jockey's inexperience takes off the weight."""
    return Mark(f"({runner.claim})", f"claims {runner.claim} lb") if runner.claim else None
