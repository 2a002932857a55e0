"""What is on a user's watchlist as its page lists it: races in one list, horses and people with their next runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from racing.models import Runner, Watch, WatchKind
from racing.services.people import Kind
from racing.services.watchlists import Watched
from racing.views.published import race_name
from racing.views.punters.people import PAGES
from racing.views.reader_times import reader_clock


@dataclass(frozen=True)
class RunAhead:
    """A next run of somebody watched. `horse` is who runs, empty where that is who is watched."""

    runner: Runner
    race: str
    yours: str
    horse: str


@dataclass(frozen=True)
class NameLine:
    """A horse, a jockey or a trainer that is watched; `path` is its page."""

    watch: Watch
    path: str
    runs: Sequence[RunAhead]


def name_lines(watched: Sequence[Watched]) -> list[NameLine]:
    """Return the lines of the horses and people among these, in their order."""
    return [_name_line(each) for each in watched if each.watch.kind is not WatchKind.RACE]


def _name_line(watched: Watched) -> NameLine:
    watch = watched.watch
    path = url_for(PAGES[Kind(watch.kind.value)], slug=watch.key)
    return NameLine(watch, path, [_run_ahead(run, watch.kind) for run in watched.next_runs])


def _run_ahead(runner: Runner, kind: WatchKind) -> RunAhead:
    race = runner.race
    horse = "" if kind is WatchKind.HORSE else runner.name
    return RunAhead(runner, race_name(race), reader_clock(race.off_time, race.meeting.zone), horse)
