"""What happens to a race, step by step: the vocabulary between a Betfair file and the services that write it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus


@dataclass
class Step:
    """What one message changes, in the order of the fields. Empty fields change nothing.

    `withdrawn` is runner id -> when; `statuses` come with the instant each was reached.
    """

    at: datetime
    off_time: datetime | None = None
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)
    reinstated: tuple[str, ...] = ()
    prices: Mapping[str, Decimal | None] = field(default_factory=dict)
    statuses: tuple[tuple[RaceStatus, datetime], ...] = ()
    betting: Betting | None = None
    placings: tuple[Placing, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing changes."""
        return not any(value for name, value in vars(self).items() if name != "at")


def split(all_steps: Iterable[Step], start: datetime) -> tuple[list[Step], list[Step]]:
    """Return (the steps that bring a fresh race to where it stood at `start`, at once; the steps from there on).

    The first are at most two: the prices held, a withdrawn runner's those of its withdrawal; then all the rest.
    """
    before: list[Step] = []
    after: list[Step] = []
    for step in all_steps:
        (before if step.at < start else after).append(step)
    return _at_once(before), after


def _at_once(before: list[Step]) -> list[Step]:
    if not before:
        return []
    prices: dict[str, Decimal | None] = {}
    withdrawn: dict[str, datetime] = {}
    rest = Step(before[-1].at)
    for step in before:
        prices |= step.prices
        withdrawn |= step.withdrawn
        for runner_id in step.reinstated:
            withdrawn.pop(runner_id, None)
        rest.off_time = step.off_time or rest.off_time
        rest.statuses += step.statuses
        rest.betting = step.betting or rest.betting
        rest.placings = step.placings or rest.placings
    rest.withdrawn = withdrawn
    held = Step(rest.at, prices=prices)
    return [step for step in (held, rest) if not step.empty]
