"""A horse's, a jockey's and a trainer's page: their races here, those to come first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, request

from racing.models import Runner
from racing.services import people
from racing.services.people import Kind
from racing.views import words
from racing.views.declared import for_anyone
from racing.views.held import vocabulary
from racing.views.held_runs import live_races
from racing.views.punters import blueprint, page, site_zone
from racing.views.punters.horse_head import form_line, horse_head
from racing.views.punters.refreshed import list_mark, most_followed, unchanged
from racing.views.punters.run_lines import run_line
from racing.views.race_cards import now

RUNS_A_PAGE = 50
PAGES = {Kind.HORSE: "punters.horse", Kind.JOCKEY: "punters.jockey", Kind.TRAINER: "punters.trainer"}


@blueprint.get("/horses/<slug>")
@for_anyone
def horse(slug: str) -> Response:
    """Show a horse's races here."""
    return _person(Kind.HORSE, slug)


@blueprint.get("/jockeys/<slug>")
@for_anyone
def jockey(slug: str) -> Response:
    """Show a jockey's rides here."""
    return _person(Kind.JOCKEY, slug)


@blueprint.get("/trainers/<slug>")
@for_anyone
def trainer(slug: str) -> Response:
    """Show a trainer's runners here."""
    return _person(Kind.TRAINER, slug)


def page_asked() -> int:
    """Return which page of a long list is asked for, 1 for the first, also where what is asked makes no sense."""
    asked = request.args.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def _head(kind: Kind, slug: str, past: Sequence[Runner], ran: Mapping[str, int], at: datetime) -> dict[str, Any]:
    """Return what only a horse's page has above its races; `past` is empty on pages of older ones."""
    card = people.newest_card(slug) if kind is Kind.HORSE else None
    return {"head": horse_head(card), "form_line": form_line(past, ran, at)} if card else {}


def _person(kind: Kind, slug: str) -> Response:
    name, at, number = people.name_of(kind, slug), now(), page_asked()
    to_come = people.to_come(kind, slug, at) if number == 1 else []
    # One more than is shown tells whether there are older ones.
    past = people.past(kind, slug, at, RUNS_A_PAGE + 1, (number - 1) * RUNS_A_PAGE)
    shown = past[:RUNS_A_PAGE]
    runs = [*to_come, *shown]
    mark = list_mark((run.id, run.status, run.race.status, run.race.off_time, run.race.card_version) for run in runs)
    same = unchanged(mark)
    if same:
        return same
    live = live_races(to_come, most_followed())
    ran = people.went_to_post([run.race_id for run in runs])
    return page(
        "punters/person.html",
        kind=kind,
        slug=slug,
        name=name,
        **_head(kind, slug, shown if number == 1 else (), ran, at),
        to_come=[run_line(run, ran, at, live) for run in to_come],
        past=[run_line(run, ran, at) for run in shown],
        number=number,
        has_older=len(past) > RUNS_A_PAGE,
        here=PAGES[kind],
        mark=mark,
        as_of=words.clock(at, site_zone(), seconds=True),
        rendered_at=at.isoformat(),
        zone=site_zone().key,
        vocabulary=vocabulary(),
    )
