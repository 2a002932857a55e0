"""The day of a runner's best price: where it opened, how far it went, what it ends with. It ends at the off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from racing.models import Runner
from racing.realtime.shapes import RunnerChange
from racing.services.movements import Movements
from racing.services.thinning import Point
from racing.views import words
from racing.views.price_cells import PriceCell, exact, priced
from racing.views.sparklines import Sparkline, sparkline


class LastPrice(NamedTuple):
    """A price; `at` says whose it is: bookmakers', "SP", or "at the off". Empty where there is no price."""

    cell: PriceCell
    at: str


class Edges(NamedTuple):
    """Where the price opened, and how far it went."""

    opened: PriceCell
    longest: PriceCell
    shortest: PriceCell


@dataclass(frozen=True)
class RunnerDay:
    """`edges` is None where nothing was priced; `at_off` what stood then (decimal odds, or empty), None before it."""

    edges: Edges | None
    last: LastPrice
    at_off: str | None
    spark: Sparkline

    @property
    def points(self) -> float | None:
        """How far the chance moved from the opening to the last price, in percent; None where that is not known."""
        opened = self.edges.opened.price if self.edges else None
        last = self.last.cell.price
        return None if opened is None or last is None else 100 / last - 100 / opened

    @property
    def move(self) -> str:
        """The move with its sign, "+9.5"; empty where it is not known."""
        return words.points(self.points)

    @property
    def move_way(self) -> str:
        """Whether it shortened ("in") or lengthened ("out")."""
        return {"+": "in", words.MINUS: "out"}.get(self.move[:1], "")


def runner_day(runner: Runner, state: RunnerChange, best: LastPrice, race: Movements) -> RunnerDay:
    """Return a runner's day; `best` is its best price of this moment. ui/runner_row.js goes on with the same."""
    moves = race.moves.get(runner.runner_id, ())
    last = best if race.at_off is None else _at_the_off(runner, race.at_off)
    return RunnerDay(
        edges=_edges(runner, moves),
        last=LastPrice(priced(runner.runner_id, exact(state["sp"])), "SP") if "sp" in state else last,
        at_off=None if race.at_off is None else last.cell.decimal,
        spark=sparkline(moves),
    )


def _at_the_off(runner: Runner, prices: Mapping[str, Decimal]) -> LastPrice:
    if runner.runner_id not in prices:
        return LastPrice(PriceCell(runner.runner_id), "")
    return LastPrice(priced(runner.runner_id, prices[runner.runner_id]), "at the off")


def _edges(runner: Runner, moves: Sequence[Point]) -> Edges | None:
    """Return the edges as they are kept with the runner; where they never were, as the history has them."""
    kept = (runner.opening_price, runner.longest_price, runner.shortest_price)
    known = [price for price in kept if price is not None]
    if len(known) < len(kept):
        prices_of_day = [Decimal(move.price).scaleb(-2) for move in moves if move.price is not None]
        if not prices_of_day:
            return None
        known = [prices_of_day[0], max(prices_of_day), min(prices_of_day)]
    return Edges(*(priced(runner.runner_id, price) for price in known))
