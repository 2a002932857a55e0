"""A market that behaves like one: chances that wander, steamers and drifters, and bookmakers who price them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import exp, log, sqrt
from random import Random

from racing import prices

# Each bookmaker's slug with what its book is to add up to; None stands for the house's own.
MARGINS: Mapping[str | None, float] = {None: 1.12, "tote": 1.17, "harrow": 1.10, "bexley": 1.14}
TIGHTEST, WIDEST = 1.08, 1.18
LEAST_CHANCE = 0.003
# A bookmaker does not chalk up a new price for less than this (in the log of the odds).
STICKS = 0.05
DRIFT_BEGINS_S = 30 * 60
_FITTING_ROUNDS = 8

Book = dict[str | None, dict[str, Decimal]]
"""Bookmaker -> runner id -> price."""


class Market:
    """The runners' true chances, and what every bookmaker makes of them."""

    def __init__(self, runner_ids: Iterable[str], rng: Random, chances: Mapping[str, float] | None = None) -> None:
        """Begin with `chances` (of any sum), or with a field drawn at random."""
        self._rng = rng
        self._strength = {
            runner_id: log(max(chances[runner_id], LEAST_CHANCE)) if chances else rng.gauss(0, 1.0)
            for runner_id in runner_ids
        }
        # Most hold their price; about one in six is backed or friendless all through the last half hour.
        self._drift = {
            runner_id: rng.choice((-0.5, 0.6)) / DRIFT_BEGINS_S if rng.random() < 1 / 6 else 0.0
            for runner_id in self._strength
        }
        self._opinion = {(maker, runner_id): rng.gauss(0, 0.04) for maker in MARGINS for runner_id in self._strength}
        # In running, what the order so far adds to a runner's strength, and how much of the old strength still counts.
        self._pull: dict[str, float] = {}
        self._before = 1.0
        self.held: Book = {maker: {} for maker in MARGINS}

    def wander(self, seconds: float, to_off_s: float) -> None:
        """Let `seconds` pass, `to_off_s` before the off: chances move the more, the nearer it is."""
        volatility = 0.015 if to_off_s < 300 else 0.007 if to_off_s < DRIFT_BEGINS_S else 0.003
        for runner_id in self._strength:
            drift = self._drift[runner_id] * seconds if to_off_s < DRIFT_BEGINS_S else 0.0
            self._strength[runner_id] += drift + self._rng.gauss(0, volatility * sqrt(seconds))

    def run(self, order: list[str], progress: float) -> None:
        """Let the race unfold: at `progress` 0 all is open, at 1 the runners stand in `order`."""
        lead = progress * progress
        for runner_id in self._strength:
            self._strength[runner_id] += self._rng.gauss(0, 0.12 * (1 - lead))
        self._pull = {runner_id: 3.0 * lead * (len(order) - place) for place, runner_id in enumerate(order)}
        self._before = 1 - lead

    def remove(self, runner_id: str) -> None:
        """Take a runner out of the market and of every book."""
        del self._strength[runner_id]
        for book in self.held.values():
            book.pop(runner_id, None)

    def chances(self) -> dict[str, float]:
        """Return the chance of each runner, all together 1."""
        powers = {
            runner_id: exp(self._before * strength + self._pull.get(runner_id, 0.0))
            for runner_id, strength in self._strength.items()
        }
        total = sum(powers.values())
        return {runner_id: power / total for runner_id, power in powers.items()}

    def draw_order(self) -> list[str]:
        """Return an order of finishing, drawn from the chances: first the winner, then the best of the rest."""
        left, order = self.chances(), []
        while left:
            (first,) = self._rng.choices(list(left), weights=list(left.values()))
            order.append(first)
            del left[first]
        return order

    def reprice(self, eagerness: float) -> list[tuple[str, str | None, Decimal]]:
        """Let each bookmaker look at its book with the probability `eagerness`.

        Returns what it changes: (runner id, bookmaker, price).
        """
        moved = []
        for maker, book in self.held.items():
            if self._rng.random() < eagerness:
                for runner_id, price in self._book(maker).items():
                    if book.get(runner_id) != price:
                        book[runner_id] = price
                        moved.append((runner_id, maker, price))
        return moved

    def _book(self, maker: str | None) -> dict[str, Decimal]:
        """Return the maker's whole book, widened or tightened until it adds up to about its margin."""
        opinions = {
            runner_id: max(chance, LEAST_CHANCE) * exp(self._opinion[maker, runner_id])
            for runner_id, chance in self.chances().items()
        }
        total = sum(opinions.values())
        aim = MARGINS[maker]
        factor = aim / total
        for attempt in range(_FITTING_ROUNDS):
            book = {
                runner_id: self._chalk(opinion * factor, self.held[maker].get(runner_id), sticks=attempt == 0)
                for runner_id, opinion in opinions.items()
            }
            adds_up_to = float(sum(1 / price for price in book.values()))
            if TIGHTEST <= adds_up_to <= WIDEST:
                break
            factor *= aim / adds_up_to
        return book

    @staticmethod
    def _chalk(chance: float, held: Decimal | None, *, sticks: bool) -> Decimal:
        """Return the price on the ladder for a chance; the one held, where that is as good as the same."""
        fair = max(1 / min(chance, 0.99), 1.01)
        if sticks and held is not None and abs(log((fair - 1) / float(held - 1))) < STICKS:
            return held
        return prices.of_step(prices.nearest_step(Decimal(str(round(fair, 4)))))
