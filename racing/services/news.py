"""News: staff publish, everybody reads."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from racing.errors import ArticleWithdrawn, NotFound
from racing.extensions import db
from racing.models import Article, Meeting, Race, User
from racing.models.columns import now
from racing.realtime import outbox
from racing.realtime.messages import instant
from racing.realtime.shapes import NewsPayload
from racing.services import audit, publication
from racing.services.cards import SLUG
from racing.services.idempotency import Once, earlier_answer, keep_answer
from racing.services.slugs import free_slug, slug_of_words
from racing.services.transactions import one_change, one_look

LONGEST = {"title": 150, "summary": 300, "body": 20_000}
_WITH_RACE = joinedload(Article.race).joinedload(Race.meeting)
_IS_PUBLIC = Article.withdrawn_at.is_(None)


class Written(NamedTuple):
    """An article as somebody wrote it; `body` is Markdown, `race_id` None where it is about no one race."""

    title: str
    summary: str
    body: str
    race_id: str | None = None

    def fit(self, *, may_lack: bool = False) -> "Written":
        """Return it trimmed; with `may_lack` texts may be empty. Raises InvalidInput, `fields` naming what is wrong."""
        texts = {"title": self.title, "summary": self.summary, "body": self.body}
        fit = publication.fit_texts(texts, LONGEST, _objection(self.race_id), may_lack=may_lack)
        return Written(**fit, race_id=self.race_id)


def publish(
    title: str, summary: str, body: str, race_id: str | None, by: User | None, once: Once | None = None
) -> Article:
    """Put an article on the site, and let everybody connected know.

    Returns the article, committed; the earlier one where `once` was answered before. Raises InvalidInput, `fields`
    naming what is wrong, or KeyReused; nothing is published then.
    """
    written = Written(title, summary, body, race_id).fit()
    with one_change():
        publication.take_turn(Article)
        if answered := earlier_answer(once):
            return _found(Article.slug == answered["slug"])
        at = now()
        published = put_up(written, None if by is None else by.id, at)
        audit.record("news", by, at, race_id=race_id, article=published.id)
        keep_answer(once, {"slug": published.slug}, at)
    outbox.touch()  # after the commit: nobody is told of an article we may lose
    return published


def put_up(written: Written, author_id: int | None, at: datetime) -> Article:
    """Add the article to the site, in the running change, which has taken its turn to publish."""
    slug = free_slug(slug_of_words(written.title, "news"), Article.slug)
    published = Article(slug=slug, author_id=author_id, published_at=at, **written._asdict())
    db.session.add(published)
    db.session.flush()
    return published


def _objection(race_id: str | None) -> dict[str, str]:
    # Races are never deleted: one that is there now will be when the article is written.
    if race_id is None or (SLUG.fullmatch(race_id) and db.session.get(Race, race_id) is not None):
        return {}
    return {"raceId": f"There is no race '{race_id[:80]}'."}


def article(slug: str) -> Article:
    """Return the article with its race and meeting. Raises NotFound, or ArticleWithdrawn where it was."""
    found = _found(Article.slug == slug)
    if found is None:
        raise NotFound(f"There is no article '{slug[:80]}'.")
    if found.withdrawn_at is not None:
        raise ArticleWithdrawn("This article was withdrawn. It is no longer to be read.")
    return found


def any_article(article_id: int) -> Article:
    """Return the article with its race and meeting, withdrawn or not. Raises NotFound."""
    found = _found(Article.id == article_id)
    if found is None:
        raise NotFound(f"There is no article {article_id}.")
    return found


def _found(which: ColumnElement[bool]) -> Any:
    return db.session.scalar(select(Article).where(which).options(_WITH_RACE))


def begun(about: Collection[str] | None = None) -> datetime | None:
    """Return when there was first something to publish about: the first of these races (None: of all), or None."""
    query = select(func.min(Race.created_at))
    return db.session.scalar(query if about is None else query.where(Race.id.in_(about)))


def articles(most: int, before: int | None = None, about: Collection[str] | None = None) -> Sequence[Article]:
    """Return the newest articles, at most `most`, newest first.

    With `before`, of those published before that id; with `about`, of those about one of these races.
    """
    query = _newest(most).where(_IS_PUBLIC)
    if before is not None:
        query = query.where(Article.id < before)
    if about is not None:
        query = query.where(Article.race_id.in_(about))
    return db.session.scalars(query).all()


def lately(most: int) -> Sequence[Article]:
    """Return the newest articles, withdrawn ones too, at most `most`, newest first."""
    return db.session.scalars(_newest(most)).all()


def _newest(most: int) -> Select[Any]:
    return select(Article).options(_WITH_RACE).order_by(Article.id.desc()).limit(most)


def meeting(slug: str) -> Meeting:
    """Return the meeting with its races, without what runs in them. Raises NotFound."""
    found = db.session.scalar(select(Meeting).where(Meeting.slug == slug).options(selectinload(Meeting.races)))
    if found is None:
        raise NotFound(f"There is no meeting '{slug[:80]}'.")
    return found


def after(article_id: int, most: int) -> list[NewsPayload]:
    """Return what was published after that id and stands as the wire has it, oldest first, at most `most`."""
    query = select(Article).where(Article.id > article_id, _IS_PUBLIC).order_by(Article.id).limit(most)
    with one_look():
        return [payload(each) for each in db.session.scalars(query)]


def newest_id() -> int:
    """Return the id of the newest article, withdrawn or not, 0 where there is none."""
    with one_look():
        return db.session.scalar(select(func.max(Article.id))) or 0


def payload(published: Article) -> NewsPayload:
    """Return an article, in short, as the wire has it."""
    told: NewsPayload = {
        "id": published.id,
        "title": published.title,
        "summary": published.summary,
        "url": f"/news/{published.slug}",
        "publishedAt": instant(published.published_at),
    }
    if published.race_id is not None:
        told["raceId"] = published.race_id
    return told
