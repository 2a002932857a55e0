"""Compressed scripts come without comments; nothing else of them is lost, and no line moves."""

import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from racing.views.compression import bare
from racing.views.static_files import FOLDER
from racing.views.travelling_scripts import bare_script

OURS = sorted((FOLDER / "js").rglob("*.js"))
WRITTEN = """/** What it does. */

/**
 * Return the price; `a // b` is no comment.
 */
export const price = (a) => `${a}//x`; // behind code it stays
  // Why.
  /* and */ const b = 1;
/** What is next. */
const c = 2;
"""


def test_comments_that_have_a_line_to_themselves_go_and_every_line_stays_where_it_is() -> None:
    sent = bare_script(WRITTEN).split("\n")

    assert [(number, line) for number, line in enumerate(sent, 1) if line] == [
        (6, "export const price = (a) => `${a}//x`; // behind code it stays"),
        (8, "/* and */ const b = 1;"),
        (10, "const c = 2;"),
    ]
    assert len(sent) == len(WRITTEN.split("\n"))


@pytest.mark.parametrize("path", ["vendor/uPlot.esm.min.js", "vendor/uPlot.min.css", "icon.svg"])
def test_what_others_wrote_and_what_is_no_text_of_ours_travels_as_it_is(path: str) -> None:
    assert bare(FOLDER / path) == (FOLDER / path).read_bytes()


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_script_has_a_text_over_several_lines_in_which_something_could_look_like_a_comment(path: Path) -> None:
    code = bare(path).decode().split("\n")

    assert any(code)
    assert [line for line in code if line.count("`") % 2] == []


def test_a_browser_gets_it_so_and_who_wants_no_compression_as_it_is_written(client: FlaskClient) -> None:
    address = "/static/js/live/board.js"
    written = (FOLDER / "js/live/board.js").read_bytes()

    sent = brotli.decompress(client.get(address, headers={"Accept-Encoding": "br"}).data)

    assert client.get(address, headers={"Accept-Encoding": "identity"}).data == written
    assert not re.search(rb"^\s*(//|/\*)", sent, re.MULTILINE)
    assert sent.count(b"\n") == written.count(b"\n")
    assert b"export function apply(board, payload" in sent
