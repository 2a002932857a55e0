"""What the site is called in what others keep: PUBLIC_URL, however whoever asks calls it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.views.guarded import OVER_TLS, in_production

SITE, PRETENDED = "https://offtime.example", "evil.test"


@pytest.fixture(scope="module")
def named(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    yield from in_production(migrated_sqlite, tmp_path_factory.mktemp("named"), public_url=f"{SITE}/")


@pytest.mark.parametrize("path", ["/", "/movers", "/news", "/news.atom", "/robots.txt", "/sitemap.xml", "/api/docs",
                                  "/api/v1/asyncapi.json"])  # fmt: skip
def test_a_page_names_the_site_and_never_what_somebody_calls_it(path: str, named: FlaskClient) -> None:
    page = named.get(path, headers={"Host": PRETENDED}).text

    assert SITE.removeprefix("https://") in page
    assert PRETENDED not in page


@pytest.mark.parametrize(
    ("path", "onward"),
    [("/staff", "/staff/"), ("/staff?a=b", "/staff/?a=b"), ("/static//css/none.css", "/static/css/none.css"),
     ("/staff/", "/login?next=/staff/")],
)  # fmt: skip
def test_a_redirect_names_no_host(path: str, onward: str, named: FlaskClient) -> None:
    answer = named.get(path, headers={"Host": PRETENDED})

    assert answer.status_code in (302, 308)
    assert answer.headers["Location"].replace("%2F", "/") == onward
    assert PRETENDED not in answer.text


def test_a_form_may_be_sent_under_another_name(named: FlaskClient) -> None:
    at = {"base_url": "https://another.example", "headers": {**OVER_TLS, "Referer": "https://another.example/login"}}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', named.get("/login", **at).text)
    assert token is not None

    answer = named.post("/login", data={"email": "a@b.example", "password": "x", "csrf_token": token[1]}, **at)

    assert answer.status_code == 401  # nobody has this password; the form itself is ours
