"""News, published through the API by staff alone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from racing.models import Article, Role
from racing.realtime.messages import instant
from racing.services import news
from tests.factories import RACE, a_race
from tests.support.kept import nothing_written, rows_of
from tests.views.conftest import Call

ARTICLE: dict[str, Any] = {"title": "Rain at Wexmoor", "summary": "It eases.", "body": "One.\n\nTwo."}


def test_staff_publish_and_get_the_article_back(post: Call) -> None:
    a_race()

    answer = post("/news", {**ARTICLE, "raceId": RACE})

    published = news.article("rain-at-wexmoor")
    assert answer.status_code == 201
    assert answer.get_json() == {
        **ARTICLE, "id": published.id, "slug": "rain-at-wexmoor", "url": "/news/rain-at-wexmoor", "raceId": RACE,
        "publishedAt": instant(published.published_at),
    }  # fmt: skip


def test_an_article_about_no_one_race_names_none(post: Call) -> None:
    assert "raceId" not in post("/news", ARTICLE).get_json()


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 201), (Role.FEED, 403), (Role.PUNTER, 403)])
def test_a_feed_writes_odds_but_no_news(
    role: Role, status: int, client: FlaskClient, bearer: Callable[..., dict[str, str]]
) -> None:
    answer = client.post("/api/v1/news", json=ARTICLE, headers=bearer(role))

    assert (answer.status_code, rows_of(Article)) == (status, int(status == 201))


def test_nobody_publishes_without_a_token(client: FlaskClient) -> None:
    with nothing_written():
        assert client.post("/api/v1/news", json=ARTICLE).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"raceId": "nowhere"}, "raceId"), ({"raceId": "No Where"}, "raceId"), ({"raceId": 7}, "raceId"),
     ({"title": ""}, "title"), ({"title": "t" * 151}, "title"), ({"title": "a\nb"}, "title"), ({"title": 7}, "title"),
     ({"summary": " "}, "summary"), ({"summary": None}, "summary"), ({"body": "a\u0000b"}, "body"),
     ({"body": "b" * 20_001}, "body"), ({"body": ["b"]}, "body")],
)  # fmt: skip
def test_an_article_with_a_mistake_is_not_published(wrong: dict[str, Any], field: str, post: Call) -> None:
    with nothing_written():
        answer = post("/news", {**ARTICLE, **wrong})

    error = answer.get_json()["error"]
    assert (answer.status_code, error["type"], list(error["fields"])) == (422, "invalid_payload", [field])


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"", 400), (b"[]", 422), (b"{}", 422)])
def test_what_is_no_article_is_refused(body: bytes, status: int, client: FlaskClient, staff: dict[str, str]) -> None:
    with nothing_written():
        assert client.post("/api/v1/news", data=body, headers=staff).status_code == status


def test_an_article_sent_twice_under_one_key_is_published_once(post: Call) -> None:
    first = post("/news", ARTICLE, Idempotency_Key="n-1")

    with nothing_written():
        again = post("/news", ARTICLE, Idempotency_Key="n-1")
        other = post("/news", {**ARTICLE, "title": "Another"}, Idempotency_Key="n-1")

    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert (other.status_code, other.get_json()["error"]["type"]) == (422, "idempotency_key_reused")
