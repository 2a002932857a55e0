"""Flat shapes as SVG path data, cut to the piece that they lie on. Pure, in a square of 30 by 30."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, pi, sin

Point = tuple[float, float]
Polygon = tuple[Point, ...]


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


def round_shape(x: float, y: float, radius: float, corners: int = 12) -> Polygon:
    """Return a disc, as a polygon that looks like one at this size."""
    return tuple(
        (x + radius * sin(turn), y - radius * cos(turn)) for turn in (2 * pi * n / corners for n in range(corners))
    )


def mirrored(polygon: Polygon) -> Polygon:
    """Return a shape of the left on the right; still clockwise."""
    return tuple((30 - x, y) for x, y in reversed(polygon))


def cut(polygon: Polygon, piece: Polygon) -> Polygon:
    """Return what of a polygon lies on a convex piece (Sutherland and Hodgman); empty where nothing does."""
    for start, end in pairwise((*piece, piece[0])):
        polygon = tuple(_within(polygon, start, end))
    return polygon


def _within(polygon: Polygon, start: Point, end: Point) -> Iterator[Point]:
    def side(point: Point) -> float:
        return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])

    for here, there in pairwise((*polygon, *polygon[:1])):
        a, b = side(here), side(there)
        if a >= 0:
            yield here
        if a * b < 0:
            yield (here[0] + (there[0] - here[0]) * a / (a - b), here[1] + (there[1] - here[1]) * a / (a - b))


def path(polygons: Iterable[Polygon]) -> str:
    """Return path data of polygons, rounded to tenths."""
    return "".join(f"M{' '.join(f'{_tenth(x)} {_tenth(y)}' for x, y in polygon)}z" for polygon in polygons if polygon)


def _tenth(number: float) -> str:
    return f"{round(number, 1) + 0:g}"
