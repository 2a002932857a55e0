"""Odds as racing writes them: decimal, fractional, the ladder, and what a whole book adds up to."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from math import log

from racing.errors import InvalidInput

LOWEST, HIGHEST = Decimal("1.01"), Decimal(1000)
DECIMAL_PLACES = 2
_CENT = Decimal("0.01")
_LADDER_TEXT = """
1/100 1/50 1/33 1/25 1/20 1/16 1/14 1/12 1/11 1/10 1/9 2/17 1/8 1/7 2/13 1/6 2/11 1/5 2/9 1/4 2/7 3/10 1/3
4/11 2/5 4/9 9/20 1/2 8/15 4/7 8/13 4/6 8/11 4/5 5/6 10/11 20/21 Evens 11/10 6/5 5/4 13/10 11/8 7/5 6/4 8/5 13/8
17/10 7/4 9/5 15/8 2/1 11/5 9/4 12/5 5/2 13/5 11/4 3/1 10/3 7/2 4/1 9/2 5/1 11/2 6/1 13/2 7/1 15/2 8/1 17/2 9/1
10/1 11/1 12/1 14/1 16/1 18/1 20/1 22/1 25/1 28/1 33/1 40/1 50/1 66/1 80/1 100/1 150/1 200/1
"""


def _odds(text: str) -> Fraction:
    return Fraction(1) if text == "Evens" else Fraction(text)


LADDER: tuple[tuple[str, Fraction], ...] = tuple((step, _odds(step)) for step in _LADDER_TEXT.split())
"""The fractions bookmakers chalk up, shortest first: (as written, odds to one). 4/6 and 6/4 stay unreduced."""
_LADDER_LOGS = [log(odds) for _, odds in LADDER]

# Tattersalls Rule 4(c): pence in the pound by the price of the withdrawn runner, as (longest odds, pence).
_RULE4_BANDS: tuple[tuple[Fraction, int], ...] = tuple(
    (_odds(longest), pence)
    for longest, pence in (
        ("1/9", 90), ("2/11", 85), ("1/4", 80), ("3/10", 75), ("2/5", 70), ("8/15", 65),
        ("8/13", 60), ("4/5", 55), ("20/21", 50), ("6/5", 45), ("6/4", 40), ("7/4", 35),
        ("9/4", 30), ("3/1", 25), ("4/1", 20), ("11/2", 15), ("9/1", 10), ("14/1", 5),
    )
)  # fmt: skip
RULE4_MOST, RULE4_WAIVED = 90, 5

_FRACTION = re.compile(r"(\d{1,4})\s*[/-]\s*(\d{1,4})")
_STEPS = re.compile(r"[+-]\d{1,2}")
_DECIMAL = re.compile(r"\d{1,5}(\.\d+)?|\.\d+")


def check(price: Decimal) -> Decimal:
    """Return `price` (decimal odds, stake included) as it is, where the scale holds it.

    Raises InvalidInput, with the sentence for the writer, on NaN, more than 2 decimals, or outside 1.01 to 1000.
    """
    if not price.is_finite():
        raise InvalidInput("A price must be a number.")
    if not LOWEST <= price <= HIGHEST:
        raise InvalidInput(f"A price must be from {LOWEST} to {HIGHEST}, stake included.")
    if price != price.quantize(_CENT):
        raise InvalidInput(f"A price has at most {DECIMAL_PLACES} decimals.")
    return price


def parse(text: str, stood: Decimal | None = None) -> Decimal:
    """Read a price as a trader types it: "3.75", "11/4", "11-4", "evens", "evs", "100/30", "+1".

    "+1" is one step up the ladder from `stood`, the price that stands, "-2" two down.
    Returns decimal odds, stake included, fractions rounded to 2 decimals (10/3 is 4.33).
    Raises InvalidInput where the text is no price or is off the scale.
    """
    written = text.strip().lower().replace("\N{MINUS SIGN}", "-")
    if written in ("evens", "evs", "even"):
        return Decimal(2)
    if _STEPS.fullmatch(written):
        if stood is None:
            raise InvalidInput(f"'{written}' goes from a price, and none stands here.")
        return of_step(nearest_step(stood) + int(written))
    if fraction := _FRACTION.fullmatch(written):
        above, below = int(fraction[1]), int(fraction[2])
        if not above or not below:
            raise InvalidInput(f"'{text.strip()}' is not a price: neither side of a fraction may be 0.")
        to_one = Decimal(above) / Decimal(below)
        return check((to_one + 1).quantize(_CENT, ROUND_HALF_UP))
    if not _DECIMAL.fullmatch(written):
        raise InvalidInput(f"'{text.strip()[:20]}' is not a price. Write 3.75, 11/4 or evens.")
    try:
        return check(Decimal(written))
    except InvalidOperation as error:
        raise InvalidInput(f"'{text.strip()[:20]}' is not a price.") from error


def as_typed(price: Decimal) -> str:
    """Return `price` as a trader would type it: the fraction where it says exactly this price, else decimal."""
    fraction = fractional(price)
    try:
        is_exact = parse(fraction) == price
    except InvalidInput:  # 1/100 and shorter round to the end of the scale
        is_exact = False
    return fraction if is_exact else f"{price:.2f}"


def nearest_step(price: Decimal) -> int:
    """Return the place on LADDER nearest to `price` in log space, where a step is a constant ratio."""
    to_one = log(price - 1)
    after = bisect_left(_LADDER_LOGS, to_one)
    if after == 0:
        return 0
    if after == len(_LADDER_LOGS):
        return after - 1
    before = after - 1
    return before if to_one - _LADDER_LOGS[before] <= _LADDER_LOGS[after] - to_one else after


def fractional(price: Decimal) -> str:
    """Return `price` as the nearest fraction on the ladder: "11/4", "4/6", "Evens"."""
    return LADDER[nearest_step(price)][0]


def american(price: Decimal) -> str:
    """Return `price` as American odds: "+275" wins 275 on a stake of 100, "-150" stakes 150 to win 100.

    Evens is "+100". Rounded to the nearest whole.
    """
    to_one = price - 1
    if to_one >= 1:
        return f"+{(to_one * 100).quantize(Decimal(1), ROUND_HALF_UP)}"
    return f"-{(100 / to_one).quantize(Decimal(1), ROUND_HALF_UP)}"


def of_step(place: int) -> Decimal:
    """Return the decimal price of the ladder's step `place`, within the scale."""
    odds = LADDER[max(0, min(place, len(LADDER) - 1))][1]
    price = (Decimal(odds.numerator) / odds.denominator + 1).quantize(_CENT, ROUND_HALF_UP)
    return max(LOWEST, min(price, HIGHEST))


