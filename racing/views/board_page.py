"""What the race page shows: rows, notes and facts, ready to draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from racing import prices
from racing.errors import sentence_list
from racing.models import Race, Runner
from racing.realtime.shapes import Board, Book, RunnerChange
from racing.services.movements import BestPrice
from racing.statuses import RaceStatus, RunnerStatus
from racing.views import words
from racing.views.held import held_board, vocabulary
from racing.views.price_cells import PriceCell, best_cell, cells_of, exact
from racing.views.result_lines import ordinal, result_lines
from racing.views.silks import Silks, silks
from racing.views.sparklines import Sparkline, sparkline

ORDERS = ("price", "number")


@dataclass(frozen=True)
class Row:
    """A runner on the board. `move` is in probability points since the opening; `opening` a chance in percent."""

    runner: Runner
    state: RunnerChange
    silks: Silks
    people: str
    cells: Sequence[PriceCell]
    best: PriceCell
    spark: Sparkline
    opening: float | None
    day: Mapping[str, PriceCell]
    move: str
    move_way: str
    out_words: str

    @property
    def is_out(self) -> bool:
        """A non-runner."""
        return self.state["status"] == RunnerStatus.NON_RUNNER

    @property
    def place(self) -> str:
        """Where it came, "1st"; empty where it was not placed or nobody knows the order."""
        return ordinal(self.state["position"]) if "position" in self.state else ""


def board_page(
    race: Race, board: Board, day: Mapping[str, Sequence[BestPrice]], now: datetime, order: str = "price"
) -> dict[str, Any]:
    """Return the template's variables for one race. `day` holds the best prices of the day by runner id."""
    zone, state = race.meeting.zone, board["race"]
    bookmakers = sorted({entry["bookmaker"] for entry in board["odds"]})
    rows = _rows(race, board, bookmakers, day, now)
    return {
        "race": race,
        "state": state,
        "version": board["version"],
        **_head(race, board, now),
        **_book(board["book"], bookmakers),
        "rows": _ordered(rows, order),
        "order": order,
        "running": sum(not row.is_out for row in rows),
        "non_runners": _non_runners(rows),
        "last_out": _last_out(rows, zone),
        "result": result_lines(state.get("result", {"placings": []})["placings"], _names(race)),
        "blank": PriceCell(""),
        "held": held_board(race, board),
        "vocabulary": vocabulary(),
    }


def _names(race: Race) -> dict[str, str]:
    return {runner.runner_id: runner.name for runner in race.runners}


def _head(race: Race, board: Board, now: datetime) -> dict[str, Any]:
    zone, state = race.meeting.zone, board["race"]
    off_time = words.from_wire(state["offTime"])
    off_at = words.from_wire(state["offAt"]) if "offAt" in state else None
    return {
        "off_clock": words.clock(off_time, zone),
        "off_day": words.day(off_time, zone),
        "off_line": words.off_line(RaceStatus(state["status"]), off_time, off_at, now, zone),
        "zone_words": f"{race.meeting.course} ({words.zone_name(off_time, zone)})",
        "as_of": words.clock(now, zone, seconds=True),
    }


def _book(book: Book, bookmakers: Sequence[str]) -> dict[str, Any]:
    return {
        "bookmakers": [
            {"slug": slug, "name": words.bookmaker_name(slug), "book": words.percent(book["overround"].get(slug))}
            for slug in bookmakers
        ],
        "each_way": words.each_way(book["eachWay"]["places"], book["eachWay"]["fraction"]),
        "best_book": words.percent(book["best"]),
        "rule4": book["rule4"],
    }


def _rows(
    race: Race, board: Board, bookmakers: Sequence[str], day: Mapping[str, Sequence[BestPrice]], now: datetime
) -> list[Row]:
    entries = {(entry["runnerId"], entry["bookmaker"]): entry for entry in board["odds"]}
    changes = {change["runnerId"]: change for change in board["runners"]}
    return [
        _row(
            runner,
            changes[runner.runner_id],
            cells_of(runner.runner_id, bookmakers, entries, now),
            day.get(runner.runner_id, ()),
            race.meeting.zone,
        )
        for runner in race.runners
    ]


def _row(
    runner: Runner, state: RunnerChange, cells: Sequence[PriceCell], moves: Sequence[BestPrice], zone: ZoneInfo
) -> Row:
    best = best_cell(runner.runner_id, cells)
    known = [move.price for move in moves if move.price is not None]
    opening = float(prices.chance(known[0])) if known else None
    told = words.points(None if opening is None or best.price is None else 100 / best.price - opening)
    return Row(
        runner=runner,
        state=state,
        silks=silks(runner.silks, runner.name),
        people=" · ".join(person for person in (runner.jockey, runner.trainer) if person),
        cells=cells,
        best=best,
        spark=sparkline(moves),
        opening=opening,
        day=_day_of(runner.runner_id, known),
        move=told,
        move_way={"+": "in", words.MINUS: "out"}.get(told[:1], ""),
        out_words=_out_words(state, zone),
    )


def _day_of(runner_id: str, known: Sequence[Decimal]) -> dict[str, PriceCell]:
    if not known:
        return {}
    told = {"opened": known[0], "longest": max(known), "shortest": min(known)}
    return {name: PriceCell(runner_id, None, float(price), prices.fractional(price)) for name, price in told.items()}


def _out_words(state: RunnerChange, zone: ZoneInfo) -> str:
    """Return "Non-runner 13:58 · was 7/1"; ui/runner_row.js says the same."""
    if "withdrawnAt" not in state:
        return ""
    told = f"Non-runner {words.clock(words.from_wire(state['withdrawnAt']), zone)}"
    was = state.get("withdrawnPrice")
    return f"{told} · was {prices.fractional(exact(was))}" if was is not None else told


def _ordered(rows: Sequence[Row], order: str) -> list[Row]:
    """Return rows as placed, then by price (or as the card has them), non-runners last."""

    def place(row: Row) -> tuple[bool, bool, float, float]:
        position = row.state.get("position")
        by_price = order == "price"
        price = (row.best.price or 1e9) if by_price else 0.0
        return row.is_out, by_price and position is None, float(position or 0) if by_price else 0.0, price

    return sorted(rows, key=place)


def _non_runners(rows: Sequence[Row]) -> str:
    """Return "Gilded Fern (5)", joined for a sentence; ui/race_notes.js says the same."""
    return sentence_list(
        [
            f"{row.runner.name} ({row.runner.number})" if row.runner.number else row.runner.name
            for row in sorted(rows, key=lambda row: row.runner.position_on_card)
            if row.is_out
        ]
    )


def _last_out(rows: Sequence[Row], zone: ZoneInfo) -> str:
    times = [row.state["withdrawnAt"] for row in rows if "withdrawnAt" in row.state]
    return words.clock(words.from_wire(max(times)), zone) if times else ""
