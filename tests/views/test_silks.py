"""Silks are drawn as the words of a card tell them."""

import gzip
import re

import pytest
from flask import Flask, get_template_attribute

from racing.views.silks import EDGE, Silks, patterns, silks
from racing.views.silks.outlines import box, cut, mirrored, path
from racing.views.silks.reading import Mark, Piece, Worn, read
from racing.views.silks.shapes import ON_BODY, ON_CAP, ON_SLEEVE
from racing.views.silks.vocabulary import COLOURS

NAMES = {colour: name for name, colour in reversed(COLOURS.items())}
NAMES |= {COLOURS[name]: name for name in ("royal blue", "emerald green")}


def told(piece: Piece) -> str:
    """Say a piece in words again: "red: white hoops, black armlets"."""
    marks = ", ".join(f"{NAMES[mark.colour]} {mark.pattern}" for mark in piece.marks)
    return NAMES[piece.ground or ""] + (f": {marks}" if marks else "")


def worn(words: str) -> Worn:
    found = read(words)
    assert found is not None
    return found


# The words, then jacket, sleeves and cap as they are drawn.
CARDS = [
    ("Scarlet", "scarlet", "scarlet", "scarlet"),
    ("Red, white sleeves, black cap", "red", "white", "black"),
    ("Royal blue, yellow star", "royal blue: yellow star", "royal blue", "royal blue"),
    ("Black and white stripes, yellow cap", "black: white stripes", "black: white stripes", "yellow"),
    ("Emerald green, yellow hoops, white cap", "emerald green: yellow hoops", "emerald green: yellow hoops", "white"),
    ("Black and orange (quartered), white sleeves, black cap", "black: orange quartered", "white", "black"),
    ("Black and white (halved), sleeves reversed, red cap", "black: white halved", "black: white reversed", "red"),
    ("Purple and pink halved", "purple: pink halved", "purple: pink sides", "purple"),
    ("Red, yellow sash, hooped sleeves, quartered cap",
     "red: yellow sash", "red: yellow hoops", "red: yellow quartered"),
    ("Dark blue, light blue hoop, checked sleeves and cap",
     "dark blue: light blue hoop", "dark blue: light blue check", "dark blue: light blue check"),
    ("Black, orange seams and sleeves, black cap", "black: orange seams", "orange", "black"),
    ("Yellow, royal blue cross of lorraine, armlets and cap",
     "yellow: royal blue cross of lorraine", "yellow: royal blue armlets", "royal blue"),
    ("Black, yellow star, yellow sleeves, black stars", "black: yellow star", "yellow: black stars", "black"),
    ("White, red seams, white cap, black spots", "white: red seams", "white: red seams", "white: black spots"),
    ("Dark green, yellow star, yellow sleeves, dark green stars and cap",
     "dark green: yellow star", "yellow: dark green stars", "dark green"),
    ("Purple, emerald green star, emerald green sleeves, purple armlets and star on emerald green cap",
     "purple: emerald green star", "emerald green: purple armlets", "emerald green: purple star"),
    ("Grey, red star on body and cap, red sleeves, grey armlets",
     "grey: red star", "red: grey armlets", "grey: red star"),
    ("Light blue, red and light blue halved sleeves, royal blue cap",
     "light blue", "red: light blue halved", "royal blue"),
    ("Grey, yellow striped sleeves and cap", "grey", "grey: yellow stripes", "grey: yellow stripes"),
    ("Yellow, emerald green triple diamond, diabolo on sleeves and diamond on cap",
     "yellow: emerald green triple diamond", "yellow: emerald green diabolo", "yellow: emerald green diamond"),
    ("Grey, large purple spots, purple cap", "grey: purple large spots", "grey: purple large spots", "purple"),
    ("Maroon, beige cross belts, dark blue sleeves, beige stars, dark blue cap, beige star",
     "maroon: beige cross belts", "dark blue: beige stars", "dark blue: beige star"),
    ("Brown, large orange spots, orange collar, orange sleeves, brown cuffs and cap, orange peak",
     "brown: orange large spots, orange collar", "orange: brown cuffs", "brown: orange peak"),
    ("LIGHT BLUE, BLACK diamond, WHITE sleeves, BLACK diamonds, BLACK and WHITE quartered cap",
     "light blue: black diamond", "white: black diamonds", "black: white quartered"),
    # As Australia tells them, without commas.
    ("Black Red Diamond & Armbands", "black: red diamond", "black: red armlets", "black"),
    ("White Orange Maltese Cross Black & Orange Striped Sleeves",
     "white: orange maltese cross", "black: orange stripes", "white"),
    # As America tells them.
    ("RED, white star, white stars on red sleeves, red cap", "red: white star", "red: white stars", "red"),
    ("BLACK, black 'C' on yellow ball, yellow sleeves, black cap",
     "black: yellow disc, black emblem", "yellow", "black"),
    ("Fuchsia, silver crown in black diamond, black sleeves, fuchsia and black cap",
     "fuchsia: black diamond, silver emblem", "black", "fuchsia: black halved"),
    ("White, white and blue emblem, purple and white sash", "white: royal blue emblem, purple sash", "white", "white"),
    # No jacket told: it has the colour of the piece that is.
    ("white cap, black spots", "white", "white", "white: black spots"),
    ("Yellow hoops, white sleeves", "white: yellow hoops", "white", "white"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "jacket", "sleeves", "cap"), CARDS)
