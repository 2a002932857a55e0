"""The race page: its card, its odds, what happens to it."""

from flask import Response, request

from racing.services import boards, movements, racecards
from racing.views.board_page import ORDERS, board_page
from racing.views.chart_drawing import drawing
from racing.views.declared import for_anyone
from racing.views.punters import blueprint, page
from racing.views.punters.others import others_of
from racing.views.race_cards import now

ORDER_COOKIE, YEAR_S = "race_order", 365 * 24 * 3600


@blueprint.get("/races/<race_id>")
@for_anyone
def race(race_id: str) -> Response:
    """Show one race: its odds, its notes and the day's history, in the order asked for, else as last time."""
    order = _known(request.args.get("order")) or _known(request.cookies.get(ORDER_COOKIE)) or ORDERS[0]
    # The board first: what is read after it may be newer, and the script hears of that again.
    board = boards.board(race_id)
    chart = movements.chart(race_id)
    found, at = racecards.card(race_id), now()
    shown = board_page(found, board, movements.movements(found, chart), at, order)
    response = page(
        "punters/race.html",
        **shown,
        others=others_of(found, at),
        rendered_at=at.isoformat(),
        zone=found.meeting.time_zone,
        drawing=drawing(found, chart),
    )
    if _known(request.args.get("order")):
        response.set_cookie(ORDER_COOKIE, order, max_age=YEAR_S, samesite="Lax")
    return response


def _known(order: str | None) -> str | None:
    return order if order in ORDERS else None
