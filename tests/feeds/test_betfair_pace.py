"""A replay starts where it is asked to, keeps its pace, and happens once."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from racing.errors import FeedError
from racing.feeds import betfair
from racing.services import racecards
from racing.statuses import Betting
from tests.feeds.replays import price, replayed, runner_of
from tests.feeds.streams import (
    FALCON,
    OTTER,
    RACE,
    WALTZ,
    as_text,
    at,
    definition,
    field,
    ltp,
    message,
    packed,
    whole_race,
)

pytestmark = pytest.mark.usefixtures("app")


def test_the_same_file_twice_is_refused_with_the_way_out(tmp_path: Path) -> None:
    replayed(tmp_path, whole_race())

    with pytest.raises(FeedError, match="--race-id"):
        replayed(tmp_path, whole_race())
    assert replayed(tmp_path, whole_race(), race_id="once-more").status == "RESULT"


@pytest.mark.parametrize("race_id", ["Not A Slug", "", "a" * 65, "x/y"])
def test_an_id_that_is_no_slug_is_refused(tmp_path: Path, race_id: str) -> None:
    with pytest.raises(FeedError, match="no race id"):
        betfair.read(packed(tmp_path / "market", as_text(whole_race())), race_id or "-")


def test_from_a_moment_the_state_of_then_comes_at_once(tmp_path: Path) -> None:
    out = field(waltz="REMOVED")
    messages = [
        message(-3600, ltp(OTTER, 5), ltp(FALCON, 3), ltp(WALTZ, 8), define=definition()),
        message(-3500, ltp(OTTER, 5.5)),
        message(-3400, ltp(OTTER, 6), ltp(WALTZ, 9)),
        message(-1000, ltp(FALCON, 2.9), define=definition("SUSPENDED", runners=out)),
        message(-999, define=definition(runners=out)),
        message(-200, ltp(OTTER, 6.5)),
    ]
    path = packed(tmp_path / "market", as_text(messages))

    read = betfair.read(path, from_minutes=5)
    betfair.write(read)

    race = racecards.card(RACE)
    assert [step.at for step in read.played] == [at(-200)]
    # One write of the prices, the withdrawal, the price after; the suspension was over by then.
    assert race.version == 3
    assert (price(race, OTTER), price(race, FALCON)) == ("6.50", "2.90")
    assert (runner_of(race, WALTZ).status, runner_of(race, WALTZ).withdrawn_price) == ("NON_RUNNER", Decimal("9.00"))
    assert race.betting is Betting.OPEN


def test_from_a_moment_changes_nothing_of_how_it_ends(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race(), from_minutes=0)

    assert (race.status, race.off_at, price(race, OTTER), price(race, WALTZ)) == ("RESULT", at(10), "1.01", "6.00")


class Stopwatch:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.begun = datetime(2026, 1, 1)

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_replay_keeps_the_pace_it_is_asked_for(tmp_path: Path) -> None:
    watch, seen = Stopwatch(), []
    read = betfair.read(packed(tmp_path / "market", as_text(whole_race())), from_minutes=6)

    def note(steps: list[Any]) -> Any:
        for step in steps:
            yield step
            seen.append((step.at, watch.now))

    betfair.write(read, betfair.Pace(10, watch.read, watch.sleep), note)

    start = read.market.off_time - timedelta(minutes=6)
    assert seen == [(moment, pytest.approx((moment - start).total_seconds() / 10)) for moment, _ in seen]
    assert seen[0] == (at(-300), pytest.approx(6.0))
