"""The news on the desk: what is being written, what waits for its time, what was published lately."""

from dataclasses import dataclass

from flask import render_template

from racing.models import ArticleDraft
from racing.services import drafts, news
from racing.views import words
from racing.views.declared import staff_only
from racing.views.published import article_line, moment, race_name
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.staff import blueprint

LATELY, MOST_DRAFTS = 20, 100


@dataclass(frozen=True)
class DraftLine:
    """A draft in the list; `at` is when it publishes itself, or was saved last."""

    draft: ArticleDraft
    at: str
    author: str
    race: str


@blueprint.get("/news", endpoint="news")
@staff_only
def page() -> str:
    """List them."""
    kept, zone = drafts.unpublished(MOST_DRAFTS), site_zone()
    return render_template(
        "staff/news.html",
        scheduled=[_line(each) for each in kept if each.publish_at is not None],
        written=[_line(each) for each in kept if each.publish_at is None],
        lately=[article_line(article, zone) for article in news.lately(LATELY)],
        zone_words=words.zone_name(now(), zone),
    )


def _line(draft: ArticleDraft) -> DraftLine:
    return DraftLine(
        draft,
        at=moment(draft.publish_at or draft.saved_at, site_zone()),
        author=draft.author.email if draft.author else "",
        race=race_name(draft.race) if draft.race else "",
    )
