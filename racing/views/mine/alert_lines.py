"""A price alert as its user reads it: which price of whom, in which race, and when it was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from racing import prices
from racing.models import PriceAlert, Wanted
from racing.statuses import CALLED_OFF
from racing.views import words
from racing.views.price_cells import PriceCell
from racing.views.published import race_name
from racing.views.reader_times import reader_clock


@dataclass(frozen=True)
class AlertLine:
    """`price` is waited for, `wanted` that or "bigger" (or "shorter"); `told_*` when and at which.

    `closed` says why it ended untold. `first` is what the price has to be before it counts, empty where it counts now.
    """

    alert: PriceAlert
    price: PriceCell
    wanted: Wanted
    race: str
    yours: str
    told_at: str
    told_price: PriceCell | None
    closed: str
    first: str
    may_be_armed: bool


@dataclass(frozen=True)
class Step:
    """A price of the ladder to choose, in all forms."""

    value: str
    cell: PriceCell


def alert_line(alert: PriceAlert) -> AlertLine:
    """Return the line of an alert whose race, meeting and runner are loaded."""
    race = alert.race
    return AlertLine(
        alert=alert,
        price=exact_cell(alert.price),
        wanted=alert.wanted,
        race=race_name(race),
        yours=reader_clock(race.off_time, race.meeting.zone),
        told_at=words.clock(alert.told_at, race.meeting.zone) if alert.told_at else "",
        told_price=None if alert.told_price is None else exact_cell(alert.told_price),
        closed="" if alert.armed or alert.told_at else _why_closed(alert),
        first=other_side(alert.wanted) if alert.armed and alert.must_leave else "",
        may_be_armed=words.phase(race.status) == "before" and alert.runner.withdrawn_at is None,
    )


def other_side(wanted: Wanted) -> Wanted:
    """Return which way a price leaves that is waited for."""
    return Wanted.SHORTER if wanted is Wanted.BIGGER else Wanted.BIGGER


def _why_closed(alert: PriceAlert) -> str:
    if alert.runner.withdrawn_at is not None:
        return "non-runner"
    return "called off" if alert.race.status in CALLED_OFF else "not there before the off"


def exact_cell(price: Decimal) -> PriceCell:
    """Return a price that is waited for: as a fraction only where it is one exactly."""
    return PriceCell("", None, float(price), words.as_typed(price))


def steps() -> Sequence[Step]:
    """Return all prices of the ladder, shortest first, each once: the shortest fractions are one price."""
    each = dict.fromkeys(prices.of_step(place) for place in range(len(prices.LADDER)))
    return [Step(f"{price:.2f}", exact_cell(price)) for price in each]


def first_choice(best: Decimal | None, wanted: Wanted) -> str:
    """Return the step to begin with: the next one on the side that is waited for, "5/1" where nobody offers a price."""
    if best is None:
        return f"{prices.parse('5/1'):.2f}"
    place = prices.nearest_step(best)
    towards = 1 if wanted is Wanted.BIGGER else -1
    while 0 < place < len(prices.LADDER) - 1 and (prices.of_step(place) - best) * towards <= 0:
        place += towards
    return f"{prices.of_step(place):.2f}"
