"""News, published through the API."""

from typing import Any

from flask import Response, g

from racing.services import news
from racing.views.api import answers, blueprint
from racing.views.api.answering import answered
from racing.views.api.bodies import read
from racing.views.api.documented import documented
from racing.views.api.news_bodies import ArticleBody
from racing.views.declared import staff_writer


@blueprint.post("/news")
@documented(answers.ArticlePublished, status=201, body=ArticleBody)
@staff_writer
def publish_article() -> Response:
    """Publish an article; everybody connected is told."""
    body = read(ArticleBody)
    return answered(
        lambda: news.publish(body.title, body.summary, body.body, body.raceId, g.user), _newest_article, status=201
    )


def _newest_article() -> dict[str, Any]:
    # Publications take turns: while ours is not over there is no newer one.
    (article,) = news.articles(1)
    return {**news.payload(article), "slug": article.slug, "body": article.body}
