"""The runners of a race as a price chart has them: the shortest first."""

from collections.abc import Sequence

from racing.models import Race, Runner
from racing.services.price_charts import PriceChart
from racing.services.thinning import Point


def leaders_first(race: Race, chart: PriceChart) -> list[Runner]:
    """Return the runners by their best price at the off (now, before it), then those without one, as on the card.

    In running the winner's price falls to nothing and the others' rise: that says nothing of the market.
    """
    off = None if race.off_at is None else round(race.off_at.timestamp() * 1000)

    def place(runner: Runner) -> tuple[bool, int, int]:
        price = _price_at(chart.lines.get(runner.runner_id, ()), off)
        return price is None, price or 0, runner.position_on_card

    return sorted(race.runners, key=place)


def _price_at(line: Sequence[Point], at: int | None) -> int | None:
    prices = [point.price for point in line if at is None or point.at <= at]
    return prices[-1] if prices else None
