"""The result as a page tells it: places in words, starting prices in both forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from racing.realtime.shapes import WirePlacing
from racing.views.price_cells import PriceCell, exact, priced


@dataclass(frozen=True)
class Placed:
    """A line of the result: "1st", the name, the starting price in both forms."""

    place: str
    name: str
    sp: PriceCell | None


def result_lines(placings: Sequence[WirePlacing], names: Mapping[str, str]) -> list[Placed]:
    """Return the lines of a result. `names` are the runners' by id."""
    return [Placed(ordinal(placing.get("position")), names[placing["runnerId"]], _sp(placing)) for placing in placings]


def _sp(placing: WirePlacing) -> PriceCell | None:
    sp = placing.get("sp")
    return None if sp is None else priced(placing["runnerId"], exact(sp))


def ordinal(position: int | None) -> str:
    """Return "1st", "2nd"; "placed" where the order is not known. ui/runner_row.js says the same."""
    if position is None:
        return "placed"
    suffix = "th" if 10 < position % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position}{suffix}"
