"""The news pages: the list, newest first, of everything or of one race or meeting; an article; and the feed."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from racing.models import Article, Meeting, Race
from racing.services import news
from racing.views import words
from racing.views.declared import for_anyone
from racing.views.forms import whole_number
from racing.views.markdown import rendered
from racing.views.news_subjects import EVERYTHING, Subject, of_meeting, of_race, subject
from racing.views.published import article_line
from racing.views.punters import site_zone
from racing.views.race_cards import now

blueprint = Blueprint("news", __name__)
ARTICLES_A_PAGE = 20
_NO_NUMBER = "Older news begin before the number of an article, and this is none."
BESIDE_A_RACE = 3
KEPT_A_MINUTE = "public, max-age=60"
_UNFIT_FOR_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@blueprint.get("/news")
@for_anyone
def index() -> Response:
    """List articles, newest first: with `race` or `meeting` those about it, with `before` those before that id."""
    given = request.args.get("before")
    before = None if given is None else whole_number(given, _NO_NUMBER)
    about = subject(request.args)
    found = news.articles(ARTICLES_A_PAGE + 1, before, about.races)
    older = found[ARTICLES_A_PAGE - 1].id if len(found) > ARTICLES_A_PAGE else None
    listed = _listed(about, found[:ARTICLES_A_PAGE])
    return _page("punters/news.html", about=about, listed=listed, older=older, is_first=before is None)


@blueprint.get("/news/<slug>")
@for_anyone
def article(slug: str) -> Response:
    """Show an article, with the race it is about."""
    found = news.article(slug)
    line = article_line(found, site_zone())
    about = of_race(found.race) if found.race else EVERYTHING
    return _page("punters/article.html", line=line, about=about, body=rendered(found.body))


@blueprint.get("/news.atom")
@for_anyone
def feed() -> Response:
    """Give the newest articles as an Atom feed (RFC 4287); `race` and `meeting` as in the list."""
    about = subject(request.args)
    found = news.articles(ARTICLES_A_PAGE, None, about.races)
    entries = [(article_line(each, site_zone()), rendered(each.body)) for each in found]
    updated = max((each.corrected_at or each.published_at for each in found), default=None) or _empty_since(about)
    drawn = render_template("punters/news.atom.xml", about=about, entries=entries, updated=updated)
    # One article that came with a sign that XML has no room for would end the feed for every reader.
    response = Response(_UNFIT_FOR_XML.sub("", drawn), content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = KEPT_A_MINUTE
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _empty_since(about: Subject) -> datetime:
    """Return when a feed without articles was last another: when its races were declared; today without any."""
    return news.begun(about.races) or now().replace(hour=0, minute=0, second=0, microsecond=0)


@blueprint.app_context_processor
def _beside_others() -> dict[str, Any]:
    """Give the pages of a race and of a meeting what was last published about them."""

    def beside(about: Subject) -> dict[str, Any]:
        return _listed(about, news.articles(BESIDE_A_RACE, None, about.races), most=BESIDE_A_RACE)

    def race_news(race: Race) -> dict[str, Any]:
        return beside(of_race(race))

    def meeting_news(meeting: Meeting) -> dict[str, Any]:
        return beside(of_meeting(meeting))

    return {"race_news": race_news, "meeting_news": meeting_news}


def _listed(about: Subject, found: Sequence[Article], most: int | None = None) -> dict[str, Any]:
    """Return a list as macros/article.html draws it; of what appears while it is open, `most` stay (None: all)."""
    zone = site_zone()
    lines = [article_line(each, zone) for each in found]
    return {"about": about, "lines": lines, "zone": zone.key, "zone_words": words.zone_name(now(), zone), "most": most}


def _page(template: str, **shown: object) -> Response:
    response = make_response(render_template(template, **shown))
    response.headers["Cache-Control"] = "no-cache"
    return response
