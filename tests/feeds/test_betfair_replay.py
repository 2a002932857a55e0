"""A replayed file leaves a race as it really went: the off, the finish, the result."""

from pathlib import Path

import pytest

from racing.statuses import Betting, RaceStatus, RunnerStatus
from tests.feeds.replays import price, replayed, runner_of
from tests.feeds.streams import (
    FALCON,
    OTTER,
    WALTZ,
    at,
    definition,
    field,
    ltp,
    message,
    runner,
    whole_race,
)

pytestmark = pytest.mark.usefixtures("app")


def test_a_race_goes_from_its_opening_to_its_result(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race())

    assert (race.status, race.betting, race.off_at) == (RaceStatus.RESULT, Betting.CLOSED, at(10))
    assert (race.meeting.course, race.meeting.country, race.meeting.time_zone) == ("Wexmoor", "GB", "Europe/London")
    assert (race.title, race.distance, race.handicap) == ("1m2f Hcap", "1m2f", True)
    assert [price(race, one) for one in (OTTER, FALCON, WALTZ)] == ["1.01", "4.10", "6.00"]
    assert (runner_of(race, OTTER).status, runner_of(race, OTTER).position) == (RunnerStatus.WINNER, 1)
    assert runner_of(race, WALTZ).status is RunnerStatus.LOSER


def test_a_short_suspension_is_not_the_off(tmp_path: Path) -> None:
    messages = [
        message(-900, define=definition()),
        message(-100, ltp(OTTER, 3), define=definition("SUSPENDED")),
        message(-99, define=definition()),
    ]

    suspended = replayed(tmp_path, messages[:2], race_id="suspended")
    opened = replayed(tmp_path, messages, race_id="opened")

    assert (suspended.status, suspended.betting, price(suspended, OTTER)) == ("DORMANT", Betting.SUSPENDED, "3.00")
    assert (opened.status, opened.betting, opened.off_at) == ("DORMANT", Betting.OPEN, None)


def test_a_suspension_in_running_that_opens_again_is_not_the_finish(tmp_path: Path) -> None:
    messages = whole_race()
    messages[6:6] = [
        message(50, define=definition("SUSPENDED", in_play=True)),
        message(55, ltp(FALCON, 1.8), define=definition(in_play=True)),
    ]

    race = replayed(tmp_path, messages)

    assert (race.status, price(race, FALCON), price(race, OTTER)) == ("RESULT", "1.80", "1.01")


def test_without_a_suspension_before_it_the_first_message_in_running_is_the_off(tmp_path: Path) -> None:
    assert replayed(
        tmp_path, [message(-900, define=definition()), message(42, define=definition(in_play=True))]
    ).off_at == at(42)


def test_a_recalled_start_is_a_false_start_and_the_second_off_counts(tmp_path: Path) -> None:
    messages = [
        message(-900, define=definition()),
        message(10, define=definition(in_play=True)),
        message(20, define=definition()),
        message(300, define=definition(in_play=True)),
    ]

    assert replayed(tmp_path, messages[:3], race_id="recalled").status == "FALSESTART"
    again = replayed(tmp_path, messages)
    assert (again.status, again.off_at) == (RaceStatus.OFF, at(300))


def test_a_market_that_never_goes_in_play_is_off_at_its_last_suspension(tmp_path: Path) -> None:
    settled = definition("CLOSED", runners=field(otter="LOSER", falcon="WINNER", waltz="LOSER"))
    messages = [
        message(-900, ltp(FALCON, 2), define=definition(turnInPlayEnabled=False)),
        message(-600, define=definition("SUSPENDED")),
        message(-590, define=definition()),
        message(95, ltp(FALCON, 1.9), define=definition("SUSPENDED")),
        message(400, define=settled),
    ]

    race = replayed(tmp_path, messages)

    assert (race.status, race.off_at, price(race, FALCON)) == (RaceStatus.RESULT, at(95), "1.90")
    assert runner_of(race, FALCON).position == 1


def test_a_file_that_just_ends_leaves_the_race_unfinished(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race()[:3])

    assert (race.status, race.betting, race.has_result) == (RaceStatus.DORMANT, Betting.OPEN, False)


def test_a_place_market_tells_who_was_placed_but_not_in_which_order(tmp_path: Path) -> None:
    place = {"marketType": "PLACE", "numberOfWinners": 2, "name": None, "raceType": "Chase"}
    placed = field(otter="WINNER", falcon="WINNER", waltz="LOSER")
    messages = [
        message(-900, define=definition(**place)),
        message(10, define=definition(in_play=True, **place)),
        message(300, define=definition("CLOSED", in_play=True, **place | {"runners": placed})),
    ]

    race = replayed(tmp_path, messages)

    outcomes = [(runner_of(race, one).status, runner_of(race, one).position) for one in (OTTER, FALCON, WALTZ)]
    assert outcomes == [("PLACED", None), ("PLACED", None), ("LOSER", None)]
    assert race.title == "Chase (place market)"


def test_a_dead_heat_has_two_winners(tmp_path: Path) -> None:
    shared = definition("CLOSED", in_play=True, runners=field(otter="WINNER", falcon="WINNER", waltz="LOSER"))

    race = replayed(tmp_path, [*whole_race()[:-1], message(200, define=shared)])

    assert [runner_of(race, one).position for one in (OTTER, FALCON, WALTZ)] == [1, 1, None]


def test_a_result_settled_anew_replaces_the_first(tmp_path: Path) -> None:
    amended = definition("CLOSED", in_play=True, runners=field(otter="LOSER", falcon="WINNER", waltz="LOSER"))

    race = replayed(tmp_path, [*whole_race(), message(900, define=amended)])

    assert (runner_of(race, OTTER).status, runner_of(race, FALCON).status) == ("LOSER", "WINNER")


def test_a_race_all_of_whose_runners_were_removed_is_abandoned(tmp_path: Path) -> None:
    nobody = definition("CLOSED", runners=field(otter="REMOVED", falcon="REMOVED", waltz="REMOVED"))

    race = replayed(tmp_path, [*whole_race()[:2], message(0, define=nobody)])

    assert (race.status, race.betting) == (RaceStatus.ABANDONED, Betting.CLOSED)


@pytest.mark.parametrize(
    ("bsp", "sp"), [(7.694215, "7.69"), ("NaN", None), ("Infinity", None), (None, None), (0, None)]
)
def test_the_starting_price_is_taken_where_it_is_one(tmp_path: Path, bsp: object, sp: str | None) -> None:
    won = [runner(OTTER, "WINNER", bsp=bsp), runner(FALCON, "LOSER"), runner(WALTZ, "LOSER")]
    closed = message(200, define=definition("CLOSED", in_play=True, runners=won))

    winner = runner_of(replayed(tmp_path, [*whole_race()[:-1], closed]), OTTER)

    assert (str(winner.sp) if winner.sp else None) == sp


def test_a_delayed_race_moves_its_off_time(tmp_path: Path) -> None:
    later = definition(marketTime="2024-06-01T14:12:00.000Z")

    race = replayed(tmp_path, [message(-900, define=definition()), message(-60, define=later)])

    assert race.off_time == at(12 * 60)


def test_a_definition_without_a_venue_does_not_move_the_race(tmp_path: Path) -> None:
    nameless = definition(venue=None)

    race = replayed(
        tmp_path, [message(-900, define=nameless), message(-800, define=definition()), message(-700, define=nameless)]
    )

    assert race.meeting.course == "Wexmoor"
