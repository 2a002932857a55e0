"""Thins a line of prices as it grows: bounded, and no high, no low, no end and no interruption is lost. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

# A stretch keeps at most five points: enough of them for the width of a large screen, few enough for a phone's line.
MOST_STRETCHES = 80


class Point(NamedTuple):
    """The price from `at` (ms since 1970) on, in hundredths of decimal odds; None: nobody offered one.

    `place` is its place in the whole line, from 0.
    """

    place: int
    at: int
    price: int | None


class ThinnedLine:
    """A line of which stretches of equally many changes are kept by their first, last, lowest, highest and first gap.

    The same changes make the same line, whether they were added at once or over a day.
    """

    __slots__ = ("_length", "_most", "_stretches", "_width")

    def __init__(self, most_stretches: int = MOST_STRETCHES) -> None:
        """`most_stretches` is even."""
        self._most = most_stretches
        self._stretches: list[tuple[Point, ...]] = []
        self._length = 0
        self._width = 1

    def add(self, at: int, price: int | None) -> None:
        """Go on with `price` from `at` on."""
        if self._length == self._most * self._width:
            pairs = zip(self._stretches[::2], self._stretches[1::2], strict=True)
            self._stretches = [_kept((*one, *next_one)) for one, next_one in pairs]
            self._width *= 2
        point = Point(self._length, at, price)
        if self._length % self._width == 0:
            self._stretches.append((point,))
        else:
            self._stretches[-1] = _kept((*self._stretches[-1], point))
        self._length += 1

    def points(self) -> list[Point]:
        """Return what is kept, oldest first: at most five points a stretch."""
        return [point for stretch in self._stretches for point in stretch]


def thinned(prices: Iterable[tuple[int, int | None]], most_stretches: int = MOST_STRETCHES) -> list[Point]:
    """Return the thinned line of (at, price) rows, oldest first."""
    line = ThinnedLine(most_stretches)
    for at, price in prices:
        line.add(at, price)
    return line.points()


def _kept(points: Sequence[Point]) -> tuple[Point, ...]:
    if len(points) < 3:
        return tuple(points)
    kept = {points[0], points[-1]}
    priced = [point for point in points if point.price is not None]
    if priced:
        kept |= {min(priced, key=_price), max(priced, key=_price)}
    kept |= set(next(([point] for point in points if point.price is None), []))
    return tuple(sorted(kept))


def _price(point: Point) -> int:
    return point.price or 0
