"""Draws a runner's day as a small line: up is shorter, each step where the best price changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from racing.services.thinning import Point as Change
from racing.services.thinning import thinned

WIDTH, HEIGHT, MARGIN = 88, 28, 3  # of the drawing, in its own units
STRETCHES = 12  # of a line, as services/thinning.py keeps them: at most 48 points, of which no price is missing
Point = tuple[float, float]


@dataclass(frozen=True)
class Sparkline:
    """`path` draws it; `points` ("epoch seconds:percent ...") lets the script go on where the page stopped."""

    path: str
    points: str


def sparkline(day: Sequence[Change]) -> Sparkline:
    """Return the line of a day's best prices; an empty path where there are none. ui/sparkline.js draws the same."""
    return _drawn(tuple(day))


@lru_cache(1024)  # of a race's runners few have moved since somebody looked; the lines of all are most of its page
def _drawn(day: tuple[Change, ...]) -> Sparkline:
    known = [(move.at, move.price) for move in day if move.price is not None]
    points = [(point.at / 1000, 10_000 / (point.price or 0)) for point in thinned(known, STRETCHES)]
    return Sparkline(path(points), " ".join(f"{second:.1f}:{percent:.2f}" for second, percent in points))


def path(points: Sequence[Point]) -> str:
    """Return the SVG path of (epoch second, percent) points; the last one runs on to the right edge."""
    if not points:
        return ""
    low, high = min(percent for _, percent in points), max(percent for _, percent in points)
    start, span = points[0][0], max(points[-1][0] - points[0][0], 0.1)
    room = HEIGHT - 2 * MARGIN
    parts = []
    for place, (second, percent) in enumerate(points):
        x = (second - start) / span * (WIDTH - 2 * MARGIN)
        y = HEIGHT / 2 if high == low else MARGIN + (high - percent) / (high - low) * room
        parts.append(f"H{x:.1f} V{y:.1f}" if place else f"M0,{y:.1f}")
    return f"{' '.join(parts)} H{WIDTH}"
