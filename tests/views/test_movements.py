"""The best prices of a day, as the race page draws them."""

from decimal import Decimal

from flask import Flask

from racing.services import cards, movements, odds, racecards
from racing.services.odds import Quote
from racing.views.words import from_wire


def test_the_best_price_moves_only_where_no_other_bookmaker_offers_as_much(app: Flask) -> None:
    runner = cards.RunnerDeclared("r1", "Quiet Harbour", "1")
    off_time = from_wire("2030-06-01T13:05:00Z")
    cards.declare_race(cards.RaceDeclared("wexmoor-1405", "Wexmoor", off_time, "Stakes", [runner]), None)
    for tote, exchange in (("3", "3.5"), ("3.25", "3.5"), ("3.25", "3"), (None, None)):
        prices = {"tote": tote, "exchange": exchange}
        odds.change_prices(
            "wexmoor-1405",
            [Quote("r1", Decimal(price) if price else None, name) for name, price in prices.items()],
            None,
        )

    moves = movements.movements(racecards.card("wexmoor-1405"), movements.chart("wexmoor-1405")).moves["r1"]

    assert [move.price for move in moves] == [350, 325, None]
