"""What a line of one run says it holds: the runner's offers and its race's state, for the script to go on from."""

from collections.abc import Collection, Iterable
from typing import Any

from racing.models import Runner
from racing.realtime.messages import instant
from racing.services import boards
from racing.views import words


def held_run(runner: Runner) -> dict[str, Any]:
    """Return the offers of a runner whose race, meeting and prices are loaded; ui/run_line.js goes on from them."""
    race = runner.race
    return {
        "raceId": race.id,
        "runnerId": runner.runner_id,
        "version": race.version,
        "timeZone": race.meeting.time_zone,
        "race": {
            "status": race.status.value,
            "offTime": instant(race.off_time),
            "version": race.state_version,
            **({"cardVersion": race.card_version} if race.card_version else {}),
        },
        "offers": [[offer.bookmaker, boards.number(offer.price)] for offer in runner.prices],
    }


def live_races(runners: Iterable[Runner], most: int, already: Collection[str] = ()) -> frozenset[str]:
    """Return the ids of the first races of these runners that a page can follow, `most` with those `already` followed.

    Races that are over are not followed.
    """
    ids = dict.fromkeys(already)
    for runner in runners:
        if words.phase(runner.race.status) != "over" and len(ids) < most:
            ids.setdefault(runner.race_id)
    return frozenset(ids)
