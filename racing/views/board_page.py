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
from racing.realtime.messages import Board, OddsEntry, RunnerChange
from racing.services.movements import BestPrice
from racing.statuses import RaceStatus, RunnerStatus
from racing.views import words
from racing.views.held import held_board, vocabulary
from racing.views.price_cells import PriceCell, best_cell, cells_of
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


@dataclass(frozen=True)
class Placed:
    """A line of the result: "1st", the name, the starting price in both forms."""

    place: str
    name: str
    sp: PriceCell | None


def board_page(
    race: Race, board: Board, day: Mapping[str, Sequence[BestPrice]], now: datetime, order: str = "price"
) -> dict[str, Any]:
    """Return the template's variables for one race. `day` holds the best prices of the day by runner id."""
    zone, state, book = race.meeting.zone, board["race"], board["book"]
    entries = {(entry["runnerId"], entry["bookmaker"]): entry for entry in board["odds"]}
    bookmakers = sorted({entry["bookmaker"] for entry in board["odds"]})
    changes = {change["runnerId"]: change for change in board["runners"]}
    rows = [_row(runner, changes, bookmakers, entries, day, now, zone) for runner in race.runners]
    off_time = words.from_wire(state["offTime"])
    off_at = words.from_wire(state["offAt"]) if "offAt" in state else None
    return {
        "race": race,
        "state": state,
        "version": board["version"],
        "off_clock": words.clock(off_time, zone),
        "off_day": words.day(off_time, zone),
        "off_line": words.off_line(RaceStatus(state["status"]), off_time, off_at, now, zone),
        "zone_words": f"{race.meeting.course} ({words.zone_name(off_time, zone)})",
        "bookmakers": [
            {"slug": slug, "name": words.bookmaker_name(slug), "book": words.percent(book["overround"].get(slug))}
            for slug in bookmakers
        ],
        "rows": _ordered(rows, order),
        "order": order,
        "running": sum(not row.is_out for row in rows),
        "each_way": words.each_way(book["eachWay"]["places"], book["eachWay"]["fraction"]),
        "best_book": words.percent(book["best"]),
        "non_runners": _non_runners(rows),
        "rule4": book["rule4"],
        "last_out": _last_out(rows, zone),
        "result": _result(state.get("result", {"placings": []})["placings"], rows),
        "as_of": words.clock(now, zone, seconds=True),
        "blank": PriceCell(""),
        "held": held_board(race, board),
        "vocabulary": vocabulary(),
    }


def _row(
    runner: Runner,
    changes: Mapping[str, RunnerChange],
    bookmakers: Sequence[str],
    entries: Mapping[tuple[str, str], OddsEntry],
    day: Mapping[str, Sequence[BestPrice]],
    now: datetime,
    zone: ZoneInfo,
) -> Row:
    cells = cells_of(runner.runner_id, bookmakers, entries, now)
    best, moves = best_cell(runner.runner_id, cells), day.get(runner.runner_id, ())
    known = [move.price for move in moves if move.price is not None]
    opening = float(prices.chance(known[0])) if known else None
    change = None if opening is None or best.price is None else 100 / best.price - opening
    state = changes[runner.runner_id]
    told = words.points(change)
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
    return {
        name: PriceCell(runner_id, None, float(price), prices.fractional(price)) for name, price in told.items()
    }


def _out_words(state: RunnerChange, zone: ZoneInfo) -> str:
    """Return "Non-runner 13:58 · was 7/1"; ui/runner_row.js says the same."""
    if "withdrawnAt" not in state:
        return ""
    told = f"Non-runner {words.clock(words.from_wire(state['withdrawnAt']), zone)}"
    was = state.get("withdrawnPrice")
    return f"{told} · was {prices.fractional(_exact(was))}" if was is not None else told


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


def _result(placings: Sequence[Any], rows: Sequence[Row]) -> list[Placed]:
    names = {row.runner.runner_id: row.runner.name for row in rows}
    return [
        Placed(ordinal(placing.get("position")), names[placing["runnerId"]], _sp(placing)) for placing in placings
    ]


def _sp(placing: Mapping[str, Any]) -> PriceCell | None:
    sp = placing.get("sp")
    return None if sp is None else PriceCell(placing["runnerId"], None, sp, prices.fractional(_exact(sp)))


def _exact(price: float) -> Decimal:
    """Return a wire price as the Decimal it came from."""
    return Decimal(str(price))


def ordinal(position: int | None) -> str:
    """Return "1st", "2nd"; "placed" where the order is not known. ui/result.js says the same."""
    if position is None:
        return "placed"
    suffix = "th" if 10 < position % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position}{suffix}"
