"""The news by race and by meeting, and as an Atom feed that a strict reader takes."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from racing.extensions import db
from racing.models import Article, Race
from tests.factories import RACE, a_race, an_article

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ATOM = "{http://www.w3.org/2005/Atom}"
MEETING = "wexmoor-2030-06-01"
OTHER = "wexmoor-1440"


@pytest.fixture
def news(client: FlaskClient) -> FlaskClient:
    """A site with an article about each of two races of a meeting, and one about neither."""
    a_race()
    a_race(OTHER)
    an_article("About the first", RACE)
    an_article("About the second", OTHER)
    an_article("About neither")
    return client


def titles(feed: Any) -> list[str]:
    """The titles of a feed's entries."""
    return [str(entry.findtext(f"{ATOM}title")) for entry in read(feed).iter(f"{ATOM}entry")]


def read(answer: Any) -> ElementTree.Element:
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.data)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", ["About neither", "About the second", "About the first"]),
        (f"?race={RACE}", ["About the first"]),
        (f"?meeting={MEETING}", ["About the second", "About the first"]),
    ],
)
def test_the_page_and_the_feed_tell_of_what_they_were_asked_for(asked: str, told: list[str], news: FlaskClient) -> None:
    page = news.get(f"/news{asked}").text

    assert titles(news.get(f"/news.atom{asked}")) == told
    assert [title for title in told if title in page] == told
    assert page.count('class="headline"') == len(told) + 1, "and the blank one for what comes"
    assert 'type="application/atom+xml" title="News' in page
    assert f'href="/news.atom{asked}"' in page


def test_a_list_of_a_subject_says_so_and_leads_back(news: FlaskClient) -> None:
    of_race, of_meeting = news.get(f"/news?race={RACE}").text, news.get(f"/news?meeting={MEETING}").text

    assert '<h1 class="page">News of the 14:05 Wexmoor, Sat 1 Jun 2030</h1>' in of_race
    assert f'<a class="back" href="/races/{RACE}">' in of_race
    assert '<h1 class="page">News of Wexmoor, Sat 1 Jun 2030</h1>' in of_meeting
    assert f'<a class="back" href="/meetings/{MEETING}">' in of_meeting
    assert '<a href="/news">All news</a>' in of_race


def test_the_older_news_of_a_race_are_of_that_race(news: FlaskClient) -> None:
    for number in range(25):
        an_article(f"More {number}.", RACE)
        an_article(f"Elsewhere {number}.")

    first = news.get(f"/news?race={RACE}").text

    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = news.get(older).text
    assert "Elsewhere" not in first + second
    assert "More 4." in second
    assert "About the first" in second


@pytest.mark.parametrize("address", ["/news", "/news.atom"])
@pytest.mark.parametrize(
    ("asked", "status"), [("race=nowhere", 404), ("meeting=nowhere", 404), (f"race={RACE}&meeting={MEETING}", 422)]
)
def test_a_subject_that_is_none_is_refused_with_a_sentence(
    asked: str, status: int, address: str, news: FlaskClient
) -> None:
    answer = news.get(f"{address}?{asked}")

    assert answer.status_code == status
    assert "<h1" in answer.text


def test_a_feed_has_all_that_the_rfc_asks_for(news: FlaskClient) -> None:
    feed = read(news.get("/news.atom", base_url="https://offtime.test"))
    newest = feed.find(f"{ATOM}entry")
    assert newest is not None

    assert feed.findtext(f"{ATOM}id") == "https://offtime.test/news.atom"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": "https://offtime.test/news.atom", "alternate": "https://offtime.test/news"}
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Offtime"
    assert feed.findtext(f"{ATOM}updated") == newest.findtext(f"{ATOM}updated")
    assert datetime.fromisoformat(str(newest.findtext(f"{ATOM}updated"))).tzinfo is not None
    link = newest.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "https://offtime.test/news/about-neither"
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 3
    assert all(str(each).startswith("tag:offtime.test,20") for each in ids)


def test_a_feed_is_as_the_grammar_of_the_rfc_has_it(news: FlaskClient) -> None:
    feed = read(news.get("/news.atom"))

    once = ["title", "id", "updated", "author", "icon"]
    assert sorted(each.tag.removeprefix(ATOM) for each in feed if each.tag != f"{ATOM}entry") == sorted(
        [*once, "link", "link"]
    )
    for entry in feed.iter(f"{ATOM}entry"):
        inside = sorted(each.tag.removeprefix(ATOM) for each in entry)
        assert inside == ["content", "id", "link", "published", "summary", "title", "updated"]
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert list(content) == [], "HTML is a text in a feed, whatever is in it"
    moments = [each.text for name in ("updated", "published") for each in feed.iter(f"{ATOM}{name}")]
    assert len(moments) == 7
    assert all(RFC_3339.fullmatch(str(each)) for each in moments), moments


def test_the_feed_of_a_race_is_another_than_the_feed_of_all(news: FlaskClient) -> None:
    feeds = [read(news.get(f"/news.atom{asked}")) for asked in ("", f"?race={RACE}", f"?meeting={MEETING}")]

    assert len({feed.findtext(f"{ATOM}id") for feed in feeds}) == 3
    for feed in feeds:
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == feed.findtext(f"{ATOM}id")
        assert titles(news.get(str(links["self"]).removeprefix("http://localhost"))) == [
            entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")
        ]


def test_an_entry_keeps_its_id_when_others_are_published(news: FlaskClient) -> None:
    def ids() -> list[str | None]:
        return [entry.findtext(f"{ATOM}id") for entry in read(news.get("/news.atom")).iter(f"{ATOM}entry")]

    before = ids()
    an_article("The newest")

    assert ids()[1:] == before


def test_a_feed_without_news_says_since_when_there_could_have_been_some(client: FlaskClient) -> None:
    def updated(asked: str = "") -> datetime:
        feed = read(client.get(f"/news.atom{asked}"))
        return datetime.fromisoformat(str(feed.findtext(f"{ATOM}updated")))

    assert datetime.now(UTC) - timedelta(days=1) < updated() <= datetime.now(UTC)
    a_race()
    begun = db.session.get_one(Race, RACE).created_at
    a_race(OTHER)

    assert [updated(), updated(f"?race={RACE}"), updated(f"?meeting={MEETING}")] == [begun] * 3
    assert updated(f"?race={OTHER}") == db.session.get_one(Race, OTHER).created_at > begun
    assert client.get("/news.atom").headers["ETag"] == client.get("/news.atom").headers["ETag"]


def test_a_reader_that_has_it_is_told_so_until_something_is_published(news: FlaskClient) -> None:
    answer = news.get("/news.atom")
    known = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"}

    again = news.get("/news.atom", headers=known)
    an_article("The newest")
    later = news.get("/news.atom", headers=known)

    assert (again.status_code, again.data) == (304, b"")
    assert later.status_code == 200


def test_signs_that_mean_something_in_xml_or_nothing_at_all_end_no_feed(client: FlaskClient) -> None:
    an_article('"Rain" <b>&</b> sun ]]>', body="One & <two>\n\nThree")
    strange = an_article("Strange").id
    db.session.get_one(Article, strange).summary = "A sign\ufffe that XML has no room for"
    db.session.commit()

    answer = client.get("/news.atom")

    assert titles(answer) == ["Strange", '"Rain" <b>&</b> sun ]]>']
    contents = [str(each.text).strip() for each in read(answer).iter(f"{ATOM}content")]
    assert "<p>One &amp; &lt;two&gt;</p>\n<p>Three</p>" in contents
    assert "A sign that XML has no room for" in answer.text
