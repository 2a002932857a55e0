"""The race page: its card, its odds, what happens to it."""

from flask import Response, request

from racing.services import boards, movements, racecards
from racing.views.board_page import ORDERS, board_page
from racing.views.punters import blueprint, page
from racing.views.race_cards import now, strip


@blueprint.get("/races/<race_id>")
def race(race_id: str) -> Response:
    """Show one race: its odds, its notes and the day's history."""
    asked = request.args.get("order", "price")
    # The board first: what is read after it may be newer, and the script hears of that again.
    board = boards.board(race_id)
    day = movements.best_prices_of_day(race_id)
    found, at = racecards.card(race_id), now()
    shown = board_page(found, board, day, at, asked if asked in ORDERS else "price")
    meeting_races = strip(found.meeting, race_id)
    return page(
        "punters/race.html", **shown, strip=meeting_races, rendered_at=at.isoformat(), zone=found.meeting.time_zone
    )
