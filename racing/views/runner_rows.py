"""The runners of a race as its board shows them, one a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from racing import prices
from racing.extensions import in_turns
from racing.models import Race, Runner
from racing.realtime.shapes import Board, RaceState, RunnerChange
from racing.services.movements import Movements
from racing.statuses import RaceStatus, RunnerStatus
from racing.views import card_words, words
from racing.views.card_words import Mark
from racing.views.price_cells import PriceCell, best_cell, cells_of, exact
from racing.views.result_lines import placed_words
from racing.views.runner_days import Edges, LastPrice, RunnerDay, runner_day
from racing.views.silks import Silks, silks

ORDERS = ("price", "number", "name", "draw")


@dataclass(frozen=True)
class Row:
    """A runner on the board. `shown` is the price it is read for: the best one; after the race the last of its day."""

    runner: Runner
    state: RunnerChange
    silks: Silks
    claim: Mark | None
    headgear: Mark | None
    wins: Sequence[Mark]
    cells: Sequence[PriceCell]
    shown: LastPrice
    day: RunnerDay
    place: str
    out_words: str

    @property
    def is_out(self) -> bool:
        """A non-runner."""
        return self.state["status"] == RunnerStatus.NON_RUNNER

    @property
    def edges(self) -> Sequence[tuple[str, PriceCell]]:
        """The day by name, "opened", "longest" and "shortest"; without prices where it has not begun."""
        edges = self.day.edges
        return [(name, getattr(edges, name) if edges else PriceCell("")) for name in Edges._fields]


def rows_of(race: Race, board: Board, bookmakers: Sequence[str], movements: Movements, now: datetime) -> list[Row]:
    """Return the runners in the order of the card."""
    state = board["race"]
    entries = {(entry["runnerId"], entry["bookmaker"]): entry for entry in board["odds"]}
    changes = {change["runnerId"]: change for change in board["runners"]}
    positions = [change["position"] for change in board["runners"] if "position" in change]
    rows = (
        _row(
            runner,
            state,
            changes[runner.runner_id],
            positions,
            cells_of(runner.runner_id, bookmakers, entries, now),
            movements,
            race.meeting.zone,
        )
        for runner in race.runners
    )
    return list(in_turns(rows))


def _row(
    runner: Runner,
    race: RaceState,
    state: RunnerChange,
    positions: Sequence[int],
    cells: Sequence[PriceCell],
    movements: Movements,
    zone: ZoneInfo,
) -> Row:
    best = _best(runner.runner_id, cells)
    day = runner_day(runner, state, best, movements)
    is_over = words.phase(RaceStatus(race["status"])) == "over"
    return Row(
        runner=runner,
        state=state,
        silks=silks(runner.silks),
        claim=card_words.claim(runner),
        headgear=card_words.headgear(runner.headgear),
        wins=card_words.wins(runner.course_distance),
        cells=cells,
        shown=day.last if is_over else best,
        day=day,
        place=placed_words(state["position"], positions) if "position" in state else "",
        out_words=_out_words(state, zone),
    )


def _best(runner_id: str, cells: Sequence[PriceCell]) -> LastPrice:
    """Return the best price at "Harrow", or "Harrow +2" where two more offer it. ui/runner_row.js says the same."""
    best = best_cell(runner_id, cells)
    at = [cell.bookmaker for cell in cells if cell.price is not None and cell.price == best.price and cell.bookmaker]
    if not at:
        return LastPrice(best, "")
    return LastPrice(best, words.bookmaker_name(at[0]) + (f" +{len(at) - 1}" if at[1:] else ""))


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
            "price": (position, row.shown.cell.price or float("inf")),
            "number": (0, 0),  # the card's own
            "name": (0, row.runner.name.lower()),
            "draw": (0, row.runner.draw or float("inf")),
        }
        return row.is_out, *by[order]

    return sorted(rows, key=place)
