"""News: published once, for everybody, in order."""

import pytest
from sqlalchemy import select, text

from racing.errors import InvalidInput, KeyReused, NotFound
from racing.extensions import db
from racing.models import Article, AuditEntry
from racing.realtime.messages import instant
from racing.services import news
from racing.services.idempotency import Once
from tests.factories import RACE, a_race, a_user, an_article
from tests.support.asked import asked, rows_taken, steps
from tests.support.kept import nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("either_app")


def test_an_article_is_published_with_its_race_and_its_author() -> None:
    a_race()
    staff = a_user()

    article = news.publish(" Rain at Wexmoor ", "It eases.", "One.\r\n\r\nTwo.", RACE, staff)

    assert (article.slug, article.title, article.body) == ("rain-at-wexmoor", "Rain at Wexmoor", "One.\n\nTwo.")
    assert news.after(0, 10) == [
        {"id": article.id, "title": "Rain at Wexmoor", "summary": "It eases.", "url": "/news/rain-at-wexmoor",
         "raceId": RACE, "publishedAt": instant(article.published_at)}
    ]  # fmt: skip
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.user_id, entry.race_id) == ("news", staff.id, RACE)
    assert entry.after == {"article": article.id}


def test_news_of_no_one_race_names_none() -> None:
    an_article()

    assert "raceId" not in news.after(0, 1)[0]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Été à Compiègne: 2 miles!", "ete-a-compiegne-2-miles"), ("東京", "news"), ("x" * 150, "x" * 50),
     (f"{'y' * 49} z", "y" * 49), (f"{'y' * 45} abcd efgh", f"{'y' * 45}-abcd"),
     ("Quiet Harbour heads twenty-three for the Lamplighter Handicap", "quiet-harbour-heads-twenty-three-for-the")],
)  # fmt: skip
def test_a_title_makes_an_address(title: str, slug: str) -> None:
    assert an_article(title).slug == slug


def test_articles_of_one_title_have_an_address_each() -> None:
    slugs = [an_article("Going update").slug for _ in range(3)]

    assert slugs == ["going-update", "going-update-2", "going-update-3"]
    assert news.article("going-update-2").id == 2


def test_the_newest_come_first_and_older_ones_after_them() -> None:
    for number in range(1, 6):
        an_article(f"Article {number}")

    assert [article.id for article in news.articles(2)] == [5, 4]
    assert [article.id for article in news.articles(2, before=4)] == [3, 2]


def test_a_reader_goes_on_after_the_last_one_it_has() -> None:
    assert (news.newest_id(), news.after(0, 10)) == (0, [])
    for number in range(1, 5):
        an_article(f"Article {number}")

    assert [told["id"] for told in news.after(1, 2)] == [2, 3]
    assert (news.newest_id(), news.after(4, 10)) == (4, [])


def test_an_id_is_never_given_again() -> None:
    an_article()
    db.session.delete(an_article())
    db.session.commit()

    assert an_article().id == 3


def test_what_is_wrong_is_named_all_at_once_and_nothing_is_published() -> None:
    with nothing_written(), pytest.raises(InvalidInput) as refused:
        news.publish("t" * 151, " \n ", "a\x00b", "nowhere", None)

    assert refused.value.fields == {
        "title": "The title has 151 characters: 150 at most.",
        "summary": "A summary is needed.",
        "body": "The body holds a character that cannot be shown.",
        "raceId": "There is no race 'nowhere'.",
    }


@pytest.mark.parametrize("race_id", ["", "a\x00b", "Wexmoor 14:05", "x" * 500])
def test_what_is_no_race_id_names_no_race(race_id: str) -> None:
    with nothing_written(), pytest.raises(InvalidInput) as refused:
        news.publish("Title", "Summary", "Body", race_id, None)

    assert refused.value.fields.keys() == {"raceId"}


def test_a_title_has_one_line() -> None:
    with pytest.raises(InvalidInput) as refused:
        news.publish("One\nTwo", "Three\nFour", "Five\nSix", None, None)

    assert refused.value.fields.keys() == {"title", "summary"}


def test_an_article_sent_twice_under_one_key_is_published_once() -> None:
    once = Once(a_user(), "form-1", b"asked")
    first = news.publish("Title", "Summary", "Body", None, once.user, once)
    first_id = first.id

    with nothing_written():
        again = news.publish("Title", "Summary", "Body", None, once.user, once)
        with pytest.raises(KeyReused):
            news.publish("Other", "Summary", "Body", None, once.user, Once(once.user, "form-1", b"asked another"))

    assert again.id == first_id
    assert rows_of(Article) == 1


def test_an_article_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        news.article("nothing")


def test_the_news_of_one_race_is_found_without_reading_that_of_others() -> None:
    a_race()
    others = [None, a_race("other-1"), None, a_race("other-2")]
    db.session.add_all(
        Article(slug=f"a-{number}", title="T", summary="S", body="B", race_id=others[number % 4])
        for number in range(2000)
    )
    db.session.commit()
    db.session.execute(text("ANALYZE"))

    with asked() as noted:
        assert news.articles(3, about=[RACE]) == []

    (read,) = noted
    if db.engine.dialect.name == "sqlite":
        assert "ix_articles_race_id_id (race_id=?)" in steps(read)
        assert "TEMP B-TREE" not in steps(read)
    else:
        assert rows_taken(read, "articles") == 0
