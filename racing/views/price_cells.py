"""A price as the one macro draws it, wherever it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from racing import prices
from racing.realtime.shapes import OddsEntry
from racing.views.words import from_wire

MARKED_FOR = timedelta(minutes=1)
"""How long a price says that it moved. ui/price_cell.js holds the same."""


@dataclass(frozen=True)
class PriceCell:
    """One price of one runner; without `bookmaker` it is the best of all. `move` is "shorter", "longer" or empty.

    `alike` is one that reads as the best in fractions, and is not: 16.50 beside 17.00, both 16/1.
    """

    runner_id: str
    bookmaker: str | None = None
    price: float | None = None
    fractional: str | None = None
    version: int = 0
    best: bool = False
    alike: bool = False
    move: str = ""

    @property
    def decimal(self) -> str:
        """Decimal odds with two decimals, empty where there is no price."""
        return "" if self.price is None else f"{self.price:.2f}"

    @property
    def american(self) -> str:
        """American odds, empty where there is no price."""
        return "" if self.price is None else prices.american(exact(self.price))


def exact(price: float) -> Decimal:
    """Return a wire price as the Decimal it came from."""
    return Decimal(str(price))


def priced(runner_id: str, price: Decimal) -> PriceCell:
    """Return a price that is no bookmaker's offer now: one of the day, a starting price."""
    return PriceCell(runner_id, None, float(price), prices.fractional(price))


def price_cell(entry: OddsEntry, now: datetime) -> PriceCell:
    """Return the cell of a current price, marked where it moved in the last minute."""
    price, previous = entry["price"], entry["previous"]
    fresh = now - from_wire(entry["updatedAt"]) < MARKED_FOR
    move = ""
    if fresh and price is not None and previous is not None and price != previous:
        move = "shorter" if price < previous else "longer"
    return PriceCell(entry["runnerId"], entry["bookmaker"], price, entry["fractional"], entry["version"], move=move)


def best_cell(runner_id: str, cells: Sequence[PriceCell]) -> PriceCell:
    """Return the longest of a runner's prices as its best; an empty cell where nobody offers one."""
    offered = [cell for cell in cells if cell.price is not None]
    if not offered:
        return PriceCell(runner_id)
    return replace(max(offered, key=lambda cell: cell.price or 0), bookmaker=None, best=True)


def cells_of(
    runner_id: str, bookmakers: Sequence[str], entries: Mapping[tuple[str, str], OddsEntry], now: datetime
) -> list[PriceCell]:
    """Return a runner's cells, one a bookmaker, the best marked where there is somebody to beat."""
    cells = [
        price_cell(entries[runner_id, bookmaker], now)
        if (runner_id, bookmaker) in entries
        else PriceCell(runner_id, bookmaker)
        for bookmaker in bookmakers
    ]
    best = best_cell(runner_id, cells)
    if len(bookmakers) < 2 or best.price is None:
        return cells
    return [
        replace(cell, best=cell.price == best.price, alike=_is_alike(cell, best)) if cell.price else cell
        for cell in cells
    ]


def _is_alike(cell: PriceCell, best: PriceCell) -> bool:
    return cell.price != best.price and cell.fractional == best.fractional
