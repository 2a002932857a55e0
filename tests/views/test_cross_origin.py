"""Whose pages may read the API, and open a session: FRONTEND_URL's and ours, nobody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.views.guarded import FRIEND, OTHER_FRIEND, OVER_TLS, in_production

ALLOWED = "Access-Control-Allow-Origin"
RACES, ODDS = "/api/v1/races", "/api/v1/races/ascot/odds"
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"
STRANGERS = (
    "https://evil.example", "null", "http://friend.example", "https://friend.example.evil.example",
    "https://friend.example:444", "https://friendXexample", "https://evil.example/https://friend.example",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    yield from in_production(migrated_sqlite, tmp_path_factory.mktemp("origins"))


def headers_of(origin: str | None, **more: str) -> dict[str, str]:
    return {**OVER_TLS, **({"Origin": origin} if origin else {}), **more}


@pytest.mark.parametrize("origin", [FRIEND, OTHER_FRIEND])
def test_a_friends_page_reads_the_api_without_cookies(origin: str, site: FlaskClient) -> None:
    answer = site.get(RACES, headers=headers_of(origin))

    assert answer.headers[ALLOWED] == origin
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert {"ETag", "Retry-After", "X-Request-ID"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert "Origin" in answer.vary
    assert site.get("/api/v1/races/none", headers=headers_of(origin)).headers[ALLOWED] == origin


@pytest.mark.parametrize(("path", "method"), [(RACES, "GET"), (ODDS, "GET"), (ODDS, "POST")])
def test_a_friends_page_may_ask_first(path: str, method: str, site: FlaskClient) -> None:
    wanted = "authorization,content-type,idempotency-key,x-api-key,if-none-match"
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": wanted}

    answer = site.options(path, headers=headers_of(FRIEND, **asked))

    assert answer.status_code == 200
    assert method in answer.headers["Access-Control-Allow-Methods"]
    told = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert set(told) == set(wanted.split(","))


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_strangers_page_reads_nothing_and_opens_no_session(origin: str, site: FlaskClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    handshake = site.get(HANDSHAKE, headers=headers_of(origin))
    answers = [
        site.get(RACES, headers=headers_of(origin)),
        site.options(ODDS, headers=headers_of(origin, **asked)),
        handshake,
        site.options(HANDSHAKE, headers=headers_of(origin, **asked)),
    ]

    assert handshake.status_code == 400
    assert not [name for answer in answers for name, _ in answer.headers if name.startswith("Access-Control-")]


def test_who_names_no_origin_gets_none_and_no_cache_may_mix_them(site: FlaskClient) -> None:
    answer = site.get(RACES, headers=headers_of(None))

    assert ALLOWED not in answer.headers
    assert "Origin" in answer.vary


def test_pages_are_for_no_other_site(site: FlaskClient) -> None:
    assert ALLOWED not in site.get("/", headers=headers_of(FRIEND)).headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [(FRIEND, 200), (OTHER_FRIEND, 200), ("https://localhost", 200), (None, 200), ("http://localhost", 400)],
)
def test_friends_and_our_own_pages_open_a_session(origin: str | None, status: int, site: FlaskClient) -> None:
    answer = site.get(HANDSHAKE, headers=headers_of(origin))

    assert answer.status_code == status
    assert answer.headers.get(ALLOWED) == (origin if status == 200 else None)


def test_a_host_that_somebody_pretends_is_not_ours(site: FlaskClient) -> None:
    pretended = headers_of(
        "https://evil.example", **{"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )

    assert site.get(HANDSHAKE, headers=pretended).status_code == 400
