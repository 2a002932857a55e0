"""News at the desk: drafts, published when their time comes, once; articles put right, withdrawn, put back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from racing.errors import ArticleWithdrawn, Conflict, InvalidInput, KeyReused, NotFound, StaleText
from racing.extensions import db
from racing.models import Article, ArticleDraft, AuditEntry, User
from racing.realtime.telling import LOOK_ROUND_S
from racing.services import corrections, drafts, news, site_index
from racing.services.idempotency import Once
from racing.services.news import Written
from tests.factories import RACE, a_race, a_user, an_article
from tests.support.kept import nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("either_app")

NOW = datetime.now(UTC).replace(microsecond=0)
LATER = NOW + timedelta(hours=1)
WRITTEN = Written("Rain at Wexmoor", "It eases.", "It rains.")
RIGHT = {"title": "Rain", "summary": "It eases.", "body": "It rained.", "correction": "It has stopped."}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set what time it is for the desk."""

    def set_to(at: datetime) -> None:
        monkeypatch.setattr(drafts, "now", lambda: at)

    return set_to


def trail() -> list[tuple[str, str | None]]:
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.source) for entry in entries]


def last_entry() -> AuditEntry:
    db.session.rollback()
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()  # type: ignore[return-value]


def scheduled(title: str = "Rain at Wexmoor", at: datetime = LATER, by: User | None = None) -> ArticleDraft:
    return drafts.begin(WRITTEN._replace(title=title), at, by or a_user())


def published() -> list[str]:
    return [told["title"] for told in news.after(0, 100)]


def test_a_draft_waits_unfinished_and_is_published_when_somebody_says_so() -> None:
    a_race()
    staff = a_user()
    draft = drafts.begin(Written("Rain", "", "", RACE), None, staff)
    draft_id = draft.id
    assert (published(), drafts.publish_due()) == ([], False)

    drafts.save(draft_id, WRITTEN._replace(race_id=RACE), None, drafts.seen(draft), staff)
    with pytest.raises(InvalidInput):
        drafts.publish(draft_id, Written("", "S", "B"), "", staff)
    article = drafts.publish(draft_id, WRITTEN._replace(race_id=RACE), "", staff)

    assert (article.slug, article.race_id, article.author_id) == ("rain-at-wexmoor", RACE, staff.id)
    assert (published(), rows_of(ArticleDraft)) == (["Rain at Wexmoor"], 0)
    assert [action for action, _source in trail()] == ["news_draft", "news_draft", "news"]


def test_what_is_scheduled_is_whole_and_for_later() -> None:
    staff = a_user()
    with nothing_written():
        for written, at, wrong in (
            (Written("", "S", "B"), LATER, {"title"}), (WRITTEN, NOW - timedelta(minutes=1), {"publishAt"}),
            (Written("", "", "B"), NOW - timedelta(days=1), {"title", "summary", "publishAt"}),
        ):  # fmt: skip
            with pytest.raises(InvalidInput) as refused:
                drafts.begin(written, at, staff)
            assert refused.value.fields.keys() == wrong


def test_a_draft_is_published_when_its_time_has_come_and_not_before(clock: Callable[[datetime], None]) -> None:
    staff_id = scheduled().author_id
    scheduled("Later still", LATER + timedelta(minutes=1), db.session.get(User, staff_id))

    clock(LATER - timedelta(milliseconds=1))
    drafts.publish_due()
    assert published() == []

    clock(LATER)
    drafts.publish_due()
    assert (published(), rows_of(ArticleDraft)) == (["Rain at Wexmoor"], 1)
    entry = last_entry()
    assert (entry.action, entry.source, entry.user_id) == ("news", "schedule", staff_id)
    assert LOOK_ROUND_S <= 1


def test_what_was_due_while_nobody_looked_is_published_in_its_order(clock: Callable[[datetime], None]) -> None:
    staff = a_user()
    for title, hours in (("Third", 3), ("First", 1), ("Second", 2)):
        scheduled(title, NOW + timedelta(hours=hours), staff)

    clock(NOW + timedelta(days=1))
    drafts.publish_due()

    assert published() == ["First", "Second", "Third"]


def test_of_several_workers_one_publishes(either_app: Flask, clock: Callable[[datetime], None]) -> None:
    staff = a_user()
    for number in range(5):
        scheduled(f"Article {number}", LATER, staff)
    clock(LATER)
    together = threading.Barrier(3)

    def work() -> None:
        with either_app.app_context():
            together.wait()
            drafts.publish_due()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert published() == [f"Article {number}" for number in range(5)]


def test_a_draft_taken_off_its_schedule_is_not_published(clock: Callable[[datetime], None]) -> None:
    draft = scheduled()
    drafts.save(draft.id, WRITTEN, None, drafts.seen(draft), draft.author)  # type: ignore[arg-type]

    clock(LATER)
    drafts.publish_due()

    assert published() == []


