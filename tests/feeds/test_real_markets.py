"""Real markets, replayed, end as an independent reading of the same files says."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from racing.feeds import betfair, card_files
from racing.models import Race
from racing.services import racecards
from racing.statuses import RunnerStatus
from tests.support.kept import every_race

MARKETS = {
    "Randwick": ("1.127236622.bz2", "1.127236622"),
    "Hamilton": ("BASIC-1.132153978.gz", "1.132153978"),
    "Warwick": ("SELF-1.181223995.gz", "1.181223995"),
    "Kempton": ("1.164917629.bz2", "1.164917629"),
}
MOST_SECONDS = 60.0  # for the longest, Randwick: 16,096 messages


def replay(data: Path, course: str, **options: Any) -> tuple[Race, dict[str, Any]]:
    file, market = MARKETS[course]
    read = betfair.read(data / "markets" / file, **options)
    betfair.write(read)
    return racecards.card(read.race.race_id), json.loads((data / f"expected-{market}.json").read_text())


LONG = pytest.param("Randwick", marks=pytest.mark.soak)


@pytest.mark.parametrize("course", [LONG, "Hamilton", "Warwick", "Kempton"])
def test_a_real_race_ends_as_it_did(app: Flask, racing_data: Path, course: str) -> None:
    begun = time.process_time()  # not the clock on the wall: other tests run beside this one
    race, expected = replay(racing_data, course)
    seconds = time.process_time() - begun

    assert seconds < MOST_SECONDS
    assert race.meeting.course == course
    assert final_prices(race) == {
        str(runner["id"]): runner["ltpLastTraded"]
        for runner in expected["runners"]
        if runner["finalStatus"] != "REMOVED"
    }
    won = {runner.runner_id for runner in race.runners if runner.status in (RunnerStatus.WINNER, RunnerStatus.PLACED)}
    assert won == {str(winner["id"]) for winner in expected["winners"]}
    assert removals(race) == {str(one["id"]): one["removalDate"] for one in expected["removals"]}
    assert (int(race.off_at.timestamp() * 1000) if race.off_at else None) == expected["offPt"]
    assert race.status == ("RESULT" if expected["closedPt"] else "DORMANT")


def test_a_race_with_removals_ends_the_same_on_either_database(either_app: Flask, racing_data: Path) -> None:
    race, expected = replay(racing_data, "Hamilton")

    assert removals(race) == {str(one["id"]): one["removalDate"] for one in expected["removals"]}
    assert race.version == 482


@pytest.mark.parametrize("course", ["Randwick", "Hamilton", "Warwick"])
def test_five_minutes_before_the_off_the_prices_are_those_of_then(app: Flask, racing_data: Path, course: str) -> None:
    file, market = MARKETS[course]
    read = betfair.read(racing_data / "markets" / file, from_minutes=5)
    expected = json.loads((racing_data / f"expected-{market}.json").read_text())
    checkpoint = next(one for one in expected["checkpoints"] if one["secondsFromMarketTime"] == -300)

    betfair.write(betfair.Replay(read.market, read.race, read.at_once, [], read.begins))

    race = racecards.card(read.race.race_id)
    out = set(removals(race))
    assert final_prices(race) == {
        runner_id: price for runner_id, price in checkpoint["ltp"].items() if runner_id not in out
    }


@pytest.mark.soak
def test_from_five_minutes_out_the_race_ends_the_same(app: Flask, racing_data: Path) -> None:
    race, expected = replay(racing_data, "Randwick", from_minutes=5)

    assert final_prices(race) == {str(runner["id"]): runner["ltpLastTraded"] for runner in expected["runners"]}
    assert int(race.off_at.timestamp() * 1000 if race.off_at else 0) == expected["offPt"]


@pytest.mark.parametrize("name", ["gb-2025-11-24", "us-laurel-park-2026-02-22", "world-2023-06-01"])
def test_a_real_card_is_declared_whole(app: Flask, racing_data: Path, name: str) -> None:
    expected = json.loads((racing_data / "cards" / f"expected-{name}.json").read_text())

    imported = card_files.import_cards(racing_data / "cards" / f"{name}.json")
    again = card_files.import_cards(racing_data / "cards" / f"{name}.json")

    races = every_race()
    assert (imported.declared, again.declared, again.there_already) == (expected["races"], 0, expected["races"])
    assert sum(len(race.runners) for race in races) == expected["runners"]
    assert {race.meeting.course for race in races} == set(expected["venues"])


def final_prices(race: Race) -> dict[str, float | None]:
    """The price of each runner that is not out."""
    return {
        runner.runner_id: next((float(offer.price) for offer in runner.prices if offer.price is not None), None)
        for runner in race.runners
        if runner.status is not RunnerStatus.NON_RUNNER
    }


def removals(race: Race) -> dict[str, str]:
    return {
        runner.runner_id: f"{runner.withdrawn_at:%Y-%m-%dT%H:%M:%S.000Z}"
        for runner in race.runners
        if runner.withdrawn_at is not None
    }
