"""Steamers and drifters of one race, ranked by how far their chance moved from the opening to the off.

Who moved by less than a step of the ladder is none: in fractions the two prices read the same.
"""

from collections.abc import Sequence

from racing.views.runner_rows import Row

MOST = 3


def steamers(rows: Sequence[Row]) -> list[Row]:
    """Return who shortened most, the furthest first, at most MOST. ui/race_movers.js ranks the same."""
    moved = [row for row in rows if row.day.move_way == "in" and _is_read(row)]
    return sorted(moved, key=lambda row: -(row.day.points or 0))[:MOST]


def drifters(rows: Sequence[Row]) -> list[Row]:
    """Return who lengthened most, the furthest first, at most MOST."""
    moved = [row for row in rows if row.day.move_way == "out" and _is_read(row)]
    return sorted(moved, key=lambda row: row.day.points or 0)[:MOST]


def _is_read(row: Row) -> bool:
    return row.day.edges is not None and row.day.edges.opened.fractional != row.day.last.cell.fractional
