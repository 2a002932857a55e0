"""One write over several races: all of it, or none."""

from decimal import Decimal

import pytest
from flask import Flask

from racing.errors import BettingClosed, RaceNotFound, RacingError, RunnerNotInRace
from racing.services import odds, races
from racing.services.odds import Quote
from racing.statuses import Betting
from tests.factories import a_race, a_user, quotes
from tests.support.asked import asked
from tests.support.kept import history, nothing_written

EARLY, LATE = "wexmoor-1405", "wexmoor-1440"


def test_prices_of_several_races_move_together(app: Flask) -> None:
    a_race(EARLY)
    a_race(LATE, prices={"1": "3"})

    versions = odds.change_prices_of_races({LATE: quotes({"1": "4"}), EARLY: quotes({"2": "5"})}, None)

    assert versions == {EARLY: 1, LATE: 2}


def test_bookmakers_that_come_with_several_races_come_in_one_order(app: Flask) -> None:
    a_race(EARLY)
    a_race(LATE)

    with asked() as statements:
        books = {EARLY: quotes({"1": "4"}, "zeta"), LATE: quotes({"1": "4"}, "alpha")}
        odds.change_prices_of_races(books, None)

    opened = [one for one in statements if "INSERT INTO bookmakers" in one.statement]
    assert "alpha" in str(opened[0].parameters)
    assert "zeta" in str(opened[0].parameters)


def test_a_race_whose_prices_stay_keeps_its_version(app: Flask) -> None:
    a_race(EARLY)
    a_race(LATE, prices={"1": "3"})

    versions = odds.change_prices_of_races({LATE: quotes({"1": "3"}), EARLY: quotes({"2": "5"})}, None)

    assert versions == {EARLY: 1, LATE: 1}


@pytest.mark.parametrize(
    ("race_id", "wrong", "refusal"),
    [
        (LATE, Quote("9", Decimal(3)), RunnerNotInRace),
        ("wexmoor-1515", Quote("1", Decimal(3)), BettingClosed),
        ("nowhere", Quote("1", Decimal(3)), RaceNotFound),
        ("a-nowhere", Quote("1", Decimal(3)), RaceNotFound),
    ],
)
def test_one_race_that_refuses_and_none_has_moved(
    race_id: str, wrong: Quote, refusal: type[RacingError], app: Flask
) -> None:
    a_race(EARLY)
    a_race(LATE)
    a_race("wexmoor-1515")
    races.change_betting("wexmoor-1515", Betting.CLOSED, None)
    staff = a_user()

    with nothing_written(), pytest.raises(refusal):
        odds.change_prices_of_races({EARLY: quotes({"1": "3"}), race_id: [wrong]}, staff)

    assert history(EARLY) == []