def test_a_draft_that_somebody_else_saved_is_not_written_over_unseen() -> None:
    staff = a_user()
    draft = drafts.begin(WRITTEN, None, staff)
    draft_id, drawn = draft.id, drafts.seen(draft)
    drafts.save(draft_id, WRITTEN._replace(body="It pours."), None, drawn, staff)

    with nothing_written():
        with pytest.raises(StaleText) as refused:
            drafts.save(draft_id, WRITTEN._replace(body="It drizzles."), None, drawn, staff)
        with pytest.raises(StaleText):
            drafts.publish(draft_id, WRITTEN, drawn, staff)
        drafts.save(draft_id, WRITTEN._replace(body="It pours."), None, drawn, staff)  # the same form sent twice

    assert refused.value.fields["body"] == "It pours."


def test_a_form_sent_twice_keeps_one_draft_and_publishes_it_once() -> None:
    staff = a_user()
    once, other = Once(staff, "form-1", b"asked"), Once(staff, "form-2", b"asked")
    draft_id = drafts.begin(WRITTEN, None, staff, once).id
    assert drafts.begin(WRITTEN, None, staff, once).id == draft_id
    with pytest.raises(KeyReused):
        drafts.begin(WRITTEN, None, staff, Once(staff, "form-1", b"asked another"))

    articles = [drafts.publish(draft_id, WRITTEN, "", staff, other).id for _ in range(2)]

    assert (len(set(articles)), rows_of(Article), rows_of(ArticleDraft)) == (1, 1, 0)


def test_a_discarded_draft_is_kept_by_the_record_alone() -> None:
    staff = a_user()
    draft_id = drafts.begin(WRITTEN, None, staff).id

    drafts.discard(draft_id, staff)

    assert (last_entry().before or {})["body"] == "It rains."
    with pytest.raises(NotFound):
        drafts.draft(draft_id)
    with pytest.raises(NotFound):
        drafts.discard(draft_id, staff)


def test_an_article_is_put_right_in_its_place() -> None:
    article, staff = an_article(), a_user()
    article_id, slug, at, drawn = article.id, article.slug, article.published_at, corrections.seen(article)

    corrected = corrections.correct(article_id, RIGHT, drawn, staff)

    assert (corrected.id, corrected.slug, corrected.published_at) == (article_id, slug, at)
    assert (corrected.title, corrected.body, corrected.correction) == ("Rain", "It rained.", "It has stopped.")
    entry = last_entry()
    assert (entry.action, entry.before) == (
        "news_corrected",
        {"title": "Rain at Wexmoor", "summary": "The going eases.", "body": "It rains.", "correction": ""},
    )
    assert entry.after == {"article": article_id, **RIGHT}
    assert news.after(article_id, 10) == [], "it is no news again"


def test_a_correction_is_whole_and_of_what_its_writer_saw() -> None:
    article, staff = an_article(), a_user()
    article_id, drawn = article.id, corrections.seen(article)
    with nothing_written(), pytest.raises(InvalidInput) as refused:
        corrections.correct(article_id, {**RIGHT, "correction": " ", "body": ""}, drawn, staff)
    assert refused.value.fields.keys() == {"correction", "body"}
    corrections.correct(article_id, RIGHT, drawn, staff)

    with nothing_written():
        with pytest.raises(StaleText) as stale:
            corrections.correct(article_id, {**RIGHT, "title": "Sun"}, drawn, staff)
        corrections.correct(article_id, RIGHT, drawn, staff)  # the same form sent twice

    assert stale.value.fields == RIGHT


def test_a_withdrawn_article_is_nowhere_until_it_is_put_back() -> None:
    a_race()
    first, staff = an_article("First", RACE), a_user()
    an_article("Second", RACE)
    first_id, drawn = first.id, corrections.seen(first)

    for _ in range(2):
        corrections.withdraw(first_id, staff)

    assert published() == ["Second"]
    assert [each.title for each in news.articles(9, about=[RACE])] == ["Second"]
    assert [each.title for each in news.lately(9)] == ["Second", "First"]
    assert "first" not in {each.key for each in site_index.listed(NOW, 0, 99)}
    with pytest.raises(ArticleWithdrawn):
        news.article("first")
    with pytest.raises(Conflict):
        corrections.correct(first_id, RIGHT, drawn, staff)

    for _ in range(2):
        corrections.restore(first_id, staff)
    assert published() == ["First", "Second"]
    assert [action for action, _source in trail()] == ["news_withdrawn", "news_restored"]


def test_the_newest_id_stays_where_it_is_when_its_article_is_withdrawn() -> None:
    newest = an_article().id

    corrections.withdraw(newest, a_user())

    assert news.newest_id() == newest
