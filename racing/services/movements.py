"""How the best price of each runner moved, bounded however busy the race was."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from flask import current_app

from racing.services.price_charts import KeptCharts, PriceChart
from racing.services.thinning import Point


@dataclass(frozen=True)
class BestPrice:
    """The longest price on offer for a runner from `at` on, decimal odds; None: nobody offered one."""

    at: datetime
    price: Decimal | None


def chart(race_id: str) -> PriceChart:
    """Return the best prices of the race's whole life, as the database has them now. Raises RaceNotFound.

    It begins a transaction of its own: what the session has loaded before is read again where it is used after it.
    """
    kept: KeptCharts = current_app.extensions["kept_charts"]
    return kept.chart(race_id)


def best_prices(of: PriceChart) -> dict[str, list[BestPrice]]:
    """Return, by runner id, the changes of the best price, oldest first; the first is the opening price.

    Runners never priced are left out. Of a very busy race not every step is there, but every high and low is.
    """
    return {runner_id: [_best(point) for point in points] for runner_id, points in of.lines.items()}


def _best(point: Point) -> BestPrice:
    price = None if point.price is None else Decimal(point.price).scaleb(-2)
    return BestPrice(datetime.fromtimestamp(point.at / 1000, UTC), price)
