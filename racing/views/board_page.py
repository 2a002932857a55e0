"""What the race page shows: head, facts, notes and rows, ready to draw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from racing.models import Race
from racing.realtime.shapes import Board, Book
from racing.services.movements import Movements
from racing.statuses import RaceStatus
from racing.views import race_movers, words
from racing.views.held import held_board, vocabulary
from racing.views.price_cells import PriceCell
from racing.views.race_notes import declared, note_words, withdrawal_note
from racing.views.reader_times import reader_clock
from racing.views.result_lines import result_lines
from racing.views.runner_rows import ORDERS, ordered, rows_of

__all__ = ["ORDERS", "board_page"]


def board_page(race: Race, board: Board, movements: Movements, now: datetime, order: str = "price") -> dict[str, Any]:
    """Return the template's variables for one race."""
    state, card = board["race"], declared(race)
    bookmakers = sorted({entry["bookmaker"] for entry in board["odds"]})
    orders = [each for each in ORDERS if each != "draw" or any(runner.draw for runner in race.runners)]
    order = order if order in orders else ORDERS[0]
    rows = rows_of(race, board, bookmakers, movements, now)
    placings = state.get("result", {"placings": []})["placings"]
    return {
        "race": race,
        "state": state,
        "version": board["version"],
        **_head(race, board, now),
        **_book(board["book"], bookmakers),
        "rows": ordered(rows, order),
        "order": order,
        "orders": orders,
        "running": sum(not row.is_out for row in rows),
        "withdrawn": withdrawal_note(card, board, race.meeting.zone),
        "result": result_lines(placings, {runner.runner_id: runner for runner in race.runners}),
        "steamers": race_movers.steamers(rows),
        "drifters": race_movers.drifters(rows),
        "blank": PriceCell(""),
        "held": {**held_board(race, board), "card": list(card.runners), "declaredTerms": card.terms},
        "vocabulary": {**vocabulary(), **note_words()},
    }


def _head(race: Race, board: Board, now: datetime) -> dict[str, Any]:
    zone, state = race.meeting.zone, board["race"]
    off_time, status = words.from_wire(state["offTime"]), RaceStatus(state["status"])
    off_at = words.from_wire(state["offAt"]) if "offAt" in state else None
    return {
        "off_clock": words.clock(off_time, zone),
        "yours": reader_clock(off_time, zone),
        "off_day": words.day(off_time, zone, now),
        "off_line": words.off_line(status, off_time, off_at, now, zone),
        "phase": words.phase(status),
        "status_sentence": words.STATUS_SENTENCES[status],
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
    }
