"""An article that is published, put right, withdrawn, or put back."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from racing.errors import RacingError, StaleText
from racing.services import corrections, news
from racing.views.declared import staff_only
from racing.views.staff import blueprint
from racing.views.staff.news_forms import Refusal, Typed, article_page, of_article, refusal, typed_article

Answer = str | Response | tuple[str, int]
ARTICLE = "/news/articles/<int(max=2147483647):article_id>"


@blueprint.get(ARTICLE, endpoint="correct_news")
@staff_only
def form(article_id: int) -> Answer:
    """Show an article in the form that corrects it."""
    return _page(article_id, of_article(news.any_article(article_id)))


@blueprint.post(ARTICLE)
@staff_only
def write_correction(article_id: int) -> Answer:
    """Publish the correction, or preview it; what is refused comes back beside its field, with all that was typed."""
    typed = typed_article(request.form)
    if request.form.get("do") != "correct":
        return _page(article_id, typed)
    try:
        article = corrections.correct(article_id, typed, typed["seen"], g.user)
    except RacingError as error:
        refused = refusal(error, typed)
        if isinstance(error, StaleText):
            typed["seen"] = corrections.seen(news.any_article(article_id))
        return _page(article_id, typed, refused), error.status
    flash("The correction is published.")
    return redirect(url_for("news.article", slug=article.slug), 303)


@blueprint.get(f"{ARTICLE}/withdraw")
@staff_only
def withdrawal_asked(article_id: int) -> Answer:
    """Ask once more."""
    return render_template(
        "staff/news_sure.html",
        question=f"Withdraw “{news.any_article(article_id).title}”?",
        consequence="Nobody reads it any more: its page says that it was withdrawn. You can put it back.",
        action=url_for("staff.withdraw_news", article_id=article_id),
        back=url_for("staff.correct_news", article_id=article_id),
        yes="Withdraw it",
    )


@blueprint.post(f"{ARTICLE}/withdraw")
@staff_only
def withdraw_news(article_id: int) -> Answer:
    """Withdraw it."""
    corrections.withdraw(article_id, g.user)
    flash("The article is withdrawn.")
    return redirect(url_for("staff.news"), 303)


@blueprint.post(f"{ARTICLE}/restore")
@staff_only
def restore_news(article_id: int) -> Answer:
    """Put it back."""
    article = corrections.restore(article_id, g.user)
    flash("The article is back in its place.")
    return redirect(url_for("news.article", slug=article.slug), 303)


def _page(article_id: int, typed: Typed, refused: Refusal | None = None) -> str:
    return article_page("staff/news_correct.html", typed, refused, article=news.any_article(article_id))
