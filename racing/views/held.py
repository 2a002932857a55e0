"""What a page says it holds: the board it was drawn from, for the scripts to go on from, without a gap."""

from collections.abc import Mapping, Sequence
from typing import Any

from racing import prices
from racing.models import Race, Runner
from racing.realtime.shapes import Board, OddsEntry, RaceState, RunnerChange
from racing.services import boards
from racing.views.words import status_phrases


def held_board(race: Race, board: Board) -> dict[str, Any]:
    """Return what a race page holds: an image, with the names that the wire leaves out."""
    held = _held(race, board["version"], board["race"], board["runners"], board["odds"])
    return {**held, "book": board["book"]}


def held_race(race: Race) -> dict[str, Any]:
    """Return what a list holds of a race whose runners and prices are loaded."""
    entries = [boards.entry(price, runner.runner_id) for runner in race.runners for price in runner.prices]
    changes = [boards.runner_change(runner) for runner in race.runners]
    return _held(race, race.version, boards.race_state(race, race.runners), changes, entries)


def vocabulary() -> dict[str, Any]:
    """Return the words of the statuses and the ladder of fractions, once a page."""
    ladder = [(text, round(float(odds), 6)) for text, odds in prices.LADDER]
    return {"statuses": status_phrases(), "ladder": ladder}


def _held(
    race: Race,
    version: int,
    state: RaceState | Mapping[str, Any],
    changes: Sequence[RunnerChange],
    entries: Sequence[OddsEntry],
) -> dict[str, Any]:
    return {
        "raceId": race.id,
        "version": version,
        "race": state,
        "timeZone": race.meeting.time_zone,
        "runners": changes,
        # In rows, not objects: a page of twenty races holds a thousand of them.
        "odds": [
            [entry["runnerId"], entry["bookmaker"], entry["price"], entry["fractional"], entry["version"]]
            for entry in entries
        ],
        "names": {runner.runner_id: [runner.number, runner.name] for runner in race.runners},
    }


def active(runners: Sequence[Runner]) -> list[Runner]:
    """Return the runners that are not out."""
    return [runner for runner in runners if runner.withdrawn_at is None]
