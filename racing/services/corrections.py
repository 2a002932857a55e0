"""What staff do to an article that is published: put it right, take it away, put it back.

Its id, its address and when it was published stay. Nobody connected is told: it is no news again.
"""

from typing import Any

from racing.errors import Conflict, NotFound, StaleText
from racing.extensions import db
from racing.models import Article, User
from racing.models.columns import now
from racing.services import audit, publication
from racing.services.news import LONGEST
from racing.services.transactions import one_change

LONGEST_NOTE = 300
_TEXTS = ("title", "summary", "body", "correction")


def seen(drawn: Article) -> str:
    """Return what a form says of the article that it was drawn with: another, once somebody has corrected it."""
    return (drawn.corrected_at or drawn.published_at).isoformat()


def correct(article_id: int, texts: dict[str, str], seen_by: str, by: User) -> Article:
    """Replace title, summary and body, with a `correction` that says to readers what was put right.

    `seen_by` is what `seen` said of the article when the writer began. What stands already changes nothing.
    Returns the article, committed. Raises InvalidInput, NotFound, Conflict where it is withdrawn, or StaleText, its
    `fields` what stands now; nothing has changed then.
    """
    fit = publication.fit_texts({name: texts[name] for name in _TEXTS}, {**LONGEST, "correction": LONGEST_NOTE})
    with one_change():
        published = _locked(article_id)
        before = _texts_of(published)
        if before == fit:
            return published
        if published.withdrawn_at is not None:
            raise Conflict("This article is withdrawn. Put it back before you correct it.")
        if seen(published) != seen_by:
            raise StaleText("Somebody else corrected this article while you were writing.", before)
        published.title, published.summary, published.body = fit["title"], fit["summary"], fit["body"]
        published.correction, published.corrected_at = fit["correction"], now()
        changed = {name: before[name] for name in _TEXTS if before[name] != fit[name]}
        _record("news_corrected", published, by, before=changed, **{name: fit[name] for name in changed})
    return published


def withdraw(article_id: int, by: User) -> Article:
    """Take an article from readers; it is kept. One that is withdrawn stays so. Raises NotFound."""
    with one_change():
        published = _locked(article_id)
        if published.withdrawn_at is None:
            published.withdrawn_at = now()
            _record("news_withdrawn", published, by, before={"withdrawn": False}, withdrawn=True)
    return published


def restore(article_id: int, by: User) -> Article:
    """Give a withdrawn article back to readers, in its old place. One that was not changes nothing. Raises NotFound."""
    with one_change():
        published = _locked(article_id)
        if published.withdrawn_at is not None:
            published.withdrawn_at = None
            _record("news_restored", published, by, before={"withdrawn": True}, withdrawn=False)
    return published


def _record(action: str, published: Article, by: User, **told: Any) -> None:
    audit.record(action, by, now(), race_id=published.race_id, article=published.id, **told)


def _locked(article_id: int) -> Article:
    found = db.session.get(Article, article_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no article {article_id}.")
    return found


def _texts_of(published: Article) -> dict[str, str]:
    return {name: getattr(published, name) or "" for name in _TEXTS}