def chance(price: Decimal) -> Decimal:
    """Return the implied probability of `price` in percentage points: 100 / price."""
    return 100 / price


def overround(prices: Iterable[Decimal]) -> Decimal | None:
    """Return what a book adds up to, in percent to 2 decimals: 6/4, 2/1, 3/1, 4/1, 7/1 make 130.83.

    `prices` are those of the active runners. None where there is none: an empty book has no percentage.
    """
    chances = [chance(price) for price in prices]
    return sum(chances, Decimal(0)).quantize(_CENT, ROUND_HALF_UP) if chances else None


def rule4(prices_at_withdrawal: Sequence[Decimal]) -> int:
    """Return the deduction in force, in pence per pound of winnings, for these withdrawn runners.

    Tattersalls Rule 4(c): each price is snapped to the ladder, deductions add up to at most 90p,
    and 5p in all is waived.
    """
    total = sum(_deduction(price) for price in prices_at_withdrawal)
    return 0 if total <= RULE4_WAIVED else min(total, RULE4_MOST)


def after_rule4(price: Decimal, pence: int) -> Decimal:
    """Return what `price` comes to when `pence` in the pound of its winnings are deducted, snapped to the ladder.

    Never longer than it was. No deduction changes nothing.
    """
    if not pence:
        return price
    return min(price, of_step(nearest_step(1 + (price - 1) * (100 - pence) / 100)))


def _deduction(price: Decimal) -> int:
    return _of_odds(LADDER[nearest_step(price)][1])


def _of_odds(odds: Fraction) -> int:
    return next((pence for longest, pence in _RULE4_BANDS if odds <= longest), 0)


def rule4_ladder() -> list[int]:
    """Return the deduction, in pence, for each step of LADDER."""
    return [_of_odds(odds) for _, odds in LADDER]


def each_way(runners: int, *, handicap: bool) -> tuple[int, str | None]:
    """Return (places, fraction of the odds) for a field of `runners`; the fraction is None where it is win only."""
    if runners < 5:
        return 1, None
    if runners < 8:
        return 2, "1/4"
    if handicap and runners >= 16:
        return 4, "1/4"
    if handicap and runners >= 12:
        return 3, "1/4"
    return 3, "1/5"
