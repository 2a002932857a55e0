"""The runners of a race as its board shows them, one a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from racing import prices
from racing.models import Race, Runner
from racing.realtime.shapes import Board, RunnerChange
from racing.services.movements import BestPrice
from racing.statuses import RunnerStatus
from racing.views import card_words, words
from racing.views.card_words import Mark
from racing.views.price_cells import PriceCell, best_cell, cells_of, exact, priced
from racing.views.result_lines import placed_words
from racing.views.silks import Silks, silks
from racing.views.sparklines import Sparkline, sparkline

ORDERS = ("price", "number", "name", "draw")


class Day(NamedTuple):
    """Where a runner's best price opened in the day, and how far it went."""

    opened: PriceCell
    longest: PriceCell
    shortest: PriceCell


@dataclass(frozen=True)
class Row:
    """A runner on the board. `move` is in probability points since the opening; `best_at` says who offers the best."""

    runner: Runner
    state: RunnerChange
    silks: Silks
    claim: Mark | None
    headgear: Mark | None
    wins: Sequence[Mark]
    cells: Sequence[PriceCell]
    best: PriceCell
    best_at: str
    spark: Sparkline
    day: Day | None
    points: float | None
    place: str
    out_words: str

    @property
    def is_out(self) -> bool:
        """A non-runner."""
        return self.state["status"] == RunnerStatus.NON_RUNNER

    @property
    def edges(self) -> Sequence[tuple[str, PriceCell]]:
        """The day by name, "opened", "longest" and "shortest"; without prices where it has not begun."""
        return [(name, getattr(self.day, name) if self.day else PriceCell("")) for name in Day._fields]

    @property
    def move(self) -> str:
        """The move with its sign, "+9.5"; empty where it is not known."""
        return words.points(self.points)

    @property
    def move_way(self) -> str:
        """Whether it shortened ("in") or lengthened ("out")."""
        return {"+": "in", words.MINUS: "out"}.get(self.move[:1], "")


def rows_of(
    race: Race, board: Board, bookmakers: Sequence[str], moves: Mapping[str, Sequence[BestPrice]], now: datetime
) -> list[Row]:
    """Return the runners in the order of the card. `moves` has the best prices of each by runner id."""
    entries = {(entry["runnerId"], entry["bookmaker"]): entry for entry in board["odds"]}
    changes = {change["runnerId"]: change for change in board["runners"]}
    positions = [change["position"] for change in board["runners"] if "position" in change]
    return [
        _row(
            runner,
            changes[runner.runner_id],
            positions,
            cells_of(runner.runner_id, bookmakers, entries, now),
            moves.get(runner.runner_id, ()),
            race.meeting.zone,
        )
        for runner in race.runners
    ]


def _row(
    runner: Runner,
    state: RunnerChange,
    positions: Sequence[int],
    cells: Sequence[PriceCell],
    moves: Sequence[BestPrice],
    zone: ZoneInfo,
) -> Row:
    best, day = best_cell(runner.runner_id, cells), _day(runner, moves)
    return Row(
        runner=runner,
        state=state,
        silks=silks(runner.silks, runner.name),
        claim=card_words.claim(runner),
        headgear=card_words.headgear(runner.headgear),
        wins=card_words.wins(runner.course_distance),
        cells=cells,
        best=best,
        best_at=_best_at(cells, best),
        spark=sparkline(moves),
        day=day,
        points=_points(day, best),
        place=placed_words(state["position"], positions) if "position" in state else "",
        out_words=_out_words(state, zone),
    )


def _points(day: Day | None, best: PriceCell) -> float | None:
    if day is None or day.opened.price is None or best.price is None:
        return None
    return 100 / best.price - 100 / day.opened.price


def _best_at(cells: Sequence[PriceCell], best: PriceCell) -> str:
    """Return "Harrow", or "Harrow +2" where two more offer as much. ui/runner_row.js says the same."""
    at = [cell.bookmaker for cell in cells if cell.price is not None and cell.price == best.price and cell.bookmaker]
    if not at:
        return ""
    return words.bookmaker_name(at[0]) + (f" +{len(at) - 1}" if at[1:] else "")


def _day(runner: Runner, moves: Sequence[BestPrice]) -> Day | None:
    """Return the day as it is kept with the runner; where it was never kept, as the history has it."""
    edges = (runner.opening_price, runner.longest_price, runner.shortest_price)
    known = [price for price in edges if price is not None]
    if len(known) < len(edges):
        prices_of_day = [move.price for move in moves if move.price is not None]
        if not prices_of_day:
            return None
        known = [prices_of_day[0], max(prices_of_day), min(prices_of_day)]
    return Day(*(priced(runner.runner_id, price) for price in known))


def _out_words(state: RunnerChange, zone: ZoneInfo) -> str:
    """Return "Non-runner 13:58 · was 7/1"; ui/runner_row.js says the same."""
    if "withdrawnAt" not in state:
        return ""
    told = f"Non-runner {words.clock(words.from_wire(state['withdrawnAt']), zone)}"
    was = state.get("withdrawnPrice")
    return f"{told} · was {prices.fractional(exact(was))}" if was is not None else told


def ordered(rows: Sequence[Row], order: str) -> list[Row]:
    """Return rows of the card in one of ORDERS, non-runners last; by price, who was placed first comes first.

    ui/row_order.js sorts the same.
    """

    def place(row: Row) -> tuple[bool, float, float | str]:
        position = float(row.state.get("position") or "inf")
        by: dict[str, tuple[float, float | str]] = {
            "price": (position, row.best.price or float("inf")),
            "number": (0, 0),  # the card's own
            "name": (0, row.runner.name.lower()),
            "draw": (0, row.runner.draw or float("inf")),
        }
        return row.is_out, *by[order]

    return sorted(rows, key=place)
