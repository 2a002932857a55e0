"""Draws a jockey's silks from words: the colours and the pattern of the card, or ones that stay with the name."""

import re
from dataclasses import dataclass
from hashlib import blake2s

_COLOURS = {
    "red": "#c8102e", "scarlet": "#c8102e", "royal blue": "#1a4fa3", "dark blue": "#1b2f5e", "navy": "#1b2f5e",
    "light blue": "#6bb1e0", "blue": "#1a4fa3", "emerald green": "#0a7a4b", "dark green": "#14532d",
    "light green": "#7cc47f", "green": "#0a7a4b", "yellow": "#ffd23f", "orange": "#f28c28", "pink": "#ff9ec4",
    "purple": "#5b2a86", "mauve": "#8f5cc0", "maroon": "#7a1f3d", "claret": "#7a1f3d", "brown": "#6b4423",
    "beige": "#d9c7a3", "grey": "#7d848c", "gray": "#7d848c", "black": "#1c1f22", "white": "#f4f4f2",
}  # fmt: skip
_PATTERNS = {
    "hoop": "hoops", "stripe": "stripes", "spot": "spots", "star": "star", "sash": "sash", "halved": "halved",
    "quarter": "halved", "diamond": "star", "check": "spots", "cross": "sash", "brace": "stripes",
}  # fmt: skip
_NAMED = re.compile("|".join(sorted(_COLOURS, key=len, reverse=True)))
_PALETTE = (
    "#1a4fa3", "#c8102e", "#0a7a4b", "#ffd23f", "#5b2a86", "#f28c28", "#6bb1e0", "#7a1f3d", "#f4f4f2", "#1c1f22",
)  # fmt: skip
_SHAPES = ("plain", "hoops", "stripes", "spots", "star", "sash", "halved")


@dataclass(frozen=True)
class Silks:
    """What the macro draws: four colours (hex), a pattern and the words that say it aloud."""

    body: str
    sleeves: str
    cap: str
    mark: str
    pattern: str
    words: str


def silks(words: str | None, name: str) -> Silks:
    """Return the silks of `words` ("royal blue, yellow star, yellow cap"); without a colour there, those of `name`."""
    described = (words or "").lower()
    colours = [_COLOURS[found] for found in _NAMED.findall(described)]
    if not colours:
        return _of_name(name)
    pattern = next((shape for word, shape in _PATTERNS.items() if word in described), "plain")
    other = next((colour for colour in colours if colour != colours[0]), colours[0])
    cap = colours[-1]
    sleeves = other if "sleeve" in described or pattern == "plain" else colours[0]
    return Silks(colours[0], sleeves, cap, other, pattern, words or "")


def _of_name(name: str) -> Silks:
    picks = blake2s(name.lower().encode(), digest_size=4).digest()
    body = _PALETTE[picks[0] % len(_PALETTE)]
    mark = _PALETTE[(picks[0] + 1 + picks[1] % (len(_PALETTE) - 1)) % len(_PALETTE)]
    sleeves, cap = (body, mark) if picks[2] % 2 else (mark, body)
    return Silks(body, sleeves, cap, mark, _SHAPES[picks[3] % len(_SHAPES)], "")
