"""The pages punters read: the next races, a meeting, a race."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, make_response, render_template, request

from racing.models import Meeting
from racing.services import boards, movements, racecards
from racing.views import words
from racing.views.board_page import ORDERS, board_page
from racing.views.held import vocabulary
from racing.views.race_cards import now, race_card, strip
from racing.views.signed_in import page_user

blueprint = Blueprint("punters", __name__)


@blueprint.app_context_processor
def offer_to_templates() -> dict[str, Any]:
    """Give every template the questions its frame may ask; a page that fails asks none."""
    return {"page_user": page_user, "todays_meetings": todays_meetings}


def site_zone() -> ZoneInfo:
    """Return the zone that lists over several courses are told in."""
    return ZoneInfo(current_app.config["DEFAULT_TIME_ZONE"])


def todays_meetings() -> Sequence[Meeting]:
    """Return the meetings of today, by course."""
    return racecards.meetings_of(now().astimezone(site_zone()).date())


@blueprint.get("/")
def next_races() -> Response:
    """Show the next races with countdown, status and favourite."""
    at = now()
    cards = [race_card(race, at) for race in racecards.next_races(at)]
    return _page(
        "punters/next_races.html",
        cards=cards,
        as_of=words.clock(at, site_zone(), seconds=True),
        rendered_at=at.isoformat(),
        zone=site_zone().key,
        vocabulary=vocabulary(),
    )


@blueprint.get("/meetings/<slug>")
def meeting(slug: str) -> Response:
    """Show the races of one course on one day."""
    found, at = racecards.meeting(slug), now()
    return _page(
        "punters/meeting.html",
        meeting=found,
        day=f"{found.day:%A} {found.day.day} {found.day:%B}",
        cards=[race_card(race, at) for race in found.races],
        as_of=words.clock(at, found.zone, seconds=True),
        rendered_at=at.isoformat(),
        zone=found.time_zone,
        zone_words=f"{found.course} ({words.zone_name(at, found.zone)})",
        vocabulary=vocabulary(),
    )


@blueprint.get("/races/<race_id>")
def race(race_id: str) -> Response:
    """Show one race: its odds, its notes and the day's history."""
    asked = request.args.get("order", "price")
    # The board first: what is read after it may be newer, and the script hears of that again.
    board = boards.board(race_id)
    found, at = racecards.card(race_id), now()
    day = movements.best_prices_of_day(race_id)
    page = board_page(found, board, day, at, asked if asked in ORDERS else "price")
    meeting_races = strip(found.meeting, race_id)
    return _page(
        "punters/race.html", **page, strip=meeting_races, rendered_at=at.isoformat(), zone=found.meeting.time_zone
    )


def _page(template: str, **shown: Any) -> Response:
    response = make_response(render_template(template, **shown))
    # Prices of another minute must not come back out of a cache; with "no-store" the way back would be slow.
    response.headers["Cache-Control"] = "no-cache"
    return response
