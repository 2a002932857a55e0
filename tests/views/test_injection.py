"""What others type leads nobody elsewhere, computes nothing in a spreadsheet and keeps no worker busy."""

import time

import pytest
from flask.testing import FlaskClient

from racing.errors import FeedError
from racing.feeds.card_csv import read_lines
from racing.views.addresses import LONGEST, own_path
from racing.views.csv_lines import as_text
from racing.views.form_fields import MOST_FIELDS


@pytest.mark.parametrize(
    "given",
    ["https://evil.test/", "//evil.test", "///evil.test", "/\\evil.test", "\\/evil.test", "\\\\evil.test",
     "/\t/evil.test", "/\n/evil.test", "/\r\nSet-Cookie: a=b", " //evil.test", "\t//evil.test", "javascript:alert(1)",
     "evil.test", "@evil.test", "https:evil.test", "https:/evil.test", "/\x00/evil.test", "/\x7f", "/\x85/",
     "/a\u2028b", "\uff0f\uff0fevil.test", "/" + "a" * LONGEST, "", None],
)  # fmt: skip
def test_an_address_of_others_is_none_of_ours(given: str | None) -> None:
    assert own_path(given) == ""


@pytest.mark.parametrize(
    "given", ["/", "/races/a?b=//c", "/staff/#top", "/@evil.test", "/%2f%2fevil.test", "/\u2044/evil", "/ä"]
)
def test_a_path_of_ours_stays(given: str) -> None:
    assert own_path(given) == given


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_cell_is_no_formula(begins: str) -> None:
    assert as_text(f"{begins}1+1") == f"'{begins}1+1"


def test_a_form_of_too_many_fields_is_refused_before_it_is_read(client: FlaskClient) -> None:
    began = time.process_time()
    answer = client.post("/login", data=b"a=&" * 340_000, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "too many fields" in answer.text
    assert time.process_time() - began < 1
    many = client.post("/login", data=b"a=&" * (MOST_FIELDS - 1), content_type="application/x-www-form-urlencoded")
    assert many.status_code == 400  # read, and found to have no token of ours


def test_a_head_of_a_million_cells_is_no_card() -> None:
    with pytest.raises(FeedError, match="head of no card"):
        read_lines("course," * 140_000)
