"""What every bookmaker offers for every runner, and so the best price of each. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any


class BestOffers:
    """The offers of one race, from its first price on. Prices may be Decimals, or whole hundredths."""

    def __init__(self) -> None:
        self._offers: dict[Hashable, dict[str, Any]] = {}
        self._best: dict[Hashable, Any] = {}

    def take(self, changes: Iterable[tuple[Hashable, str, Any]]) -> Sequence[tuple[Hashable, Any]]:
        """Take (runner, bookmaker, price or None) rows and return (runner, best price) of those that have another now.

        One write moves several prices under one version, and between them there was never a best price: give all of
        it at once. The first price of a runner is another one.
        """
        touched = []
        for runner, bookmaker, price in changes:
            self._offers.setdefault(runner, {})[bookmaker] = price
            touched.append(runner)
        moved = []
        for runner in dict.fromkeys(touched):
            best = max((price for price in self._offers[runner].values() if price is not None), default=None)
            if runner not in self._best or self._best[runner] != best:
                self._best[runner] = best
                moved.append((runner, best))
        return moved
