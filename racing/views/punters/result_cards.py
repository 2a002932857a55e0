"""What became of a race, as the pages by day tell it: placings with starting prices, dead heats, who did not run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from racing import prices
from racing.models import Race
from racing.statuses import ENDED, RaceStatus, RunnerStatus
from racing.views import words
from racing.views.price_cells import PriceCell, priced
from racing.views.reader_times import reader_clock
from racing.views.result_lines import ordinal

_NO_RACE = (RaceStatus.RACEVOID, RaceStatus.ABANDONED)


@dataclass(frozen=True)
class PlacedRunner:
    """A line of a result; `sp` None where nobody said. `note` is "dead heat" where others share the place."""

    place: str
    runner: Any
    sp: PriceCell | None
    note: str


@dataclass(frozen=True)
class OutRunner:
    """A non-runner: when, in the course's time and the reader's, the best price then, and what it alone takes off."""

    runner: Any
    at: str
    yours: str
    price: PriceCell | None
    deduction: str


@dataclass(frozen=True)
class ResultCard:
    """A race by what became of it. `word` is its status; `deduction` Rule 4's of all its non-runners together."""

    race: Race
    off_clock: str
    yours: str
    word: str
    is_stopped: bool
    placings: Sequence[PlacedRunner]
    out: Sequence[OutRunner]
    deduction: str


def result_card(race: Race, told: Sequence[Any]) -> ResultCard:
    """Return the card of a race. `told` are its placed runners and its non-runners."""
    zone, out = race.meeting.zone, [runner for runner in told if runner.status is RunnerStatus.NON_RUNNER]
    withdrawn = [runner.withdrawn_price for runner in out if runner.withdrawn_price is not None]
    word = words.STATUS_WORDS[race.status]
    may_change = race.enquiry and race.status not in ENDED
    return ResultCard(
        race=race,
        off_clock=words.clock(race.off_time, zone),
        yours=reader_clock(race.off_time, zone),
        word="stewards' enquiry" if may_change else word,
        is_stopped=may_change or race.status in _NO_RACE,
        placings=_placings([runner for runner in told if runner.status is not RunnerStatus.NON_RUNNER]),
        out=[_out(runner, zone) for runner in sorted(out, key=lambda runner: runner.withdrawn_at)],
        deduction=_pence(prices.rule4(withdrawn)),
    )


def _placings(placed: Sequence[Any]) -> list[PlacedRunner]:
    shared = Counter(runner.position for runner in placed if runner.position is not None)
    ordered = sorted(
        placed, key=lambda runner: (runner.position is None, runner.position or 0, runner.position_on_card)
    )
    return [
        PlacedRunner(
            ordinal(runner.position),
            runner,
            None if runner.sp is None else priced(runner.runner_id, runner.sp),
            "dead heat" if shared[runner.position] > 1 else "",
        )
        for runner in ordered
    ]


def _out(runner: Any, zone: ZoneInfo) -> OutRunner:
    was = runner.withdrawn_price
    return OutRunner(
        runner,
        words.clock(runner.withdrawn_at, zone),
        reader_clock(runner.withdrawn_at, zone),
        None if was is None else priced(runner.runner_id, was),
        "" if was is None else _pence(prices.rule4([was])),
    )


def _pence(deduction: int) -> str:
    """Return "15p", empty where nothing is taken off."""
    return f"{deduction}p" if deduction else ""
