"""How the best price of each runner moved, bounded however busy the race was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import current_app
from sqlalchemy import select

from racing.extensions import db
from racing.models import CurrentPrice, PriceChange, Race, Runner
from racing.models.columns import now
from racing.services.price_charts import KeptCharts, PriceChart
from racing.services.thinning import Point


@dataclass(frozen=True)
class Movements:
    """What a race's prices did before it was off: in running one falls to nothing, and all others rise.

    `moves` has, by runner id, the changes of the best price, oldest first; the first is the opening price, None is
    where nobody offered one. Runners never priced are left out. `at_off` has the best price that stood then; None
    before the off.
    """

    moves: Mapping[str, Sequence[Point]]
    at_off: Mapping[str, Decimal] | None


def movements(race: Race, chart: PriceChart) -> Movements:
    """Return the race's movements until its off. Of a busy race not every step is there, but every high and low is."""
    if race.off_at is None:
        return Movements(chart.lines, None)
    off = race.off_at.timestamp() * 1000
    until = {runner_id: [move for move in line if move.at < off] for runner_id, line in chart.lines.items()}
    return Movements(until, _best_at(race.id, race.off_at))


def last_prices(race: Race) -> Mapping[str, Decimal]:
    """Return, by runner id, the best prices that stood at the off; of a race not off yet, those of this moment."""
    return _best_at(race.id, race.off_at or now())


def _best_at(race_id: str, at: datetime) -> Mapping[str, Decimal]:
    """Return, by runner id, the longest price on offer just before `at`; the chart may have thinned that away."""
    newest = select(PriceChange.price).where(
        PriceChange.runner_pk == CurrentPrice.runner_pk,
        PriceChange.bookmaker == CurrentPrice.bookmaker,
        PriceChange.at < at,
    )
    then = newest.order_by(PriceChange.version.desc(), PriceChange.id.desc()).limit(1).scalar_subquery()
    rows = db.session.execute(
        select(Runner.runner_id, then).join(CurrentPrice.runner).where(CurrentPrice.race_id == race_id)
    )
    best: dict[str, Decimal] = {}
    for runner_id, price in rows:
        if price is not None:
            best[runner_id] = max(price, best.get(runner_id, price))
    return best


def chart(race_id: str) -> PriceChart:
    """Return the best prices of the race's whole life, as the database has them now. Raises RaceNotFound.

    It begins a transaction of its own: what the session has loaded before is read again where it is used after it.
    """
    kept: KeptCharts = current_app.extensions["kept_charts"]
    return kept.chart(race_id)
