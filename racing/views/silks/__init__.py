"""Draws a jockey's silks from the words of the card; nobody's are an outline alone, for a horse is known by them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from racing.views.silks import patterns
from racing.views.silks.outlines import path
from racing.views.silks.reading import Piece, Worn, read

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
def silks(words: str | None) -> Silks:
    """Return the silks of `words` ("Royal blue, yellow star, red cap"); without a colour there, an outline."""
    worn = read(words or "")
    return Silks((), "") if worn is None else Silks(_drawn(worn), words or "")


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
