"""Answers are compressed for who takes them so; caches are told, and 304 goes on to work."""

import gzip
from typing import Any

import brotli
import pytest
from flask import url_for
from flask.testing import FlaskClient

from racing.views.compression import bare, zstd
from racing.views.static_files import FOLDER
from tests.factories import RACE, a_race, an_article

UNPACKED = {"br": brotli.decompress, "zstd": zstd.decompress, "gzip": gzip.decompress}
CHROME, SAFARI, OLD = "gzip, deflate, br, zstd", "gzip, deflate, br", "gzip"


def asking(client: FlaskClient, path: str, accepted: str, **headers: str) -> Any:
    return client.get(path, headers={"Accept-Encoding": accepted, **headers})


@pytest.fixture
def style(app: Any) -> str:
    """The address of a stylesheet."""
    with app.test_request_context():
        return url_for("static", filename="css/base.css")


@pytest.mark.parametrize(("accepted", "encoding"), [(CHROME, "zstd"), (SAFARI, "br"), (OLD, "gzip")])
def test_a_page_goes_in_the_quickest_encoding_that_the_browser_takes(
    accepted: str, encoding: str, client: FlaskClient
) -> None:
    a_race()
    plain, packed = asking(client, f"/races/{RACE}", ""), asking(client, f"/races/{RACE}", accepted)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in plain.headers["Vary"], "a cache must not keep the plain one for all"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 3
    assert b"</html>" in UNPACKED[encoding](packed.data)


@pytest.mark.parametrize(("accepted", "encoding"), [(CHROME, "br"), (SAFARI, "br"), (OLD, "gzip"), ("zstd", "zstd")])
def test_a_static_file_goes_as_small_as_it_gets(accepted: str, encoding: str, style: str, client: FlaskClient) -> None:
    plain, packed = asking(client, style, ""), asking(client, style, accepted)

    assert packed.headers["Content-Encoding"] == encoding
    assert UNPACKED[encoding](packed.data) == bare(FOLDER / "css/base.css")
    assert (packed.content_type, plain.mimetype) == ("text/css", "text/css")  # both UTF-8, as the page is
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"]


def test_a_static_file_that_a_browser_has_is_not_sent_again_and_each_encoding_has_its_tag(
    style: str, client: FlaskClient
) -> None:
    tags = {accepted: asking(client, style, accepted).headers["ETag"] for accepted in ("", OLD, SAFARI, "zstd")}

    assert len(set(tags.values())) == 4
    for accepted, tag in tags.items():
        again = asking(client, style, accepted, **{"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/news.atom", "/sitemap.xml"])
@pytest.mark.parametrize("accepted", ["", CHROME, SAFARI, OLD])
def test_what_is_made_each_time_is_not_sent_again_either_where_it_is_the_same(
    accepted: str, path: str, client: FlaskClient
) -> None:
    for number in range(5):
        an_article(f"Rain, {number}")
    first = asking(client, path, accepted)

    again = asking(client, path, accepted, **{"If-None-Match": first.headers["ETag"]})
    an_article("The sun shines")
    client.application.extensions["kept_sitemap"].forget()  # an hour later
    changed = asking(client, path, accepted, **{"If-None-Match": first.headers["ETag"]})

    assert ("Content-Encoding" in first.headers) == bool(accepted)
    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


@pytest.mark.parametrize("refused", ["br;q=0, gzip", "gzip;q=0.5, br;q=0"])
def test_an_encoding_that_is_refused_is_not_sent(refused: str, style: str, client: FlaskClient) -> None:
    assert asking(client, style, refused).headers["Content-Encoding"] == "gzip"


def test_what_fits_a_packet_is_left_as_it_is(client: FlaskClient) -> None:
    assert "Content-Encoding" not in asking(client, "/health", CHROME).headers


def test_a_head_says_what_a_get_would(style: str, client: FlaskClient) -> None:
    head = client.head(style, headers={"Accept-Encoding": SAFARI})

    assert head.data == b""
    assert head.headers["Content-Encoding"] == "br"
    assert head.headers["ETag"] == asking(client, style, SAFARI).headers["ETag"]


@pytest.mark.parametrize("address", ["/static/js/nothing.js", "/static/%2e%2e/app.js", "/static/css"])
def test_what_is_not_there_is_not_found_in_any_encoding(address: str, client: FlaskClient) -> None:
    assert asking(client, address, CHROME).status_code == 404
