"""The day's steamers and drifters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import Response, request, url_for

from racing.services import courses, race_lists, results
from racing.services.movers import Mover, movers_of
from racing.services.slugs import slugify
from racing.views import words
from racing.views.declared import for_anyone
from racing.views.price_cells import PriceCell, priced
from racing.views.punters import blueprint, page, site_zone
from racing.views.punters.days import day_words
from racing.views.punters.filters import Choice
from racing.views.punters.refreshed import list_mark, live_facts, unchanged
from racing.views.race_cards import now

EACH_WAY_MOST = 15  # to come, and as many already run


@dataclass(frozen=True)
class MoverLine:
    """A line of the page; `where` is "14:05 Wexmoor", `offered_by` a bookmaker's name, or "SP"."""

    mover: Mover
    where: str
    opened: PriceCell
    now: PriceCell
    offered_by: str
    points: str


@dataclass(frozen=True)
class Movers:
    """One way of moving: `to_come` first, then those that have run."""

    name: str
    told: str
    way: str
    to_come: Sequence[MoverLine]
    run: Sequence[MoverLine]


@blueprint.get("/movers")
@for_anyone
def movers() -> Response:
    """Show who shortened and who drifted most today, at one course where the address names it."""
    today = now().astimezone(site_zone()).date()
    asked = request.args.get("course", "").strip()
    names = courses.names(asked) or None
    found = movers_of(today, names)
    mark = list_mark((each.race_id, each.runner_id, each.now, each.is_run) for each in found)
    same = unchanged(mark)
    if same:
        return same
    races = [race for race in results.day_of(today) if names is None or race.meeting.course in names]
    return page(
        "punters/movers.html",
        ways=[_way("Steamers", "shortened", "in", found), _way("Drifters", "lengthened", "out", found)],
        courses=_choices(today, asked),
        refused=f"There is no course '{asked[:40]}'. All are shown." if asked and not names else "",
        day=day_words(today),
        mark=mark,
        as_of=words.clock(now(), site_zone(), seconds=True),
        with_prices=True,
        **live_facts(races, site_zone().key),
    )


def _way(name: str, told: str, way: str, found: Sequence[Mover]) -> Movers:
    lines = [_line(each) for each in found if (each.points > 0) == (way == "in")]
    to_come = [line for line in lines if not line.mover.is_run][:EACH_WAY_MOST]
    return Movers(name, told, way, to_come, [line for line in lines if line.mover.is_run][:EACH_WAY_MOST])


def _line(mover: Mover) -> MoverLine:
    return MoverLine(
        mover,
        f"{words.clock(mover.off_time, ZoneInfo(mover.time_zone))} {mover.course}",
        priced(mover.runner_id, mover.opened),
        priced(mover.runner_id, mover.now),
        words.bookmaker_name(mover.bookmaker) if mover.bookmaker else "SP",
        words.points(mover.points),
    )


def _choices(day: date, asked: str) -> Sequence[Choice]:
    slugs = {slugify(course): course for course, _ in race_lists.places_of(day, day)}
    every = [Choice("", "All courses", not asked, url_for("punters.movers"))]
    return every + [
        Choice(slug, course, asked == slug, url_for("punters.movers", course=slug)) for slug, course in slugs.items()
    ]
