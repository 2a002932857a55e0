"""The pieces of a set of silks, and each pattern as it is drawn on them: path data in a square of 30 by 30."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from racing.views.silks.outlines import Disc, Point, Polygon, Shape, cut, mirrored, mirrored_shape, path
from racing.views.silks.shapes import ON_BODY, ON_CAP, ON_SLEEVE

BODY: Final[Polygon] = ((8, 10.2), (12, 8.8), (18, 8.8), (22, 10.2), (22, 29), (8, 29))
LEFT: Final[Polygon] = ((8, 10.2), (8, 18.8), (5.6, 23.2), (1.6, 20.6))
RIGHT: Final[Polygon] = mirrored(LEFT)
CAP: Final[Polygon] = ((9.4, 6.8), (9.7, 4.4), (11.2, 2.2), (13.4, 1), (16.6, 1), (18.8, 2.2), (20.3, 4.4), (20.6, 6.8))
PEAK: Final[Polygon] = ((9.4, 6.8), (20.6, 6.8), (18.4, 8), (11.6, 8))

# What is told apart on a jacket, but is too small for that on a sleeve or a cap.
_ALIKE: Final = {
    "large spots": "spots", "spot": "disc", "blocks": "check", "diamond hoop": "diamonds", "triple diamond": "diamonds",
    "diagonal stripes": "stripes", "v": "chevron", "maltese cross": "cross", "cross of lorraine": "cross",
    "yoke": "epaulettes", "braces": "stripe", "braid": "seams", "panel": "stripe", "sash": "stripe",
    "waistband": "hoop", "armlets": "hoop", "diamond frame": "diamond",
}  # fmt: skip


def _chosen(patterns: Mapping[str, tuple[Shape, ...]], pattern: str) -> tuple[Shape, ...]:
    return patterns.get(pattern) or patterns.get(_ALIKE.get(pattern, "emblem")) or patterns["emblem"]


@cache
def on_body(pattern: str) -> str:
    """Return the path of a pattern on the jacket."""
    return _cut(_chosen(ON_BODY, pattern), BODY)


@cache
def on_sleeves(pattern: str) -> str:
    """Return the path of a pattern on both sleeves; "sides" colours the right one, "reversed" the left one."""
    if pattern in ("sides", "reversed"):
        return path([RIGHT if pattern == "sides" else LEFT])
    left = [cut(_worn_left(shape), LEFT) for shape in _chosen(ON_SLEEVE, pattern)]
    return path([*left, *map(mirrored_shape, left)])


@cache
def on_cap(pattern: str) -> str:
    """Return the path of a pattern on the cap."""
    return path([PEAK]) if pattern == "peak" else _cut(_chosen(ON_CAP, pattern), CAP)


def _cut(shapes: Iterable[Shape], piece: Polygon) -> str:
    return path(cut(shape, piece) for shape in shapes)


def _worn_left(shape: Shape) -> Shape:
    if isinstance(shape, Disc):
        return Disc(*_along((shape.x, shape.y)), shape.radius)
    return tuple(map(_along, shape))


def _along(point: Point) -> Point:
    """Return where a point of the left sleeve lies on the drawing."""
    along, across = point
    return 8 - 0.524 * along + 0.852 * across, 10.2 + 0.852 * along + 0.524 * across
