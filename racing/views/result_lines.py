"""The result as a page tells it: places in words, dead heats said, starting prices in all forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from racing.models import Runner
from racing.realtime.shapes import WirePlacing
from racing.views.price_cells import PriceCell, exact, priced

__all__ = ["Placed", "exact", "ordinal", "placed_words", "result_lines"]


@dataclass(frozen=True)
class Placed:
    """A line of the result: "1st", or "1st, dead heat"; the runner; the starting price."""

    place: str
    runner: Runner
    sp: PriceCell | None
    has_won: bool


def result_lines(placings: Sequence[WirePlacing], runners: Mapping[str, Runner]) -> list[Placed]:
    """Return the lines of a result, the winner's first. `runners` are the race's by id."""
    positions = [placing["position"] for placing in placings if "position" in placing]
    return [
        Placed(
            placed_words(placing.get("position"), positions),
            runners[placing["runnerId"]],
            _sp(placing),
            placing.get("position") == 1,
        )
        for placing in placings
    ]


def _sp(placing: WirePlacing) -> PriceCell | None:
    sp = placing.get("sp")
    return None if sp is None else priced(placing["runnerId"], exact(sp))


def placed_words(position: int | None, positions: Sequence[int]) -> str:
    """Return "1st"; "1st, dead heat" where `positions`, those of all, has it twice. ui/places.js says the same."""
    return ordinal(position) + (", dead heat" if position is not None and positions.count(position) > 1 else "")


def ordinal(position: int | None) -> str:
    """Return "1st", "2nd"; "placed" where the order is not known. ui/places.js says the same."""
    if position is None:
        return "placed"
    suffix = "th" if 10 < position % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position}{suffix}"
