"""The last fifteen minutes of the house: its rates and delays now, and a chart of each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from racing.realtime.history import EVERY_S, KEPT, Sample, delay_ms, per_second
from racing.views.words import NO_PRICE

WIDTH, HEIGHT, MARGIN = 300, 80, 3  # of a drawing, in its own units
_NOW_S, _A_MINUTE = 10, 60


class Chart(NamedTuple):
    """A figure over time, by the name of its series."""

    name: str
    title: str


CHARTS = (
    Chart("connections", "Connections"),
    Chart("delivered", "Delivered a second"),
    Chart("published", "Published a second"),
    Chart("delayMs", "95 % leave within, ms"),
    Chart("lagMs", "Loop lag, ms"),
    Chart("repaired", "Repairs"),
)


def rates(samples: Sequence[Sample]) -> dict[str, float | int | None]:
    """Return what a second of just now has, and how long changes of the last minute took, in ms; None: there were none.

    `repairedLately` counts the repairs of all samples.
    """
    now, minute = samples[-(_NOW_S // EVERY_S) :], samples[-(_A_MINUTE // EVERY_S) :]
    return {
        **{f"{name}PerSecond": per_second(now, name) for name in ("written", "published", "delivered")},
        "delay50Ms": delay_ms(minute, 0.5),
        "delay95Ms": delay_ms(minute, 0.95),
        "repairedLately": sum(sample.repaired for sample in samples),
    }


def series(samples: Sequence[Sample]) -> dict[str, list[Any]]:
    """Return the samples as columns: `at` (epoch s), and one for each chart."""
    return {
        "at": [sample.at for sample in samples],
        "connections": [sample.connections for sample in samples],
        "delivered": [per_second([sample], "delivered") for sample in samples],
        "published": [per_second([sample], "published") for sample in samples],
        "delayMs": [delay_ms([sample], 0.95) for sample in samples],
        "lagMs": [sample.lag_ms for sample in samples],
        "repaired": [sample.repaired for sample in samples],
    }


def drawings(samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """Return each chart drawn for a page without scripts: an SVG path, the newest figure and the highest."""
    columns = series(samples)
    return [
        {
            "name": chart.name,
            "title": chart.title,
            "path": _path(columns["at"], columns[chart.name]),
            "now": figure(columns[chart.name][-1] if samples else None),
            "most": figure(max((value for value in columns[chart.name] if value is not None), default=None)),
        }
        for chart in CHARTS
    ]


def figure(value: float | None) -> str:
    """Return a figure as the page writes it: "1,234.5", a dash for None. ui/live_history.js says the same."""
    return NO_PRICE if value is None else f"{round(value, 1):,}".removesuffix(".0")


def _path(ats: Sequence[int], values: Sequence[float | None]) -> str:
    points = [(at, value) for at, value in zip(ats, values, strict=True) if value is not None]
    if not points:
        return ""
    start, most = ats[-1] - KEPT * EVERY_S, max(value for _, value in points) or 1
    xs = [round((at - start) / (KEPT * EVERY_S) * WIDTH, 1) for at, _ in points]
    ys = [round(HEIGHT - MARGIN - value / most * (HEIGHT - 2 * MARGIN), 1) for _, value in points]
    return "M" + "L".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
