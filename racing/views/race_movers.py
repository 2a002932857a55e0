"""Steamers and drifters of one race, ranked by how far their chance moved since the opening."""

from collections.abc import Sequence

from racing.views.runner_rows import Row

MOST = 3


def steamers(rows: Sequence[Row]) -> list[Row]:
    """Return who shortened most, the furthest first, at most MOST. ui/race_movers.js ranks the same."""
    moved = [row for row in rows if row.move_way == "in"]
    return sorted(moved, key=lambda row: -(row.points or 0))[:MOST]


def drifters(rows: Sequence[Row]) -> list[Row]:
    """Return who lengthened most, the furthest first, at most MOST."""
    moved = [row for row in rows if row.move_way == "out"]
    return sorted(moved, key=lambda row: row.points or 0)[:MOST]
