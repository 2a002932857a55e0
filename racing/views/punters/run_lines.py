"""One run of a horse, on the page of whoever had a part in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from racing.models import Runner
from racing.services import boards
from racing.statuses import RaceStatus, RunnerStatus
from racing.views import words
from racing.views.held_runs import held_run
from racing.views.price_cells import PriceCell, best_cell, price_cell, priced
from racing.views.race_cards import what_now
from racing.views.reader_times import reader_clock
from racing.views.result_lines import ordinal

RESULT = (RaceStatus.RESULT, RaceStatus.WEIGHEDIN)
# Where nobody told the order.
_UNCOUNTED = {RunnerStatus.WINNER: "won", RunnerStatus.PLACED: "placed", RunnerStatus.ACTIVE: "ran"}


@dataclass(frozen=True)
class RunLine:
    """`outcome` is "2nd of 9", "non-runner", "in 19 min"; `price` the best on offer, or the SP (`is_sp`).

    `held` is what the script goes on from; None: the line is not followed.
    """

    runner: Runner
    day: str
    clock: str
    yours: str
    title: str
    outcome: str
    is_won: bool
    price: PriceCell
    is_sp: bool
    held: dict[str, Any] | None


def run_line(runner: Runner, ran: Mapping[str, int], now: datetime, live: Collection[str] = ()) -> RunLine:
    """Return the line of a run whose race and meeting are loaded, its prices too where its race is in `live`.

    `ran` holds how many went to post, by race; `live` the ids of the races that the page follows.
    """
    race, zone = runner.race, runner.race.meeting.zone
    is_sp = words.phase(race.status) == "over"
    facts = (race.title, race.distance, race.going)
    return RunLine(
        runner=runner,
        day=words.day(race.off_time, zone, now),
        clock=words.clock(race.off_time, zone),
        yours=reader_clock(race.off_time, zone),
        title=" · ".join(fact for fact in facts if fact),
        outcome=outcome(runner, ran.get(race.id, 0), now),
        is_won=runner.status is RunnerStatus.WINNER,
        price=_price(runner, now, is_over=is_sp),
        is_sp=is_sp,
        held=held_run(runner) if race.id in live and runner.withdrawn_at is None else None,
    )


def outcome(runner: Runner, ran: int, now: datetime) -> str:
    """Return what became of a run of `ran` that went to post: "2nd of 9", "non-runner"; before that "in 19 min"."""
    race = runner.race
    if runner.status is RunnerStatus.NON_RUNNER:
        return "non-runner"
    if race.status not in RESULT:
        return what_now(race, now)
    if runner.position is not None:
        return f"{ordinal(runner.position)} of {ran}"
    return _UNCOUNTED.get(runner.status, f"unplaced of {ran}")


def _price(runner: Runner, now: datetime, *, is_over: bool) -> PriceCell:
    none = PriceCell(runner.runner_id)
    if is_over:
        return none if runner.sp is None else priced(runner.runner_id, runner.sp)
    if runner.status is RunnerStatus.NON_RUNNER:
        return none
    cells = [price_cell(boards.entry(price, runner.runner_id), now) for price in runner.prices]
    return best_cell(runner.runner_id, cells)
