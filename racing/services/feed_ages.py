"""How old each bookmaker's last price is, among the races that are open: a feed that has fallen silent is seen."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select

from racing.extensions import db
from racing.models import Bookmaker, BookmakerSuspension, CurrentPrice, Race
from racing.models.columns import now
from racing.services.transactions import one_look
from racing.statuses import BEFORE_THE_OFF, Betting

KEPT_FOR_S = 2.0
# Which races are open today, whatever the zone of their course.
_SINCE, _UNTIL = timedelta(hours=6), timedelta(hours=24)
# When a race is so near that prices are awaited, and how long: what nobody ended is not to be red all night.
NEAR, FORGOTTEN = timedelta(minutes=30), timedelta(hours=3)


@dataclass(frozen=True)
class Feed:
    """A bookmaker with prices on `races` open races; `awaited` of these are so near the off that it should move prices.

    `last_at` is when the newest of these prices was made.
    """

    bookmaker: str
    name: str
    last_at: datetime
    races: int
    awaited: int

    def age_s(self, at: datetime) -> float:
        """Return how old the last price is, in seconds."""
        return max(0.0, (at - self.last_at).total_seconds())

    def is_late(self, at: datetime, late_after_s: float) -> bool:
        """Tell whether it is older than that while prices are awaited."""
        return self.awaited > 0 and self.age_s(at) > late_after_s


class FeedAges:
    """The feeds as one worker read them last: however many look, it asks the database once in KEPT_FOR_S."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._clock = clock
        self._read_at: float | None = None
        self._feeds: Sequence[Feed] = ()

    def feeds(self) -> Sequence[Feed]:
        """Return them, by bookmaker; while they are read, others get those of before."""
        if self._read_at is None or self._clock() - self._read_at >= KEPT_FOR_S:
            self._read_at = self._clock()
            self._feeds = feeds(now())
        return self._feeds


def feeds(at: datetime) -> Sequence[Feed]:
    """Return the bookmakers that price the open races of the day around `at`, by slug."""
    with one_look():
        rows = db.session.execute(_newest_prices(at)).all()
    by_bookmaker: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_bookmaker[row.bookmaker].append(row)
    return [
        Feed(
            bookmaker=bookmaker,
            name=of_it[0].name,
            last_at=max(row.last_at for row in of_it),
            races=len(of_it),
            awaited=sum(_is_awaited(row, at) for row in of_it),
        )
        for bookmaker, of_it in sorted(by_bookmaker.items())
    ]


def _newest_prices(at: datetime) -> Any:
    # What is no price any more (a non-runner, a suspension) was taken away by the house, not by the feed.
    suspended = and_(
        BookmakerSuspension.race_id == CurrentPrice.race_id, BookmakerSuspension.bookmaker == CurrentPrice.bookmaker
    )
    own = (
        CurrentPrice.bookmaker, Bookmaker.name, Race.id, Race.off_time, Race.status, Race.betting,
        BookmakerSuspension.at.label("suspended_at"),
    )  # fmt: skip
    return (
        select(*own, func.max(CurrentPrice.updated_at, type_=CurrentPrice.updated_at.type).label("last_at"))
        .join(Race, Race.id == CurrentPrice.race_id)
        .join(Bookmaker, Bookmaker.slug == CurrentPrice.bookmaker)
        .outerjoin(BookmakerSuspension, suspended)
        .where(Race.off_time.between(at - _SINCE, at + _UNTIL), Race.betting != Betting.CLOSED)
        .where(CurrentPrice.price.is_not(None))
        .group_by(*own[:-1], BookmakerSuspension.at)
    )


def _is_awaited(race: Any, at: datetime) -> bool:
    """After the off few go on pricing; a race or a bookmaker that is suspended waits for nobody."""
    is_open = race.betting is Betting.OPEN and race.status in BEFORE_THE_OFF and race.suspended_at is None
    return is_open and -FORGOTTEN <= race.off_time - at <= NEAR
