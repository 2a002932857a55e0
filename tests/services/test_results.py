"""Who won, who was placed, and who never ran."""

from decimal import Decimal

import pytest

from racing.errors import Conflict, InvalidInput, RacingError, RunnerNotInRace, TransitionForbidden
from racing.services import boards, odds, races
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import RACE, a_quote, a_race, a_user, quotes
from tests.support.kept import nothing_written

pytestmark = pytest.mark.usefixtures("app")


def fates(race_id: str = RACE) -> dict[str, tuple[str, int | None]]:
    """Return runner id -> (status, position)."""
    return {
        change["runnerId"]: (change["status"], change.get("position")) for change in boards.board(race_id)["runners"]
    }


def test_a_result_names_the_winner_the_placed_and_by_silence_the_losers() -> None:
    a_race(prices={"1": "3"})
    races.change_status(RACE, RaceStatus.OFF, None)

    version = races.declare_result(RACE, [Placing("2", 1, Decimal("5.5")), Placing("1", 2)], None)

    board = boards.board(RACE, since=2)
    assert (version, board["race"]["status"], board["race"]["betting"]) == (3, "RESULT", "closed")
    assert board["race"]["result"] == {
        "placings": [{"runnerId": "2", "position": 1, "sp": 5.5}, {"runnerId": "1", "position": 2}]
    }
    assert fates() == {"1": ("PLACED", 2), "2": ("WINNER", 1), "3": ("LOSER", None), "4": ("LOSER", None)}
    assert {change["version"] for change in board["runners"]} == {3}


def test_a_result_may_be_amended_until_it_is_weighed_in() -> None:
    a_race()
    races.declare_result(RACE, [Placing("1", 1), Placing("2", 2)], None)

    assert races.declare_result(RACE, [Placing("2", 1), Placing("3", 2)], None) == 2
    assert fates() == {"1": ("LOSER", None), "2": ("WINNER", 1), "3": ("PLACED", 2), "4": ("LOSER", None)}

    races.change_status(RACE, RaceStatus.WEIGHEDIN, None)
    with nothing_written(), pytest.raises(TransitionForbidden):
        races.declare_result(RACE, [Placing("1", 1)], None)


def test_the_same_result_again_changes_nothing() -> None:
    a_race()
    races.declare_result(RACE, [Placing("1", 1), Placing("2", 2)], None)
    staff = a_user()

    with nothing_written():
        assert races.declare_result(RACE, [Placing("2", 2), Placing("1", 1)], staff) == 1


def test_two_may_share_the_first_place_and_third_comes_after_them() -> None:
    a_race()

    races.declare_result(RACE, [Placing("1", 1), Placing("2", 1), Placing("3", 3)], None)

    assert fates() == {"1": ("WINNER", 1), "2": ("WINNER", 1), "3": ("PLACED", 3), "4": ("LOSER", None)}


@pytest.mark.parametrize(
    ("placings", "refusal"),
    [
        ([], InvalidInput),
        ([Placing("1", 2)], InvalidInput),
        ([Placing("1", 1), Placing("2", 3)], InvalidInput),
        ([Placing("1", 1), Placing("2", 1), Placing("3", 2)], InvalidInput),
        ([Placing("1", 1), Placing("1", 2)], InvalidInput),
        ([Placing("1", 1), Placing("4", 2)], InvalidInput),
        ([Placing("1", 1, Decimal("1.00"))], InvalidInput),
        ([Placing("1", 1), Placing("9", 2)], RunnerNotInRace),
    ],
    ids=["nobody", "no winner", "gap", "no third after a dead heat", "twice", "non-runner", "sp off scale", "stranger"],
)
def test_a_result_that_cannot_be_leaves_the_race_as_it_was(placings: list[Placing], refusal: type[RacingError]) -> None:
    a_race(prices={"1": "3"})
    races.withdraw(RACE, "4", None)
    races.change_status(RACE, RaceStatus.FINISHED, None)
    staff = a_user()

    with nothing_written(), pytest.raises(refusal):
        races.declare_result(RACE, placings, staff)


@pytest.mark.parametrize("ended", [RaceStatus.ABANDONED, RaceStatus.RACEVOID])
def test_a_race_that_was_not_run_has_no_result(ended: RaceStatus) -> None:
    a_race()
    races.change_status(RACE, ended, None)

    with nothing_written(), pytest.raises(TransitionForbidden):
        races.declare_result(RACE, [Placing("1", 1)], None)


def test_a_non_runner_keeps_its_best_price_for_rule_4_and_is_offered_by_nobody() -> None:
    a_race(prices={"1": "3", "2": "4", "3": "2.5"})
    odds.change_prices(RACE, [a_quote("1", "3.25", "tote")], None)

    version = races.withdraw(RACE, "1", None)

    board = boards.board(RACE, since=2)
    assert version == 3
    assert [(entry["bookmaker"], entry["price"], entry["previous"]) for entry in board["odds"]] == [
        ("house", None, 3.0), ("tote", None, 3.25),
    ]  # fmt: skip
    assert board["runners"][0].items() >= {"runnerId": "1", "status": "NON_RUNNER", "withdrawnPrice": 3.25}.items()
    # 9/4 is 30p in the pound; the book is 4 and 2.5 alone.
    assert (board["book"]["rule4"], board["book"]["best"]) == (30, 65.0)


def test_a_withdrawal_changes_the_each_way_terms() -> None:
    a_race(runners=5)
    assert boards.board(RACE)["book"]["eachWay"] == {"places": 2, "fraction": "1/4"}

    races.withdraw(RACE, "1", None)

    assert boards.board(RACE)["book"]["eachWay"] == {"places": 1, "fraction": None}


def test_a_runner_never_priced_costs_nothing_when_it_comes_out() -> None:
    a_race(prices={"2": "3"})

    races.withdraw(RACE, "1", None)

    assert boards.board(RACE)["book"]["rule4"] == 0


def test_a_reinstated_runner_is_priced_anew_and_rule_4_is_lifted() -> None:
    a_race(prices={"1": "3", "2": "4"})
    races.withdraw(RACE, "1", None)

    assert races.reinstate(RACE, "1", None) == 3

    board = boards.board(RACE)
    assert board["book"]["rule4"] == 0
    assert board["runners"][0] == {"runnerId": "1", "status": "ACTIVE", "version": 3}
    assert odds.change_prices(RACE, quotes({"1": "3.5"}), None) == 4


def test_what_a_runner_is_already_changes_nothing() -> None:
    a_race()
    races.withdraw(RACE, "1", None)

    with nothing_written():
        assert races.withdraw(RACE, "1", None) == 1
        assert races.reinstate(RACE, "2", None) == 1


def test_after_the_result_nobody_comes_out_or_back() -> None:
    a_race()
    races.withdraw(RACE, "4", None)
    races.declare_result(RACE, [Placing("1", 1)], None)

    with nothing_written(), pytest.raises(Conflict):
        races.withdraw(RACE, "2", None)
    with nothing_written(), pytest.raises(Conflict):
        races.reinstate(RACE, "4", None)
