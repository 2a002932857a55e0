"""The news pages."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from racing.services import news
from tests.factories import RACE, a_race, a_user, an_article
from tests.views.pages import sign_in


def test_the_list_pages_back_from_the_newest(client: FlaskClient) -> None:
    for number in range(1, 46):
        an_article(f"Article number {number}.")

    first, second, third = (client.get(path).text for path in ("/news", "/news?before=26", "/news?before=6"))

    assert first.index("number 45.") < first.index("number 26.")
    assert "number 25." not in first
    assert 'href="/news?before=26"' in first
    assert "number 25." in second
    assert "number 26." not in second
    assert "number 1." in third
    assert "before=" not in third


@pytest.mark.parametrize("before", ["", "abc", "-1", "1.5", "9" * 16, "²"])
def test_a_page_before_nothing_is_refused_with_a_sentence(before: str, client: FlaskClient) -> None:
    answer = client.get("/news", query_string={"before": before})

    assert answer.status_code == 422
    assert "number of an article" in answer.text


def test_an_article_shows_its_paragraphs_as_they_were_typed_and_links_to_its_race(client: FlaskClient) -> None:
    a_race()
    an_article("A <b>bold</b> claim", RACE, "First <script>alert(1)</script>\n\n \n\nSecond & last")

    answer = client.get("/news/a-b-bold-b-claim")

    assert answer.status_code == 200
    assert "<p>First &lt;script&gt;alert(1)&lt;/script&gt;</p>" in answer.text
    assert "<p>Second &amp; last</p>" in answer.text
    assert "A &lt;b&gt;bold&lt;/b&gt; claim" in answer.text
    assert f'<a href="/races/{RACE}">14:05 Wexmoor, Sat 1 Jun 2030</a>' in answer.text


def test_an_article_is_where_its_payload_says(client: FlaskClient) -> None:
    an_article()

    assert client.get(news.after(0, 1)[0]["url"]).status_code == 200
    assert client.get("/news/nothing").status_code == 404


def test_a_page_says_which_article_it_was_drawn_with(client: FlaskClient) -> None:
    assert 'data-news-after="0"' in client.get("/").text
    newest = an_article().id

    for path in ("/", "/news", "/news/rain-at-wexmoor", "/login"):
        page = client.get(path).text
        assert f'data-news-after="{newest}"' in page
        assert "data-notifications-after" not in page


def test_an_article_published_while_a_page_is_drawn_is_told_rather_than_lost(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = news.articles

    def publishing_first(*given: Any) -> Any:
        an_article("Meanwhile")
        return drawn(*given)

    monkeypatch.setattr(news, "articles", publishing_first)

    assert 'data-news-after="0"' in client.get("/news").text


def test_the_desk_leads_to_its_news_and_every_page_to_the_news(client: FlaskClient) -> None:
    assert 'href="/news"' in client.get("/").text
    sign_in(client, a_user())

    assert 'href="/staff/news"' in client.get("/staff/").text
