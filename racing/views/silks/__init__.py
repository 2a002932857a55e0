"""Draws a jockey's silks from words: those of the card, or ones that stay with the horse's name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from typing import Final

from racing.views.silks import patterns
from racing.views.silks.outlines import path
from racing.views.silks.reading import Mark, Piece, Worn, read
from racing.views.silks.vocabulary import COLOURS

_PALETTE: Final = [
    COLOURS[colour]
    for colour in (
        "royal blue",
        "red",
        "emerald green",
        "yellow",
        "purple",
        "orange",
        "light blue",
        "maroon",
        "white",
        "black",
    )
]
_SHAPES: Final = (None, "hoops", "stripes", "spots", "star", "sash", "halved", "diamonds", "chevron", "cross belts")
EDGE: Final = path([patterns.LEFT, patterns.RIGHT, patterns.BODY, patterns.CAP, patterns.PEAK])


@dataclass(frozen=True)
class Paint:
    """An area of one colour (hex); `outline` is SVG path data in a 30 by 30 square."""

    colour: str
    outline: str


@dataclass(frozen=True)
class Silks:
    """What the macro draws, from below to above, and the words that say it aloud (empty where there are none)."""

    paints: tuple[Paint, ...]
    words: str
    edge: str = EDGE


@lru_cache(maxsize=4096)
def silks(words: str | None, name: str) -> Silks:
    """Return the silks of `words` ("Royal blue, yellow star, red cap"); without a colour there, those of `name`."""
    worn = read(words or "")
    return Silks(_drawn(_of_name(name)), "") if worn is None else Silks(_drawn(worn), words or "")


def _drawn(worn: Worn) -> tuple[Paint, ...]:
    return (
        *_painted(worn.sleeves, path([patterns.LEFT, patterns.RIGHT]), patterns.on_sleeves),
        *_painted(worn.body, path([patterns.BODY]), patterns.on_body),
        *_painted(worn.cap, path([patterns.CAP, patterns.PEAK]), patterns.on_cap),
    )


def _painted(piece: Piece, whole: str, on_piece: Callable[[str], str]) -> Iterator[Paint]:
    if piece.ground:
        yield Paint(piece.ground, whole)
    for mark in piece.marks:
        yield Paint(mark.colour, on_piece(mark.pattern))


def _of_name(name: str) -> Worn:
    """Return silks that differ from name to name and stay with it: nobody knows the real ones."""
    picks = blake2s(name.lower().encode(), digest_size=4).digest()
    ground = _PALETTE[picks[0] % len(_PALETTE)]
    other = _PALETTE[(picks[0] + 1 + picks[1] % (len(_PALETTE) - 1)) % len(_PALETTE)]
    sleeves, cap = (ground, other) if picks[2] % 2 else (other, ground)
    shape = _SHAPES[picks[3] % len(_SHAPES)]
    return Worn(Piece(ground, [Mark(shape, other)] if shape else []), Piece(sleeves), Piece(cap))
