"""The form with which staff publish an article."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import KeyReused, RacingError
from racing.services import news, racecards
from racing.services.idempotency import Once
from racing.views.published import article_line, race_name
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.signed_in import staff_only
from racing.views.staff import blueprint

FIELDS = ("title", "summary", "body", "raceId")
LATELY = 10
Answer = str | Response | tuple[str, int]


@blueprint.get("/news", endpoint="news")
@staff_only
def form() -> Answer:
    """Show the empty form and what was published lately."""
    return _page(dict.fromkeys(FIELDS, ""))


@blueprint.post("/news")
@staff_only
def publish_news() -> Answer:
    """Publish the article; what is refused comes back beside its field, with all that was typed."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        # A form sent twice, by a double click, publishes once: no article can be taken back.
        once = Once(g.user, request.form.get("key", ""), json.dumps(typed).encode())
        race_id = typed["raceId"].strip() or None
        article = news.publish(typed["title"], typed["summary"], typed["body"], race_id, g.user, once)
    except KeyReused as error:
        sentence = "An article was published from this form already. Send it again to publish another."
        return _page(typed, sentence), error.status
    except RacingError as error:
        return _page(typed, "Nothing is published: look at the fields marked.", error.fields), error.status
    flash("The article is published.")
    return redirect(url_for("news.article", slug=article.slug), 303)


def _page(typed: Mapping[str, str], refused: str = "", wrong: Mapping[str, Any] | None = None) -> str:
    yesterday = (now() - timedelta(days=1)).date()
    return render_template(
        "staff/news.html",
        typed=typed,
        refused=refused,
        wrong=wrong or {},
        key=uuid4().hex,
        races=[(race.id, f"{race_name(race)} · {race.title}") for race in racecards.races_since(yesterday)],
        lately=[article_line(article, site_zone()) for article in news.articles(LATELY)],
    )
