"""What a line of a list says it holds: its race's board, short, for the script to go on from without a gap."""

from collections import defaultdict
from typing import Any

from racing.models import Race
from racing.services import boards
from racing.services.race_lists import Field
from racing.statuses import RunnerStatus


def held_line(race: Race, field: Field) -> dict[str, Any]:
    """Return the board of a race in a list; ui/held_line.js makes a board of it again.

    A day of forty races holds thousands of prices: so a runner is one row [id, name, prices by bookmaker, change?],
    its change given only where something has become of it, and an entry is as old as the whole.
    """
    bookmakers = sorted({offer.bookmaker for offer in field.prices})
    offers: defaultdict[int, dict[str, float | None]] = defaultdict(dict)
    for offer in field.prices:
        offers[offer.runner_pk][offer.bookmaker] = boards.number(offer.price)
    return {
        "raceId": race.id,
        "version": race.version,
        "race": boards.race_state(race, field.runners),
        "timeZone": race.meeting.time_zone,
        "bookmakers": bookmakers,
        "runners": [
            _row(runner, [offers[runner.id].get(bookmaker) for bookmaker in bookmakers]) for runner in field.runners
        ],
    }


def _row(runner: Any, offered: list[float | None]) -> list[Any]:
    row = [runner.runner_id, runner.name, offered]
    return row if runner.status is RunnerStatus.ACTIVE else [*row, boards.runner_change(runner)]
