"""The forms in which articles are written: what was typed, how it would be read, what is refused beside which field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from flask import render_template
from markupsafe import Markup

from racing.errors import InvalidInput, KeyReused, RacingError, StaleText
from racing.models import Article, ArticleDraft
from racing.services import corrections, drafts
from racing.services.news import Written
from racing.views import forms, race_cards, words
from racing.views.forms import Form
from racing.views.markdown import rendered
from racing.views.punters import site_zone
from racing.views.staff.race_choice import chosen_race, race_choice

FIELDS = ("title", "summary", "body", "raceId", "otherRace", "publishAt", "correction", "seen", "key")
_SENT_ALREADY = "This form was sent already. Send it again to do it once more."
_LOOK = "Nothing is saved: look at the fields marked."
_NO_TIME = "Give a day and a time to publish at."
Typed = dict[str, str]


class Preview(NamedTuple):
    """An article as its readers will see it."""

    title: str
    summary: str
    body: Markup
    correction: str


class Refusal(NamedTuple):
    """Why a form came back: a sentence, sentences by field, and what stands now where somebody else saved it."""

    sentence: str = ""
    wrong: Mapping[str, Any] = {}
    stands: Mapping[str, Any] = {}


def typed_article(form: Form) -> Typed:
    """Return what was typed, field by field."""
    return {name: form.get(name, "") for name in FIELDS}


def of_draft(kept: ArticleDraft) -> Typed:
    """Return a draft as its form has it."""
    at = "" if kept.publish_at is None else f"{kept.publish_at.astimezone(site_zone()):%Y-%m-%dT%H:%M}"
    texts = {"title": kept.title, "summary": kept.summary, "body": kept.body, "raceId": kept.race_id or ""}
    return {**typed_article({}), **texts, "publishAt": at, "seen": drafts.seen(kept)}


def of_article(published: Article) -> Typed:
    """Return a published article as the form that corrects it has it."""
    texts = {"title": published.title, "summary": published.summary, "body": published.body}
    return {**typed_article({}), **texts, "correction": published.correction or "", "seen": corrections.seen(published)}


def written(typed: Typed) -> Written:
    """Return what was typed as the services take it."""
    return Written(typed["title"], typed["summary"], typed["body"], chosen_race(typed))


def publish_time(typed: Typed) -> datetime:
    """Return when it is to be published, typed in the house's zone. Raises InvalidInput."""
    try:
        return forms.local_time(typed["publishAt"], site_zone())
    except InvalidInput as error:
        raise InvalidInput(_NO_TIME, {"publishAt": _NO_TIME}) from error


def preview(typed: Typed) -> Preview:
    """Return how it would be read."""
    return Preview(typed["title"].strip(), typed["summary"].strip(), rendered(typed["body"]), typed["correction"])


def refusal(error: RacingError, typed: Typed) -> Refusal:
    """Return what the form says of a refusal. Where somebody else saved it, only what differs stands beside it."""
    if isinstance(error, KeyReused):
        return Refusal(_SENT_ALREADY)
    if isinstance(error, StaleText):
        stands = {name: text for name, text in error.fields.items() if text != _as_kept(typed.get(name, ""))}
        return Refusal(f"{error.message} Send it again to replace what stands.", stands=stands)
    return Refusal(_LOOK if error.fields else error.message, error.fields)


def article_page(template: str, typed: Typed, refused: Refusal | None = None, **shown: Any) -> str:
    """Return the page of a form with its preview; each has a key of its own, so that sent twice it is done once."""
    at, zone = race_cards.now(), site_zone()
    return render_template(
        template,
        typed={**typed, "key": uuid4().hex},
        refused=refused or Refusal(),
        choice=race_choice(typed),
        preview=preview(typed),
        zone_words=words.zone_name(at, zone),
        zone_name=zone.key,
        **shown,
    )


def _as_kept(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
