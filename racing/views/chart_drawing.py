"""Draws the leading runners' prices for a page without scripts: up is shorter, as the script's chart has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from racing import prices
from racing.models import Race, Runner
from racing.services.price_charts import PriceChart
from racing.services.thinning import Point, thinned
from racing.views import words
from racing.views.leaders import leaders_first, to_the_off
from racing.views.price_cells import PriceCell, priced

LEADERS = 6
HIGH = 100  # of the drawing, as wide as it is high: places in it are percents of the page's frame
STRETCHES = 24  # of a line, as services/thinning.py keeps them
# The prices that stand beside the drawing, the first that fits first.
_TOLD = "1/1 3/1 8/1 1/3 20/1 1/8 6/4 5/1 4/6 2/1 4/1 12/1 1/2 1/5 33/1 5/4 7/4 5/2 7/2 6/1 10/1 4/5 4/9 1/4"
_APART = 12  # percent of the height between two of them
_EVERY = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880)  # minutes between two times
_MOST_TIMES = 4


@dataclass(frozen=True)
class DrawnLine:
    """A runner's line: an SVG path over 0 to 100 both ways, in the colour and dashes `tone` (from 1)."""

    runner: Runner
    tone: int
    path: str


@dataclass(frozen=True)
class Mark:
    """What happened at `x` (percent): "Gilded Fern out", "Off"."""

    x: float
    clock: str
    words: str


@dataclass(frozen=True)
class Drawing:
    """`prices` are (percent from the top, price); `times` (percent from the left, "14:05")."""

    lines: Sequence[DrawnLine]
    prices: Sequence[tuple[float, PriceCell]]
    times: Sequence[tuple[float, str]]
    marks: Sequence[Mark]


class _Frame:
    """What of time (ms) and chance (percent) the drawing shows."""

    def __init__(self, lines: Sequence[Sequence[Point]], until: int) -> None:
        chances = [_chance(point.price) for line in lines for point in line if point.price is not None]
        self.start = min(line[0].at for line in lines)
        self.end = max(until, self.start + 60_000)
        margin = max((max(chances) - min(chances)) * 0.06, 0.5)
        self.low, self.high = min(chances) - margin, max(chances) + margin

    def x(self, at: int) -> float:
        return round((at - self.start) / (self.end - self.start) * HIGH, 2)

    def y(self, chance: float) -> float:
        return round((self.high - chance) / (self.high - self.low) * HIGH, 2)


def drawing(race: Race, chart: PriceChart) -> Drawing | None:
    """Return the drawing of the leading runners; None where nothing was ever priced."""
    lines_to_the_off = {runner_id: to_the_off(race, line) for runner_id, line in chart.lines.items()}
    leading = [runner for runner in leaders_first(race, chart) if _is_drawn(lines_to_the_off.get(runner.runner_id, ()))]
    leading = leading[:LEADERS]
    if not leading:
        return None
    happened = _happened(race)
    lines = [lines_to_the_off[runner.runner_id] for runner in leading]
    frame = _Frame(lines, max([line[-1].at for line in lines] + [at for at, _ in happened]))
    return Drawing(
        [
            DrawnLine(runner, tone, _path(line, frame))
            for tone, (runner, line) in enumerate(zip(leading, lines, strict=True), 1)
        ],
        _prices(frame),
        _times(frame, race.meeting.zone),
        [Mark(frame.x(at), words.clock(_instant(at), race.meeting.zone), told) for at, told in happened],
    )


def _is_drawn(line: Sequence[Point]) -> bool:
    return any(point.price is not None for point in line)


def _happened(race: Race) -> list[tuple[int, str]]:
    out = [(_ms(runner.withdrawn_at), f"{runner.name} out") for runner in race.runners if runner.withdrawn_at]
    return sorted([*out, *([(_ms(race.off_at), "Off")] if race.off_at else [])])


def _path(line: Sequence[Point], frame: _Frame) -> str:
    parts, is_drawing = [], False
    for point in thinned(((point.at, point.price) for point in line), STRETCHES):
        x = frame.x(point.at)
        if point.price is None:
            parts += [f"H{x}"] if is_drawing else []
            is_drawing = False
            continue
        y = frame.y(_chance(point.price))
        parts.append(f"H{x}V{y}" if is_drawing else f"M{x},{y}")
        is_drawing = True
    return "".join(parts) + (f"H{HIGH}" if is_drawing else "")


def _prices(frame: _Frame) -> list[tuple[float, PriceCell]]:
    told: list[tuple[float, PriceCell]] = []
    for text in _TOLD.split():
        price = prices.parse(text)
        y = frame.y(float(prices.chance(price)))
        if 3 <= y <= HIGH - 3 and all(abs(y - other) >= _APART for other, _ in told):
            told.append((y, priced("", price)))
    return sorted(told, key=lambda each: each[0])


def _times(frame: _Frame, zone: ZoneInfo) -> list[tuple[float, str]]:
    minutes = (frame.end - frame.start) / 60_000
    every = next((each for each in _EVERY if minutes / each <= _MOST_TIMES), _EVERY[-1])
    day = _instant(frame.start).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first = -(-(frame.start - _ms(day)) // (every * 60_000))
    told = []
    for place in range(first, first + _MOST_TIMES + 1):
        at = day + timedelta(minutes=every * place)
        x = frame.x(_ms(at))
        if 9 <= x <= HIGH - 9:  # elsewhere its words would be cut off
            told.append((x, words.day(at, zone) if every >= 1440 else words.clock(at, zone)))
    return told


def _chance(hundredths: int | None) -> float:
    return float(prices.chance(Decimal(hundredths or 0).scaleb(-2)))


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
