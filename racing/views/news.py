"""The news pages: the list, newest first, and an article."""

from flask import Blueprint, Response, make_response, render_template, request

from racing.services import news
from racing.views.forms import whole_number
from racing.views.published import article_line, paragraphs
from racing.views.punters import site_zone

blueprint = Blueprint("news", __name__)
ARTICLES_A_PAGE = 20


@blueprint.get("/news")
def index() -> Response:
    """List the articles, newest first; with `before`, those published before that id."""
    given = request.args.get("before")
    before = None if given is None else whole_number(given, "before: give the number of an article.")
    found = news.articles(ARTICLES_A_PAGE + 1, before)
    shown = found[:ARTICLES_A_PAGE]
    older = shown[-1].id if len(found) > len(shown) else None
    lines = [article_line(article, site_zone()) for article in shown]
    return _page("punters/news.html", lines=lines, older=older, is_first=before is None)


@blueprint.get("/news/<slug>")
def article(slug: str) -> Response:
    """Show an article, with the race it is about."""
    found = news.article(slug)
    line = article_line(found, site_zone())
    return _page("punters/article.html", line=line, paragraphs=paragraphs(found.body))


def _page(template: str, **shown: object) -> Response:
    response = make_response(render_template(template, **shown))
    response.headers["Cache-Control"] = "no-cache"
    return response
