"""Articles that are not published yet: kept while staff write them, published at somebody's word or by the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from racing.errors import InvalidInput, NotFound, StaleText
from racing.extensions import db
from racing.models import Article, ArticleDraft, Race, User
from racing.models.columns import now
from racing.realtime import outbox
from racing.realtime.messages import instant
from racing.services import accounts, audit, news, publication
from racing.services.audit import Origin
from racing.services.idempotency import Once, earlier_answer, keep_answer
from racing.services.news import Written
from racing.services.transactions import one_change, one_look

MOST_AT_ONCE = 20
_PAST = "That time is past. Choose a later one, or publish now."
_WITH_RACE_AND_AUTHOR = (joinedload(ArticleDraft.race).joinedload(Race.meeting), joinedload(ArticleDraft.author))


def draft(draft_id: int) -> ArticleDraft:
    """Return the draft with its race and author. Raises NotFound."""
    query = select(ArticleDraft).where(ArticleDraft.id == draft_id).options(*_WITH_RACE_AND_AUTHOR)
    return _there(db.session.scalar(query))


def unpublished(most: int) -> Sequence[ArticleDraft]:
    """Return drafts, at most `most`: those with a time to be published at by that time, then those saved last."""
    query = select(ArticleDraft).options(*_WITH_RACE_AND_AUTHOR)
    query = query.order_by(ArticleDraft.publish_at.is_(None), ArticleDraft.publish_at, ArticleDraft.saved_at.desc())
    return db.session.scalars(query.limit(most)).all()


def seen(drawn: ArticleDraft) -> str:
    """Return what a form says of the draft that it was drawn with: another, once somebody has saved it again."""
    return drawn.saved_at.isoformat()


def begin(written: Written, publish_at: datetime | None, by: User, once: Once | None = None) -> ArticleDraft:
    """Keep a new draft; with `publish_at` it is whole, and publishes itself then.

    Returns the draft, committed; the earlier one where `once` was answered before. Raises InvalidInput, `fields` naming
    what is wrong, or KeyReused; nothing is kept then.
    """
    fit = _fit(written, publish_at)
    with one_change():
        accounts.hold(by.id)  # two that are sent together then queue
        if answered := earlier_answer(once):
            return draft(answered["draft"])
        at = now()
        begun = ArticleDraft(author_id=by.id, publish_at=publish_at, saved_at=at, **fit._asdict())
        db.session.add(begun)
        db.session.flush()
        audit.record("news_draft", by, at, race_id=fit.race_id, draft=begun.id, **_told(begun))
        keep_answer(once, {"draft": begun.id}, at)
    return begun


def save(draft_id: int, written: Written, publish_at: datetime | None, seen_by: str, by: User) -> ArticleDraft:
    """Keep what is written in a draft; with `publish_at` it is whole, and publishes itself then. Else it only waits.

    `seen_by` is what `seen` said of the draft when the writer began. What stands already changes nothing.
    Raises InvalidInput, NotFound, or StaleText where somebody else saved it meanwhile; nothing is kept then.
    """
    fit = _fit(written, publish_at)
    with one_change():
        kept = _locked(draft_id)
        if (_text_of(kept), kept.publish_at) == (fit, publish_at):
            return kept
        _refuse_stale(kept, seen_by)
        stood = _told(kept)
        kept.title, kept.summary, kept.body, kept.race_id = fit
        kept.publish_at, kept.saved_at = publish_at, now()
        told = _told(kept)
        before = {name: value for name, value in stood.items() if value != told[name]}
        audit.record("news_draft", by, kept.saved_at, race_id=fit.race_id, before=before, draft=draft_id, **told)
    return kept


def publish(draft_id: int, written: Written, seen_by: str, by: User, once: Once | None = None) -> Article:
    """Publish a draft as it is `written`, and let everybody connected know; the draft goes.

    Returns the article, committed; the earlier one where `once` was answered before. Raises as `save` does, and
    KeyReused; nothing is published then.
    """
    fit = written.fit()
    with one_change():
        publication.take_turn(Article)
        if answered := earlier_answer(once):
            return news.any_article(answered["article"])
        kept = _locked(draft_id)
        if _text_of(kept) != fit:
            _refuse_stale(kept, seen_by)
        at = now()
        published = _publish(kept, fit, by, at)
        keep_answer(once, {"article": published.id}, at)
    outbox.touch()  # after the commit: nobody is told of an article we may lose
    return published


def discard(draft_id: int, by: User) -> None:
    """Let a draft go unpublished. Raises NotFound."""
    with one_change():
        kept = _locked(draft_id)
        lost = {**_told(kept), "summary": kept.summary, "body": kept.body}
        gone = dict.fromkeys(lost)
        audit.record("news_draft_discarded", by, now(), race_id=kept.race_id, before=lost, draft=draft_id, **gone)
        db.session.delete(kept)


def publish_due() -> bool:
    """Publish the drafts whose time has come, each once however many workers look; return whether more are due.

    The audit trail names the source "schedule", and the author. Where one fails the others are still published; then
    this raises.
    """
    due = select(ArticleDraft.id).where(ArticleDraft.publish_at <= now()).order_by(ArticleDraft.publish_at)
    with one_look():
        draft_ids = db.session.scalars(due.order_by(ArticleDraft.id).limit(MOST_AT_ONCE)).all()
    failure: Exception | None = None
    audit.comes_from(Origin("schedule"))
    for draft_id in draft_ids:
        try:
            _publish_if_due(draft_id)
        except Exception as error:  # noqa: BLE001  # one draft's trouble must not keep the others back
            failure = failure or error
    audit.comes_from()
    if failure is not None:
        raise failure
    return len(draft_ids) == MOST_AT_ONCE


def _publish_if_due(draft_id: int) -> None:
    with one_change():
        # Workers that look at the same moment queue here; the draft is gone when the second has its turn.
        publication.take_turn(Article)
        kept, at = _lock(draft_id), now()
        if kept is not None and kept.publish_at is not None and kept.publish_at <= at:
            _publish(kept, _text_of(kept), kept.author, at)
    outbox.touch()


def _publish(kept: ArticleDraft, written: Written, by: User | None, at: datetime) -> Article:
    """Put a locked draft on the site, in the running change, which has taken its turn to publish."""
    published = news.put_up(written, kept.author_id, at)
    audit.record("news", by, at, race_id=written.race_id, article=published.id, draft=kept.id)
    db.session.delete(kept)
    return published


def _fit(written: Written, publish_at: datetime | None) -> Written:
    if publish_at is None:
        return written.fit(may_lack=True)
    if publish_at > now():
        return written.fit()
    try:
        written.fit()
    except InvalidInput as error:
        raise InvalidInput(f"{error.message} {_PAST}", {**error.fields, "publishAt": _PAST}) from error
    raise InvalidInput(_PAST, {"publishAt": _PAST})


def _locked(draft_id: int) -> ArticleDraft:
    return _there(_lock(draft_id))


def _lock(draft_id: int) -> ArticleDraft | None:
    return db.session.get(ArticleDraft, draft_id, with_for_update=True, populate_existing=True)


def _there(found: ArticleDraft | None) -> ArticleDraft:
    if found is None:
        raise NotFound("There is no such draft any more: it was published, or discarded.")
    return found


def _refuse_stale(kept: ArticleDraft, seen_by: str) -> None:
    if seen(kept) != seen_by:
        raise StaleText("Somebody else saved this draft while you were writing.", _text_of(kept)._asdict())


def _text_of(kept: ArticleDraft) -> Written:
    return Written(kept.title, kept.summary, kept.body, kept.race_id)


def _told(kept: ArticleDraft) -> dict[str, Any]:
    return {"title": kept.title, "publishAt": None if kept.publish_at is None else instant(kept.publish_at)}
