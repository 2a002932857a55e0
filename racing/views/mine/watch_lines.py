"""What is on a user's watchlist as its page lists it: races in one list, horses and people with their next runs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from racing.extensions import in_turns
from racing.models import Runner, Watch, WatchKind
from racing.services import boards
from racing.services.people import Kind
from racing.services.watchlists import Watched
from racing.views.held_runs import held_run
from racing.views.price_cells import PriceCell, best_cell, price_cell
from racing.views.published import race_name
from racing.views.punters.people import PAGES
from racing.views.reader_times import reader_clock


@dataclass(frozen=True)
class RunAhead:
    """A next run of somebody watched. `horse` is who runs, empty where that is who is watched.

    `price` is its best. `held` is what the script goes on from; None: the run is not followed.
    """

    runner: Runner
    race: str
    yours: str
    horse: str
    price: PriceCell
    held: dict[str, Any] | None


@dataclass(frozen=True)
class NameLine:
    """A horse, a jockey or a trainer that is watched; `path` is its page."""

    watch: Watch
    path: str
    runs: Sequence[RunAhead]


def name_lines(watched: Sequence[Watched], now: datetime, live: Collection[str]) -> list[NameLine]:
    """Return the lines of the horses and people among these, in their order; races in `live` (ids) are followed."""
    names = (each for each in watched if each.watch.kind is not WatchKind.RACE)
    return list(in_turns(_name_line(each, now, live) for each in names))


def _name_line(watched: Watched, now: datetime, live: Collection[str]) -> NameLine:
    watch = watched.watch
    path = url_for(PAGES[Kind(watch.kind.value)], slug=watch.key)
    return NameLine(watch, path, [_run_ahead(run, watch.kind, now, live) for run in watched.next_runs])


def _run_ahead(runner: Runner, kind: WatchKind, now: datetime, live: Collection[str]) -> RunAhead:
    race = runner.race
    horse = "" if kind is WatchKind.HORSE else runner.name
    is_in = runner.withdrawn_at is None
    offers = [price_cell(boards.entry(offer, runner.runner_id), now) for offer in runner.prices if is_in]
    return RunAhead(
        runner,
        race_name(race),
        reader_clock(race.off_time, race.meeting.zone),
        horse,
        best_cell(runner.runner_id, offers),
        held_run(runner) if is_in and race.id in live else None,
    )
