"""What a card prints beside a name in letters and numbers, checked and brought into one spelling. Pure."""

import re
from typing import Final

from racing.errors import InvalidInput

MOST_CLAIMED: Final = 10  # pounds
LONGEST_PRIZE: Final = 40
# Blinkers, visor, hood, cheekpieces, tongue tie, eyeshield, eyecover; "b1" is blinkers for the first time.
_HEADGEAR = re.compile(r"(?:(?:es|ec|[bvhpt])\d?){1,6}")
_BETWEEN = re.compile(r"[\s,;/+&]+")
_WON_HERE = frozenset({"C", "D", "CD", "C D"})


def claim(pounds: int | None) -> int | None:
    """Return the claim in pounds; None where there is none. Raises InvalidInput where it is not 1 to 10."""
    if pounds is not None and not 1 <= pounds <= MOST_CLAIMED:
        raise InvalidInput(f"A claim is 1 to {MOST_CLAIMED} pounds; leave it out where the jockey claims nothing.")
    return pounds


def headgear(letters: str | None) -> str | None:
    """Return the letters of a card in small letters without gaps: "T, P" is "tp", empty is None.

    Raises InvalidInput where they are no letters of a card.
    """
    told = _BETWEEN.sub("", letters or "").lower()
    if told and not _HEADGEAR.fullmatch(told):
        raise InvalidInput(
            "Headgear is told in a card's letters: b blinkers, v visor, h hood, p cheekpieces, t tongue tie, "
            'es eyeshield, ec eyecover, such as "b", "tp" or "h1".'
        )
    return told or None


def course_distance(marks: str | None) -> str | None:
    """Return "C", "D", "CD" (both in one race) or "C D" (in different ones), whatever separates them; empty is None.

    Raises InvalidInput where it is anything else.
    """
    told = " ".join(part for part in _BETWEEN.split((marks or "").upper()) if part)
    told = "C D" if told == "D C" else told
    if told and told not in _WON_HERE:
        raise InvalidInput('Where it has won is "C" (course), "D" (distance), "CD" (both at once) or "C D" (each).')
    return told or None


def prize(money: str | None) -> str | None:
    """Return the prize as printed ("£24,500"); empty is None. Raises InvalidInput where it is longer than 40."""
    told = (money or "").strip()
    if len(told) > LONGEST_PRIZE:
        raise InvalidInput(f"A prize is told in {LONGEST_PRIZE} characters at most.")
    return told or None
