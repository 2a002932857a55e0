"""The words silks are told in, as cards print them: colours, patterns, and the pieces these are worn on."""

import re
from dataclasses import dataclass
from typing import Final

COLOURS: Final = {
    "black": "#1c1f22", "white": "#f7f7f4", "grey": "#8b929a", "silver": "#c3c8cd", "gray": "#8b929a",
    "red": "#d0182b", "scarlet": "#d9261c", "turkey red": "#b3182c", "crimson": "#a3142f", "flame": "#e2541e",
    "maroon": "#7a1f3d", "burgundy": "#6d1630", "claret": "#741c3c", "coral": "#f0705c", "cerise": "#d6246e",
    "pink": "#ff9ec4", "shocking pink": "#f73d93", "hot pink": "#f73d93", "f pink": "#ff6fae",
    "fuchsia": "#c9288f", "fushia": "#c9288f", "magenta": "#b82278", "mauve": "#a678cf", "violet": "#6d3fa8",
    "purple": "#5b2a86", "orange": "#f28c28", "yellow": "#ffd92e", "primrose": "#f7eb90", "gold": "#d9a520",
    "old gold": "#b98d1e", "champagne": "#ecd9b0", "cream": "#f6ecce", "beige": "#d9c29a", "tan": "#c49a6c",
    "khaki": "#a39a62", "brown": "#6b4423", "green": "#0a8a50", "emerald green": "#0a8a50", "emerald": "#0a8a50",
    "dark green": "#14532d", "hunter green": "#1d4d34", "light green": "#86cf82", "kelly green": "#259c3f",
    "jade green": "#0fa57a", "lime green": "#9fd335", "lime": "#9fd335", "mint green": "#a5e3c3",
    "chartreuse": "#c8e13a", "aqua": "#4cc5cf", "teal": "#107a80", "turquoise": "#26b6b0",
    "turquoise blue": "#22abc0", "kingfisher": "#1487ad", "blue": "#1a4fa3", "royal blue": "#1a4fa3",
    "dark blue": "#1b2f5e", "navy": "#1b2f5e", "navy blue": "#1b2f5e", "light blue": "#7cbdea",
    "sky blue": "#7cbdea", "powder blue": "#a7cbe8", "electric blue": "#1f6df0",
}  # fmt: skip

# What cards call one pattern, the most usual word first; "-" stands for its own name.
_SPELLINGS: Final = {
    "hoops": "- hooped multi-hoops", "hoop": "- band belt ring", "stripes": "- striped bars", "stripe": "- bar",
    "diagonal stripes": "-", "chevrons": "-", "chevron": "-", "v": "- vs v-bib band-v", "braces": "-",
    "cross belts": "- cross-sashes crossed-sashes", "sash": "-", "cross of lorraine": "-",
    "cross": "- serbian-orthodox-cross chi-rho-cross chi-rho", "maltese cross": "- maltese-crosses",
    "disc": "- ball circle", "diabolo": "- diabolos diablo diagonal-quarters quartered-diagonally "
    "diagonally-quartered", "diamonds": "- checked-diamonds checked-diamond", "diamond": "- diamond-panel",
    "triple diamond": "- diamond-seam diamond-seams diamond-stripe", "diamond hoop": "- diamond-belt",
    "diamond frame": "-", "hollow box": "-", "epaulettes": "- epaulets epaulet epaulette",
    "halved": "- halves vertical-halves vertical-halved halved-vertically", "quartered": "- quarters",
    "inverted triangle": "- triangular-panel triangular-thirds", "triangle": "-", "large spots": "-",
    "spots": "- spotted dots polka-dots", "spot": "-", "stars": "- southern-cross-stars", "star": "- shooting-star",
    "panel": "-", "seams": "- seam piping", "check": "- checked checks", "blocks": "-", "yoke": "-", "braid": "-",
    "waistband": "-", "collar": "-", "armlets": "- armlet armbands armband", "cuffs": "- cuff", "peak": "- visor",
    "button": "- tassel pompon", "reversed": "sleeves-reversed", "lightning bolt": "-", "heart": "-",
    "horseshoe": "- horseshoes horse-shoes", "shamrock": "- clover clovers four-leaf-clover",
    "emblem": "- horse-emblem baseball-emblem dog-emblem fruit-emblem horse horsehead scorpion eagle crown crest logo "
    "letter initials sunburst rising-sun rose blossom fleur-de-lys laurel-wreath four-aces woman winged-a-logo",
}  # fmt: skip
_PIECES: Final = {"sleeves": "sleeves", "sleeve": "sleeves", "cap": "cap", "body": "body"}
# Said of a colour or a pattern, and drawn the same without it.
_ADDED: Final = frozenset({
    "with", "all", "the", "of", "a", "two", "three", "four", "fluorescent", "metallic", "bright", "neon", "dayglo",
    "circled", "vertical", "velvet", "outline", "racing",
})  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A word that is understood. `kind` is one of C colour, P pattern, L piece (where), &, O on, "," or ? unknown."""

    kind: str
    value: str


def _phrases() -> dict[str, Token]:
    known = {colour: Token("C", COLOURS[colour]) for colour in COLOURS}
    for pattern, spellings in _SPELLINGS.items():
        for spelling in spellings.split():
            known[pattern if spelling == "-" else spelling.replace("-", " ")] = Token("P", pattern)
    known |= {word: Token("L", piece) for word, piece in _PIECES.items()}
    known |= dict.fromkeys(("and", "&"), Token("&", "")) | dict.fromkeys(("on", "in"), Token("O", ""))
    return known | {",": Token(",", "")} | {word: Token("", "") for word in _ADDED}


_KNOWN: Final = _phrases()
_LETTERS: Final = r"'[^']{1,14}'|(?<![a-z])[b-z](?![a-z])"
_LARGE: Final = re.compile(r"\blarge ([a-z ]+?) spots\b")
_TARTAN: Final = {"barclay tartan": "yellow and black check", "tartan": "dark green and red check"}
_NEXT: Final = re.compile(
    rf"(?<![a-z])(?:{'|'.join(sorted(map(re.escape, _KNOWN), key=len, reverse=True))})(?![a-z])"
    rf"|(?P<letters>{_LETTERS})|[a-z]+"
)


def tokens(words: str) -> list[Token]:
    """Return the words in order, what is added for the ear left out; a word that nobody knows is of kind "?"."""
    told = " ".join(words.lower().replace(",", " , ").replace("-", " ").split())
    for cloth, alike in _TARTAN.items():
        told = told.replace(cloth, alike)
    told = _LARGE.sub(r"\1 large spots", told)
    return [token for found in _NEXT.finditer(told) if (token := _token(found)).kind]


def _token(found: re.Match[str]) -> Token:
    if found["letters"]:
        return Token("P", "emblem")
    return _KNOWN.get(found[0], Token("?", found[0]))
