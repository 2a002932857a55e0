"""Writing an article: previewed, kept as a draft, scheduled, published, or discarded."""

import json

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import NotFound, RacingError, StaleText
from racing.services import drafts, news
from racing.services.idempotency import Once
from racing.views.declared import staff_only
from racing.views.published import moment
from racing.views.punters import site_zone
from racing.views.staff import blueprint
from racing.views.staff.news_forms import (
    Refusal,
    Typed,
    article_page,
    of_draft,
    preview,
    publish_time,
    refusal,
    typed_article,
    written,
)

Answer = str | Response | tuple[str, int]
DRAFT = "/news/drafts/<int(max=2147483647):draft_id>"


@blueprint.get("/news/new", endpoint="write_news")
@staff_only
def empty_form() -> Answer:
    """Show the form, about `race` where the address names one."""
    return _page({**typed_article({}), "raceId": request.args.get("race", "")}, None)


@blueprint.post("/news/new")
@staff_only
def begin_news() -> Answer:
    """Do what the button says with a new article; what is refused comes back beside its field, with all typed."""
    return _answer(None)


@blueprint.get(DRAFT, endpoint="draft")
@staff_only
def draft_form(draft_id: int) -> Answer:
    """Show a draft in the form."""
    return _page(of_draft(drafts.draft(draft_id)), draft_id)


@blueprint.post(DRAFT)
@staff_only
def write_draft(draft_id: int) -> Answer:
    """As `begin_news`, with a draft."""
    return _answer(draft_id)


@blueprint.get(f"{DRAFT}/discard")
@staff_only
def discard_asked(draft_id: int) -> Answer:
    """Ask once more."""
    title = drafts.draft(draft_id).title or "without a title"
    return render_template(
        "staff/news_sure.html",
        question=f"Discard the draft “{title}”?",
        consequence="It goes, with all that is written in it.",
        action=url_for("staff.discard_draft", draft_id=draft_id),
        back=url_for("staff.draft", draft_id=draft_id),
        yes="Discard it",
    )


@blueprint.post(f"{DRAFT}/discard")
@staff_only
def discard_draft(draft_id: int) -> Answer:
    """Discard a draft."""
    drafts.discard(draft_id, g.user)
    flash("The draft is discarded.")
    return redirect(url_for("staff.news"), 303)


@blueprint.post("/news/preview")
@staff_only
def preview_news() -> Answer:
    """Return the preview alone, for the page to show while somebody writes."""
    return render_template("staff/_news_preview.html", preview=preview(typed_article(request.form)))


def _answer(draft_id: int | None) -> Answer:
    typed, wish = typed_article(request.form), request.form.get("do", "preview")
    if wish not in ("save", "schedule", "publish"):
        return _page(typed, draft_id)
    try:
        once = Once(g.user, typed["key"], json.dumps([typed, wish, draft_id]).encode())
        if wish == "publish":
            return _publish(typed, draft_id, once)
        return _keep(typed, draft_id, once, is_scheduled=wish == "schedule")
    except NotFound as error:
        # What was written is not lost with its draft: from here it is a new one.
        return _page({**typed, "seen": ""}, None, Refusal(f"{error.message} What you wrote is here.")), error.status
    except RacingError as error:
        refused = refusal(error, typed)
        if isinstance(error, StaleText) and draft_id is not None:
            typed["seen"] = drafts.seen(drafts.draft(draft_id))
        return _page(typed, draft_id, refused), error.status


def _publish(typed: Typed, draft_id: int | None, once: Once) -> Response:
    if draft_id is None:
        article = news.publish(*written(typed), g.user, once)
    else:
        article = drafts.publish(draft_id, written(typed), typed["seen"], g.user, once)
    flash("The article is published.")
    return redirect(url_for("news.article", slug=article.slug), 303)


def _keep(typed: Typed, draft_id: int | None, once: Once, *, is_scheduled: bool) -> Response:
    publish_at = publish_time(typed) if is_scheduled else None
    if draft_id is None:
        kept = drafts.begin(written(typed), publish_at, g.user, once)
    else:
        kept = drafts.save(draft_id, written(typed), publish_at, typed["seen"], g.user)
    if publish_at is None:
        flash("The draft is saved.")
        return redirect(url_for("staff.draft", draft_id=kept.id), 303)
    flash(f"It will be published on {moment(publish_at, site_zone())}.")
    return redirect(url_for("staff.news"), 303)


def _page(typed: Typed, draft_id: int | None, refused: Refusal | None = None) -> str:
    action = url_for("staff.begin_news") if draft_id is None else url_for("staff.write_draft", draft_id=draft_id)
    return article_page("staff/news_write.html", typed, refused, action=action, draft_id=draft_id)
