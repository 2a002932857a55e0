"""The runners of a race as a price chart has them: the shortest first."""

from collections.abc import Sequence

from racing.models import Race, Runner
from racing.services.price_charts import PriceChart
from racing.services.thinning import Point


def leaders_first(race: Race, chart: PriceChart) -> list[Runner]:
    """Return the runners by their best price at the off (now, before it), then those without one, as on the card."""

    def place(runner: Runner) -> tuple[bool, int, int]:
        line = to_the_off(race, chart.lines.get(runner.runner_id, ()))
        price = line[-1].price if line else None
        return price is None, price or 0, runner.position_on_card

    return sorted(race.runners, key=place)


def to_the_off(race: Race, line: Sequence[Point]) -> Sequence[Point]:
    """Return the line without what came in running: there one price falls to nothing and all others rise."""
    if race.off_at is None:
        return line
    off = race.off_at.timestamp() * 1000
    return [point for point in line if point.at < off]
