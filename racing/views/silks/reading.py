"""Reads silks: from the words of a card to a ground and marks for each piece that is worn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from racing.views.silks.vocabulary import COLOURS, Token, tokens

# A letter a token, as `Token.kind` has them; tried in this order at each place.
_ITEM: Final = re.compile(
    r"""
    (?P<colours>C(?:&C)*)? P O (?P<under_colours>C(?:&C)*)? (?P<under>P)         # black 'C' on yellow ball
  | (?P<on_colours>C(?:&C)*)? P O (?P<ground>C(?:&C)*)? (?P<on>L(?:&L)*)         # dark blue star on white cap
  | (?P<worn_colours>C(?:&C)*)? P? (?P<worn>L(?:&L)*)                            # yellow and black striped sleeves
  | (?P<bare_colours>C(?:&C)*)? P                                                # yellow hoops
  | (?P<only>C(?:&C)*)                                                           # royal blue
    """,
    re.VERBOSE,
)
# Patterns that belong to a piece, whatever was spoken of last.
_OWN_PIECE: Final = {
    "armlets": "sleeves", "cuffs": "sleeves", "reversed": "sleeves", "collar": "body", "waistband": "body",
    "yoke": "body", "peak": "cap", "button": "cap",
}  # fmt: skip
# Patterns that go over the sleeves too where nothing is said of these.
_ALL_OVER: Final = frozenset({
    "hoops", "stripes", "diagonal stripes", "check", "blocks", "diamonds", "stars", "spots", "large spots", "seams",
    "chevrons", "halved",
})  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A pattern in a colour (hex)."""

    pattern: str
    colour: str


@dataclass
class Piece:
    """A body, two sleeves or a cap. `ground` is None where nothing was said of it: it is the body's then."""

    ground: str | None = None
    marks: list[Mark] = field(default_factory=list)

    @property
    def silent(self) -> bool:
        """Nothing was said of it."""
        return self.ground is None and not self.marks


@dataclass
class Worn:
    """Silks as they were read; `unread` are the words that nobody knows."""

    body: Piece = field(default_factory=Piece)
    sleeves: Piece = field(default_factory=Piece)
    cap: Piece = field(default_factory=Piece)
    unread: list[str] = field(default_factory=list)

    def piece(self, name: str) -> Piece:
        """Return the body, the sleeves or the cap."""
        return {"body": self.body, "sleeves": self.sleeves, "cap": self.cap}[name]

    def second_colour(self) -> str:
        """Return the colour that goes with the body's own: its mark's, else the sleeves', else one that shows."""
        said = [mark.colour for mark in self.body.marks] + [piece.ground for piece in (self.sleeves, self.cap)]
        other = next((colour for colour in said if colour and colour != self.body.ground), None)
        white = COLOURS["white"]
        return other or (COLOURS["black"] if white in (self.body.ground, *said) else white)


def read(words: str) -> Worn | None:
    """Return what `words` tell ("Red, white hooped sleeves, black cap"); None where they name no colour at all."""
    told = tokens(words)
    if not any(token.kind == "C" for token in told):
        return None
    reader = _Reader()
    reader.read(told)
    return _completed(reader.worn)


def _completed(worn: Worn) -> Worn:
    if worn.body.ground is None:  # "white cap, black spots": the one colour named for a whole piece is the jacket's
        worn.body.ground = worn.sleeves.ground or worn.cap.ground or worn.second_colour()
    if worn.sleeves.silent:
        worn.sleeves.marks = [_carried(mark) for mark in worn.body.marks if mark.pattern in _ALL_OVER]
    for piece in (worn.sleeves, worn.cap):
        piece.ground = piece.ground or worn.body.ground
    return worn


def _carried(mark: Mark) -> Mark:
    """Return a mark of the body as sleeves carry it on: each sleeve of a halved jacket has the colour of its half."""
    return Mark("sides", mark.colour) if mark.pattern == "halved" else mark


class _Reader:
    """Goes through the tokens, item by item; remembers the colour of the clause and the piece spoken of."""

    def __init__(self) -> None:
        self.worn = Worn()
        self._place = "body"
        self._clause: str | None = None

    def read(self, told: Sequence[Token]) -> None:
        kinds, place = "".join(token.kind for token in told), 0
        while place < len(told):
            item = _ITEM.match(kinds, place)
            if item is None:
                self._between(told[place])
                place += 1
                continue
            self._item(item, told)
            place = item.end()

    def _between(self, token: Token) -> None:
        if token.kind == ",":
            self._clause = None
        elif token.kind == "?":
            self.worn.unread.append(token.value)

    def _item(self, item: re.Match[str], told: Sequence[Token]) -> None:
        def values(kind: str, group: str | None = None) -> list[str]:
            first, last = item.span(group) if group else item.span()
            return [token.value for token in told[max(first, 0) : max(last, 0)] if token.kind == kind]

        if item["under"]:
            if item["under_colours"]:  # else it is there already: "silver stars on yoke"
                self._mark(values("P", "under")[0], values("C", "under_colours"), [])
            return self._mark(values("P")[0], values("C", "colours"), [])
        if item["only"]:
            return self._ground(values("C"), [self._place])
        if item["on"]:
            if item["ground"]:
                clause = self._clause  # "purple armlets and star on green cap": the star is purple
                self._ground(values("C", "ground"), values("L", "on"))
                self._clause = clause
            return self._mark(values("P")[0], values("C", "on_colours"), values("L", "on"))
        patterns, places = values("P"), values("L")
        if patterns:
            return self._mark(patterns[0], values("C"), places)
        return self._ground(values("C") or [self._clause or self.worn.second_colour()], places)

    def _ground(self, colours: Sequence[str], places: Sequence[str]) -> None:
        """Colour whole pieces; two colours without a pattern ("black and gold cap") are halves."""
        for place in places:
            piece = self.worn.piece(place)
            piece.ground = piece.ground or colours[0]
            if len(colours) > 1:
                piece.marks.append(Mark("halved", colours[1]))
        self._clause, self._place = colours[-1], places[-1]

    def _mark(self, pattern: str, colours: Sequence[str], places: Sequence[str]) -> None:
        """Put a pattern on pieces, or where none is named on the one spoken of.

        Of two colours the first is the ground, unless that is known; without a colour it is the clause's.
        """
        for place in places or [_OWN_PIECE.get(pattern, self._place)]:
            piece, chosen = self.worn.piece(place), list(colours)
            if len(chosen) > 1:
                piece.ground = piece.ground or chosen[0]
                chosen = [colour for colour in chosen if colour != piece.ground]
            piece.marks.append(Mark(pattern, chosen[0] if chosen else self._clause or self.worn.second_colour()))
            self._place = self._place if pattern in ("collar", "waistband", "button") else place
        self._clause = colours[-1] if colours else self._clause
