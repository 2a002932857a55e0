"""Flat shapes as SVG path data, cut to the piece that they lie on. Pure, in a square of 30 by 30."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, pi, sin
from typing import NamedTuple

Point = tuple[float, float]
Polygon = tuple[Point, ...]


class Disc(NamedTuple):
    """A disc around a point; one is never cut."""

    x: float
    y: float
    radius: float


Shape = Polygon | Disc


def box(left: float, top: float, right: float, bottom: float) -> Polygon:
    """Return a rectangle, clockwise on the screen like every shape here."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def diamond(x: float, y: float, half_width: float, half_height: float) -> Polygon:
    """Return a diamond around a point."""
    return ((x, y - half_height), (x + half_width, y), (x, y + half_height), (x - half_width, y))


def star(x: float, y: float, radius: float) -> Polygon:
    """Return a star of five points around a point, one of them up."""
    rays = [(radius * (0.42 if ray % 2 else 1), ray * pi / 5) for ray in range(10)]
    return tuple((x + length * sin(turn), y - length * cos(turn)) for length, turn in rays)


def mirrored(shape: Polygon) -> Polygon:
    """Return a polygon of the left on the right; still clockwise."""
    return tuple((30 - x, y) for x, y in reversed(shape))


def mirrored_shape(shape: Shape) -> Shape:
    """Return a shape of the left on the right."""
    return shape._replace(x=30 - shape.x) if isinstance(shape, Disc) else mirrored(shape)


def cut(shape: Shape, piece: Polygon) -> Shape:
    """Return what of a polygon lies on a convex piece (Sutherland and Hodgman); empty where nothing does."""
    if isinstance(shape, Disc):
        return shape
    for start, end in pairwise((*piece, piece[0])):
        shape = tuple(_within(shape, start, end))
    return shape


def _within(polygon: Polygon, start: Point, end: Point) -> Iterator[Point]:
    def side(point: Point) -> float:
        return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])

    for here, there in pairwise((*polygon, *polygon[:1])):
        a, b = side(here), side(there)
        if a >= 0:
            yield here
        if a * b < 0:
            yield (here[0] + (there[0] - here[0]) * a / (a - b), here[1] + (there[1] - here[1]) * a / (a - b))


def path(shapes: Iterable[Shape]) -> str:
    """Return path data, rounded to tenths.

    It goes on relatively from each first point: equal shapes are equal text then, which a compressed page has once.
    """
    return "".join(_disc(shape) if isinstance(shape, Disc) else _polygon(shape) for shape in shapes if shape)


def _disc(disc: Disc) -> str:
    half = f"a{_numbers([disc.radius, disc.radius])} 0 1 0"
    across = 2 * disc.radius
    return f"M{_numbers([disc.x - disc.radius, disc.y])}{half} {_numbers([across, 0])}{half}{_numbers([-across, 0])}z"


def _polygon(polygon: Polygon) -> str:
    rounded = [(round(x, 1), round(y, 1)) for x, y in polygon]
    steps = [there - here for a, b in pairwise(rounded) for here, there in zip(a, b, strict=True)]
    return f"M{_numbers(rounded[0])}l{_numbers(steps)}z"


def _numbers(numbers: Iterable[float]) -> str:
    """Return numbers in as few letters as a path needs: "0.5 -1.0" is ".5-1"."""
    told = " ".join(f"{round(number, 1) + 0:g}" for number in numbers)
    return re.sub(r"(?<!\d)0\.", ".", told).replace(" -", "-")