def test_silks_are_read_as_they_are_worn(words: str, jacket: str, sleeves: str, cap: str) -> None:
    read_as = worn(words)

    assert (told(read_as.body), told(read_as.sleeves), told(read_as.cap)) == (jacket, sleeves, cap)
    assert read_as.unread == []


def test_a_word_that_nobody_knows_spoils_nothing() -> None:
    read_as = worn("Red, splendiferous white star, black cap")

    assert read_as.unread == ["splendiferous"]
    assert (told(read_as.body), told(read_as.cap)) == ("red: white star", "black")


@pytest.mark.parametrize("words", [None, "", "to be confirmed", "stripes", "," * 200, "& on 'A' cap and"])
def test_silks_that_nobody_has_told_are_an_outline_and_no_other_horse_s(words: str | None) -> None:
    assert silks(words) == Silks((), "")


@pytest.mark.parametrize(
    "words", ["hoops red", "red and red", "red on cap", "stripes on red", "red red red & & white cap on on star"]
)
def test_whatever_is_said_with_a_colour_is_drawn(words: str) -> None:
    assert silks(words).paints


def corners(outline: str) -> list[tuple[float, float]]:
    """Return where a path goes, absolutely; of a disc its left and its right."""
    found = []
    for start, kind, rest in re.findall(r"M([^lz]*?)([la])([^z]*)z", outline):
        x, y = (float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", start))
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True)) if kind == "l" else [(2 * numbers[0], 0.0)]
        found.append((x, y))
        for across, down in steps:
            x, y = x + across, y + down
            found.append((x, y))
    return found


@pytest.mark.parametrize("pattern", sorted({*ON_BODY, *ON_SLEEVE, *ON_CAP, "peak", "sides", "reversed"}))
def test_every_pattern_is_drawn_on_every_piece_and_hangs_over_no_edge(pattern: str) -> None:
    jacket = corners(patterns.on_body(pattern))
    sleeves = corners(patterns.on_sleeves(pattern))
    cap = corners(patterns.on_cap(pattern))

    assert all(8 <= round(x, 1) <= 22 and 8.8 <= round(y, 1) <= 29 for x, y in jacket)
    assert all(1.6 <= round(x, 1) <= 9.5 or 20.5 <= round(x, 1) <= 28.4 for x, _ in sleeves)
    assert all(9.4 <= round(x, 1) <= 20.6 and 0 <= round(y, 1) <= 8 for x, y in cap)
    assert min(len(jacket), len(sleeves), len(cap)) >= 2


def test_a_shape_is_cut_at_the_edge_of_its_piece() -> None:
    piece = box(10, 10, 20, 20)

    assert path([cut(box(0, 12, 30, 14), piece)]) == path([box(10, 12, 20, 14)]) == "M10 12l10 0 0 2-10 0z"
    assert cut(box(21, 0, 25, 30), piece) == ()
    assert set(mirrored(box(1, 2, 3, 4))) == set(box(27, 2, 29, 4))


def test_two_marks_of_one_colour_are_told_from_their_ground() -> None:
    assert worn("White, hooped sleeves").sleeves.marks == [Mark("hoops", COLOURS["black"])]


def test_the_drawing_says_the_words_aloud_and_one_without_words_is_silent(app: Flask) -> None:
    draw = get_template_attribute("macros/silks.html", "silks")

    spoken = draw(silks("Red, white 'A&B' cap"))
    assert 'role="img" aria-label="Red, white &#39;A&amp;B&#39; cap"' in spoken
    assert 'aria-hidden="true"' in draw(silks(None))


def test_a_black_jacket_is_seen_on_black_paper_without_a_stylesheet(app: Flask) -> None:
    drawing = get_template_attribute("macros/silks.html", "silks")(silks("Black"))

    assert 'fill="none" stroke="currentColor"' in drawing
    assert f'd="{EDGE}"' in drawing


def test_the_silks_of_a_big_field_weigh_little(app: Flask) -> None:
    draw = get_template_attribute("macros/silks.html", "silks")
    field = [words for words, *_ in CARDS[4:20]]

    page = "".join(draw(silks(words)) for words in field)
    assert len(field) == 16
    assert len(gzip.compress(page.encode())) < 2400
