"""A day's results, and a day's non-runners."""

from collections.abc import Sequence
from datetime import date

from flask import Response

from racing.models import Race
from racing.services import results as day_results
from racing.views import words
from racing.views.declared import for_anyone
from racing.views.punters import blueprint, page, site_zone
from racing.views.punters.days import ShownDay, shown_day
from racing.views.punters.people import page_asked
from racing.views.punters.refreshed import list_mark, live_facts, unchanged
from racing.views.punters.result_cards import result_card
from racing.views.race_cards import now

RESULTS_A_PAGE = 100


@blueprint.get("/results")
@blueprint.get("/results/<day:day>")
@for_anyone
def results(day: date | None = None) -> Response:
    """Show a day's results, the newest first, RESULTS_A_PAGE at a time; today's without a day."""
    (shown, races), number = _day(day), page_asked()
    told_of_day = [race for race in reversed(races) if day_results.is_told(race)]
    over = told_of_day[(number - 1) * RESULTS_A_PAGE : number * RESULTS_A_PAGE]
    mark = list_mark((race.id, race.state_version) for race in over)
    same = unchanged(mark)
    if same:
        return same
    told = day_results.told_of([race.id for race in over])
    cards = [result_card(race, told.get(race.id, ())) for race in over]
    has_older = len(told_of_day) > number * RESULTS_A_PAGE
    return _page("punters/results.html", shown, races, cards=cards, mark=mark, number=number, has_older=has_older)


@blueprint.get("/non-runners")
@blueprint.get("/non-runners/<day:day>")
@for_anyone
def non_runners(day: date | None = None) -> Response:
    """Show who did not run on a day, race by race; today's without a day."""
    shown, races = _day(day)
    out = day_results.out_of([race.id for race in races])
    mark = list_mark((runner.id, runner.withdrawn_at) for told in out.values() for runner in told)
    same = unchanged(mark)
    if same:
        return same
    cards = [result_card(race, out[race.id]) for race in races if race.id in out]
    count = sum(len(card.out) for card in cards)
    return _page("punters/non_runners.html", shown, races, cards=cards, count=count, mark=mark)


def _day(day: date | None) -> tuple[ShownDay, Sequence[Race]]:
    shown = shown_day(day, now().astimezone(site_zone()).date())
    return shown, day_results.day_of(shown.day)


def _page(template: str, shown: ShownDay, races: Sequence[Race], **more: object) -> Response:
    as_of = words.clock(now(), site_zone(), seconds=True)
    return page(template, shown=shown, as_of=as_of, **live_facts(races, site_zone().key), **more)
