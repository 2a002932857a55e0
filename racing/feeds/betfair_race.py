"""Translates a Betfair market into what happens to a race, message by message."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from racing.errors import FeedError
from racing.feeds.betfair_messages import Definition, Message, messages
from racing.feeds.betfair_prices import MarketPrices, on_scale
from racing.feeds.betfair_steps import Step
from racing.feeds.betfair_survey import Survey
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus, RunnerStatus

# A race may go off a little early: a suspension from here on may be the one that stands for the off.
EARLY_OFF = timedelta(minutes=1)


def steps(path: Path, market: Survey) -> Iterator[Step]:
    """Yield the steps of the race, in the file's order; messages that change nothing give none. Raises FeedError."""
    race = _Race(market)
    for message in messages(path):
        try:
            step = race.take(message)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise FeedError(f"Line {message.line} of {path.name} has runner changes of no known shape.") from error
        if not step.empty:
            yield step


class _Race:
    """The race as the messages so far leave it."""

    def __init__(self, market: Survey) -> None:
        self._market = market
        self._book = MarketPrices(market.fields)
        self._definition: Definition | None = None
        self._off_time = market.first.market_time
        self._betting, self._status = Betting.OPEN, RaceStatus.DORMANT
        self._suspended_at: datetime | None = None
        self._out: set[str] = set()
        self._held: dict[str, Decimal | None] = {}
        self._placings: tuple[Placing, ...] = ()

    def take(self, message: Message) -> Step:
        """Return what `message` changes."""
        step = Step(message.at)
        if message.change.market_definition is not None:
            self._define(step, message.change.market_definition, message.line)
        if self._definition is None:
            return step  # before the first definition nobody knows whose prices these are
        self._reprice(step, message, self._definition)
        return step

    def _define(self, step: Step, definition: Definition, line: int) -> None:
        if self._status in (RaceStatus.ABANDONED, RaceStatus.RACEVOID):
            return
        was, self._definition = self._definition, definition
        if definition.status == "SUSPENDED" and (was is None or was.status != "SUSPENDED"):
            self._suspended_at = step.at
        if self._status is RaceStatus.RESULT:
            self._settle(step, definition)
            return
        self._move_off_time(step, definition)
        self._note_removals(step, definition)
        self._note_running(step, definition, was)
        if definition.status == "CLOSED":
            self._settle(step, definition)
            return
        if line == self._market.finish_line:
            self._reach(step, RaceStatus.FINISHED, step.at)
        self._note_betting(step, definition)

    def _move_off_time(self, step: Step, definition: Definition) -> None:
        if definition.market_time != self._off_time and self._status is RaceStatus.DORMANT:
            step.off_time = self._off_time = definition.market_time

    def _note_removals(self, step: Step, definition: Definition) -> None:
        removed = {runner.runner_id: runner for runner in definition.runners if runner.status == "REMOVED"}
        step.withdrawn = {
            runner_id: runner.removal_date or step.at
            for runner_id, runner in removed.items()
            if runner_id not in self._out
        }
        back = {runner.runner_id for runner in definition.runners} & self._out - removed.keys()
        step.reinstated = tuple(sorted(back))
        for runner_id in (*step.withdrawn, *back):
            self._held.pop(runner_id, None)
        self._out = (self._out | removed.keys()) - back

    def _note_running(self, step: Step, definition: Definition, was: Definition | None) -> None:
        if definition.in_play and self._status in (RaceStatus.DORMANT, RaceStatus.FALSESTART):
            # Where betting was suspended for the off, that message is the off: inPlay follows half a second later.
            suspended = was is not None and was.status == "SUSPENDED" and not was.in_play
            self._reach(step, RaceStatus.OFF, self._suspended_at if suspended and self._suspended_at else step.at)
        elif not definition.in_play and self._status is RaceStatus.OFF and definition.status != "CLOSED":
            self._reach(step, RaceStatus.FALSESTART, step.at)

    def _note_betting(self, step: Step, definition: Definition) -> None:
        betting = Betting.OPEN if definition.status == "OPEN" else Betting.SUSPENDED
        if betting is not self._betting:
            step.betting = self._betting = betting

    def _settle(self, step: Step, definition: Definition) -> None:
        placings = tuple(_placings(definition))
        if not placings:
            self._void(step, definition)
            return
        if self._status in (RaceStatus.DORMANT, RaceStatus.FALSESTART):
            self._reach(step, RaceStatus.OFF, self._off_without_running(step.at))
        if self._status is RaceStatus.OFF:
            self._reach(step, RaceStatus.FINISHED, step.at)
        if placings != self._placings:
            step.placings = self._placings = placings
            self._status = RaceStatus.RESULT  # which the result itself brings about

    def _void(self, step: Step, definition: Definition) -> None:
        if definition.status != "CLOSED":
            return
        never_ran = self._status is RaceStatus.DORMANT
        self._reach(step, RaceStatus.ABANDONED if never_ran else RaceStatus.RACEVOID, step.at)
        step.betting = self._betting = Betting.CLOSED

    def _off_without_running(self, closed_at: datetime) -> datetime:
        """A market that never goes in play: its last suspension about the off time or later stands for the off."""
        suspended = self._suspended_at
        if suspended is not None and suspended >= self._off_time - EARLY_OFF:
            return suspended
        return min(self._off_time, closed_at)

    def _reach(self, step: Step, status: RaceStatus, at: datetime) -> None:
        step.statuses = (*step.statuses, (status, at))
        self._status = status

    def _reprice(self, step: Step, message: Message, definition: Definition) -> None:
        prices = self._book.apply(message, definition)
        finish = self._market.finish_line
        if finish is not None and message.line > finish:
            return  # the race is over: what still trades is settlement, not opinion
        moved = {}
        for runner_id, price in prices.items():
            # An image may leave out the last traded price of a runner that has one.
            forgotten = price is None and self._book.traded
            if runner_id not in self._out and not forgotten and price != self._held.get(runner_id):
                moved[runner_id] = self._held[runner_id] = price
        step.prices = moved


def _placings(definition: Definition) -> Iterator[Placing]:
    """A PLACE market tells who was placed, but not in which order."""
    placed_only = "PLACE" in definition.market_type or (definition.number_of_winners or 1) > 1
    for runner in definition.runners:
        if runner.status in (RunnerStatus.WINNER, RunnerStatus.PLACED):
            first = runner.status == RunnerStatus.WINNER and not placed_only
            yield Placing(runner.runner_id, 1 if first else None, on_scale(runner.bsp))
