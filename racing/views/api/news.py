"""News, published through the API."""

from flask import Response, g, jsonify

from racing.services import news
from racing.views.api import blueprint
from racing.views.api.bodies import once, read
from racing.views.api.news_bodies import ArticleBody
from racing.views.identity import staff_writer


@blueprint.post("/news")
@staff_writer
def publish_article() -> tuple[Response, int]:
    """Publish an article: 201."""
    body = read(ArticleBody)
    article = news.publish(body.title, body.summary, body.body, body.raceId, g.user, once())
    return jsonify({**news.payload(article), "slug": article.slug, "body": article.body}), 201
