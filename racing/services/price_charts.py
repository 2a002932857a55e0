"""The best prices of a race over its whole life, kept from one look to the next: each change is read once a worker."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, select, type_coerce

from racing.errors import RaceNotFound
from racing.extensions import db
from racing.models import PriceChange, Race, Runner
from racing.realtime.single_flight import SingleFlight
from racing.services.best_offers import BestOffers
from racing.services.price_history import START, Seen, pages
from racing.services.thinning import Point, ThinnedLine
from racing.services.transactions import one_look

# A worker keeps as many races as are looked at on a busy day; one is some 100 kB, however busy it was.
MOST_KEPT = 48

# Hundredths as they are kept: to make a Decimal of each is most of what 20,000 changes cost.
_CHANGES = select(
    PriceChange.id, PriceChange.version, PriceChange.at, PriceChange.runner_pk, PriceChange.bookmaker,
    type_coerce(PriceChange.price, Integer).label("price"),
)  # fmt: skip


@dataclass(frozen=True)
class PriceChart:
    """`lines` has, by runner id, each change of the best price up to `version`, thinned, the first being the opening.

    Runners never priced have none.
    """

    version: int
    lines: Mapping[str, Sequence[Point]]


class _Walk:
    """One race's changes as far as they were read."""

    def __init__(self) -> None:
        self.seen = START
        self._offers = BestOffers()
        self._lines: dict[Any, ThinnedLine] = {}
        self._unfinished: list[Any] = []
        self._at = 0

    def take(self, page: Sequence[Any]) -> None:
        """Go on; what a page ends with may be half of a version."""
        self.seen = Seen(page[-1].version, page[-1].id)
        versions = [list(rows) for _, rows in groupby((*self._unfinished, *page), key=lambda row: row.version)]
        for rows in versions[:-1]:
            self._move(rows)
        self._unfinished = versions[-1]

    def lines(self) -> Mapping[Any, Sequence[Point]]:
        """Return the lines by runner key; all rows of the last version have been taken."""
        if self._unfinished:
            self._move(self._unfinished)
            self._unfinished = []
        return {key: line.points() for key, line in self._lines.items()}

    def _move(self, rows: Sequence[Any]) -> None:
        # A feed may say when it made a price; a line does not go back.
        self._at = max(self._at, round(rows[0].at.timestamp() * 1000))
        for key, best in self._offers.take((row.runner_pk, row.bookmaker, row.price) for row in rows):
            self._lines.setdefault(key, ThinnedLine()).add(self._at, best)


class KeptCharts:
    """The charts of one worker."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._clock = clock
        self._reading = SingleFlight(self._read, clock)
        self._kept: OrderedDict[str, tuple[_Walk, PriceChart]] = OrderedDict()

    def chart(self, race_id: str) -> PriceChart:
        """Return the race's chart as the database has it now. Raises RaceNotFound."""
        return self._reading.get(race_id, self._clock())

    def _read(self, race_id: str) -> PriceChart:
        # Taken out while it is moved: where the database fails half-way, nothing half done is kept.
        walk, chart = self._kept.pop(race_id, (_Walk(), None))
        version, runners, holds = _standing(race_id, walk.seen)
        if not holds:
            walk, chart = _Walk(), None
        if chart is None or chart.version != version:
            for page in pages(_CHANGES, race_id, walk.seen, version):
                walk.take(page)
            chart = PriceChart(version, {runners[key]: points for key, points in walk.lines().items()})
        self._kept[race_id] = walk, chart
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return chart


def _standing(race_id: str, seen: Seen) -> tuple[int, Mapping[int, str], bool]:
    """Return the version, runner key -> runner id, and whether the last change that was read is still there."""
    with one_look():
        version = db.session.scalar(select(Race.version).where(Race.id == race_id))
        if version is None:
            raise RaceNotFound(race_id)
        rows = db.session.execute(select(Runner.id, Runner.runner_id).where(Runner.race_id == race_id))
        runners = {row.id: row.runner_id for row in rows}
        last = db.session.get(PriceChange, seen.id) if seen != START else None
        # Thinned away, or a database that was restored: what was read is no longer so.
        holds = seen == START or (last is not None and (last.race_id, last.version) == (race_id, seen.version))
    return version, runners, holds and seen.version <= version
