"""The whole life of one fictional race, as events: stepped by whoever holds the clock, written by nobody here."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from racing import prices
from racing.feeds.fictional_market import Market
from racing.services.odds import Quote
from racing.services.races import Placing
from racing.statuses import BEFORE_THE_OFF, Betting, RaceStatus, may_follow

_S = RaceStatus
WITHDRAWN_BEFORE_OFF = timedelta(seconds=150)
SUSPENDED_FOR = timedelta(seconds=8)
PHOTOGRAPHS = 1 / 6  # of the races are that close


@dataclass(frozen=True)
class Event:
    """What happens to a race at one moment; empty fields are nothing. Withdrawals come before prices."""

    status: RaceStatus | None = None
    betting: Betting | None = None
    withdrawn: str | None = None
    quotes: list[Quote] = field(default_factory=list)
    placings: list[Placing] = field(default_factory=list)


class RaceLife:
    """A race on its way from DORMANT to WEIGHEDIN. Given the same seed and the same steps, the same things happen."""

    def __init__(
        self,
        off_time: datetime,
        market: Market,
        rng: Random,
        *,
        status: RaceStatus = _S.DORMANT,
        off_at: datetime | None = None,
    ) -> None:
        """Begin (or go on) at `status`, with the off scheduled for `off_time`, or already gone at `off_at`."""
        self.status = status
        self.off_time = off_time
        self.market = market
        self._timetable = _timetable(off_time, off_at, rng)
        self._times = dict(self._timetable)
        self._order: list[str] = []
        self._starting_prices: dict[str, Decimal] = {}
        self._withdraw_at: datetime | None = None
        self._reopen_at: datetime | None = None
        self._priced = True
        self._last: datetime | None = None

    def plan_withdrawal(self) -> None:
        """Let one of the better fancied runners come out shortly before the off."""
        self._withdraw_at = self.off_time - WITHDRAWN_BEFORE_OFF

    def reopen_betting(self, at: datetime) -> None:
        """Open the betting again at the first step from `at` on, if the race is not off by then."""
        self._reopen_at = at

    def close_betting(self) -> None:
        """Make no more prices: the race goes on without."""
        self._priced = False

    @property
    def over(self) -> bool:
        """Nothing more will happen."""
        return not self._timetable

    def step(self, at: datetime) -> Event:
        """Live on until `at`, and return what happens then: at most one status."""
        seconds = (at - self._last).total_seconds() if self._last else 0.0
        self._last = at
        status = self._next_status(at)
        if status is _S.RESULT:
            return Event(placings=self._result())
        if status is _S.FINISHED:
            return Event(status, Betting.SUSPENDED if self._priced else None)
        if status is _S.OFF:
            self._go_off()
        if status is None and self._priced and (incident := self._incident(at)) is not None:
            return incident
        return Event(status, quotes=self._quotes(at, seconds) if self._priced else [])

    def _next_status(self, at: datetime) -> RaceStatus | None:
        while self._timetable and self._timetable[0][1] <= at:
            status, _ = self._timetable.pop(0)
            if may_follow(self.status, status):
                self.status = status
                return status
        return None

    def _incident(self, at: datetime) -> Event | None:
        """A withdrawal: betting is suspended with it, and opens again after a moment, with new prices."""
        before_the_off = self.status in BEFORE_THE_OFF
        if self._withdraw_at is not None and before_the_off and at >= self._withdraw_at:
            self._withdraw_at, self._reopen_at = None, at + SUSPENDED_FOR
            third = sorted(self.market.chances().items(), key=lambda one: -one[1])[2:3]
            for runner_id, _ in third:
                self.market.remove(runner_id)
                return Event(betting=Betting.SUSPENDED, withdrawn=runner_id)
        if self._reopen_at is not None and before_the_off and at >= self._reopen_at:
            self._reopen_at = None
            return Event(betting=Betting.OPEN, quotes=quoted(self.market.reprice(1.0)))
        return None

    def _go_off(self) -> None:
        self._order = self.market.draw_order()
        self._starting_prices = dict(self.market.held[None])

    def _quotes(self, at: datetime, seconds: float) -> list[Quote]:
        to_off_s = (self._times[_S.OFF] - at).total_seconds()
        if self.status in BEFORE_THE_OFF:
            self.market.wander(seconds, to_off_s)
            eagerness = 0.15 if to_off_s < 180 else 0.05 if to_off_s < 900 else 0.01
            return quoted(self.market.reprice(eagerness if seconds else 1.0))
        if self.status is _S.OFF:
            run_s = (self._times[_S.FINISHED] - self._times[_S.OFF]).total_seconds()
            self._order = self._order or self.market.draw_order()
            self.market.run(self._order, min(1.0, max(0.0, -to_off_s / run_s)))
            return quoted(self.market.reprice(0.6))
        return []

    def _result(self) -> list[Placing]:
        order = self._order or self.market.draw_order()
        places, _ = prices.each_way(len(order), handicap=False)
        return [
            Placing(runner_id, position, self._starting_prices.get(runner_id))
            for position, runner_id in enumerate(order[: max(places, 3)], start=1)
        ]


def quoted(moved: list[tuple[str, str | None, Decimal]]) -> list[Quote]:
    """Return a market's moves as quotes."""
    return [Quote(runner_id, price, maker) for runner_id, maker, price in moved]


def _timetable(off_time: datetime, off_at: datetime | None, rng: Random) -> list[tuple[RaceStatus, datetime]]:
    """Return when each status is due. Races go off a little late, and are run in about a minute."""
    planned = [(_S.PARADING, -180), (_S.GOINGDOWN, -100), (_S.ATTHEPOST, -40), (_S.UNDERORDERS, -8)]
    late = rng.randint(2, 25)
    seconds = round((off_at - off_time).total_seconds()) if off_at else late
    planned.append((_S.OFF, seconds))
    seconds += rng.randint(55, 80)
    planned.append((_S.FINISHED, seconds))
    if rng.random() < PHOTOGRAPHS:
        seconds += 10
        planned.append((_S.PHOTOGRAPH, seconds))
    seconds += rng.randint(20, 35)
    planned.append((_S.RESULT, seconds))
    planned.append((_S.WEIGHEDIN, seconds + 60))
    return [(status, off_time + timedelta(seconds=after)) for status, after in planned]
