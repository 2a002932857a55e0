"""Moving prices: checked against the race, all or none, with their history."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from racing.errors import BettingClosed, InvalidInput, RaceNotFound, RacingError, RunnerNotInRace, RunnerOut, StalePrice
from racing.extensions import db
from racing.models import AuditEntry, Bookmaker
from racing.services import boards, odds, races
from racing.services.odds import Quote
from racing.statuses import Betting, RaceStatus
from tests.factories import RACE, a_quote, a_race, a_user, quotes
from tests.support.kept import history, nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("app")


def entries(race_id: str = RACE) -> dict[tuple[str, str], tuple[float | None, float | None, int]]:
    """Return (runner, bookmaker) -> (price, previous, version)."""
    return {
        (entry["runnerId"], entry["bookmaker"]): (entry["price"], entry["previous"], entry["version"])
        for entry in boards.board(race_id)["odds"]
    }


def test_a_moved_price_raises_the_version_and_remembers_the_one_before() -> None:
    a_race(prices={"1": "2.5", "2": "4"})

    version = odds.change_prices(RACE, quotes({"1": "2.75"}), None)

    assert version == 2
    assert entries() == {("1", "house"): (2.75, 2.5, 2), ("2", "house"): (4.0, None, 1)}


def test_several_prices_of_one_write_share_one_version() -> None:
    a_race()

    assert odds.change_prices(RACE, quotes({"1": "2.5", "2": "4", "3": "1.01"}), None) == 1
    assert {version for _, _, version in entries().values()} == {1}


def test_a_price_that_does_not_change_raises_no_version() -> None:
    a_race(prices={"1": "2.5"})
    staff = a_user()

    with nothing_written():
        assert odds.change_prices(RACE, quotes({"1": "2.50"}), staff) == 1


def test_only_the_prices_that_moved_carry_the_new_version() -> None:
    a_race(prices={"1": "2.5", "2": "4"})

    odds.change_prices(RACE, quotes({"1": "2.5", "2": "4.5"}), None)

    assert entries() == {("1", "house"): (2.5, None, 1), ("2", "house"): (4.5, 4.0, 2)}


def test_a_bookmaker_may_take_its_price_away_and_come_back() -> None:
    a_race(prices={"1": "2.5"})

    odds.change_prices(RACE, quotes({"1": None}), None)
    assert entries() == {("1", "house"): (None, 2.5, 2)}

    odds.change_prices(RACE, quotes({"1": "3"}), None)
    assert entries() == {("1", "house"): (3.0, None, 3)}


def test_taking_away_a_price_that_never_was_changes_nothing() -> None:
    a_race()

    with nothing_written():
        assert odds.change_prices(RACE, quotes({"1": None}), None) == 0


def test_each_bookmaker_has_its_own_price() -> None:
    a_race(prices={"1": "2.5"})

    odds.change_prices(RACE, [a_quote("1", "2.6", "tote"), a_quote("1", "2.62", "bet-corner")], None)

    assert entries().keys() == {("1", "house"), ("1", "tote"), ("1", "bet-corner")}
    assert db.session.get(Bookmaker, "bet-corner").name == "Bet Corner"


def test_every_price_there_ever_was_stays_in_the_history() -> None:
    a_race(prices={"1": "2.5", "2": "4"})
    staff = a_user()
    made_at = datetime(2030, 6, 1, 12, tzinfo=UTC)
    odds.change_prices(RACE, quotes({"1": "2.75"}), staff, at=made_at)
    odds.change_prices(RACE, quotes({"1": None}, "house"), None)

    changes = history(RACE, "1", "house")

    assert [(change.price, change.version) for change in changes] == [
        (Decimal("2.5"), 1), (Decimal("2.75"), 2), (None, 3),
    ]  # fmt: skip
    assert (changes[1].at, changes[1].by_user_id) == (made_at, staff.id)


def test_staff_leave_their_name_in_the_audit_trail_and_a_feed_none() -> None:
    a_race(prices={"1": "2.5"})
    assert rows_of(AuditEntry) == 0
    staff = a_user()

    odds.change_prices(RACE, quotes({"1": "2.75"}), staff)

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.user_id, entry.action, entry.race_id, entry.version) == (staff.id, "prices", RACE, 2)
    assert entry.after == {"prices": [{"runnerId": "1", "bookmaker": "house", "price": "2.75"}]}


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (Quote("9", Decimal(3)), RunnerNotInRace),
        (Quote("2", Decimal(0)), InvalidInput),
        (Quote("2", Decimal(1)), InvalidInput),
        (Quote("2", Decimal(1001)), InvalidInput),
        (Quote("2", Decimal("NaN")), InvalidInput),
        (Quote("2", Decimal("2.00001")), InvalidInput),
        (Quote("1", Decimal(7)), InvalidInput),
        (Quote("2", Decimal(3), seen=0), StalePrice),
        (Quote("4", Decimal(3)), RunnerOut),
    ],
    ids=["stranger", "0", "1.00", "1001", "NaN", "5 decimals", "twice", "stale", "non-runner"],
)
def test_one_wrong_price_and_none_of_the_write_has_moved(wrong: Quote, refusal: type[RacingError]) -> None:
    a_race(prices={"1": "2.5", "2": "4"})
    races.withdraw(RACE, "4", None)
    staff = a_user()

    with nothing_written(), pytest.raises(refusal) as refused:
        odds.change_prices(RACE, [a_quote("1", "2.75"), a_quote("3", "9", "newcomer"), wrong], staff)

    assert refused.value.message.endswith(".")


def test_a_runner_of_another_race_is_named() -> None:
    a_race()
    a_race("wexmoor-1440", runners=6)

    with nothing_written(), pytest.raises(RunnerNotInRace) as refused:
        odds.change_prices(RACE, quotes({"5": "3", "6": "4"}), None)

    assert refused.value.fields.keys() == {"5", "6"}


def test_a_race_that_is_not_there_takes_no_price() -> None:
    with nothing_written(), pytest.raises(RaceNotFound):
        odds.change_prices("nowhere", quotes({"1": "3"}), None)


def test_a_suspended_race_still_takes_prices_a_closed_one_none() -> None:
    a_race(prices={"1": "2.5"})
    races.change_betting(RACE, Betting.SUSPENDED, None)
    assert odds.change_prices(RACE, quotes({"1": "2.75"}), None) == 3

    races.change_betting(RACE, Betting.CLOSED, None)

    with nothing_written(), pytest.raises(BettingClosed):
        odds.change_prices(RACE, quotes({"1": "3"}), None)
    assert entries()["1", "house"][0] == 2.75


def test_prices_move_in_running() -> None:
    a_race(prices={"1": "2.5"})
    races.change_status(RACE, RaceStatus.OFF, None)

    assert odds.change_prices(RACE, quotes({"1": "1.5"}), None) == 3


def test_a_price_that_changed_since_the_writer_looked_is_named_with_what_it_is_now() -> None:
    a_race(prices={"1": "2.5", "2": "4"})
    odds.change_prices(RACE, quotes({"1": "2.75"}), None)

    with nothing_written(), pytest.raises(StalePrice) as refused:
        odds.change_prices(RACE, quotes({"1": "3", "2": "5"}), None, seen=1)

    assert refused.value.message == "Prices changed meanwhile: Horse 1."
    assert refused.value.fields["1"].items() >= {"bookmaker": "house", "price": 2.75, "version": 2}.items()


def test_a_price_that_nobody_touched_is_not_stale_though_the_race_moved_on() -> None:
    a_race(prices={"1": "2.5", "2": "4"})
    odds.change_prices(RACE, quotes({"1": "2.75"}), None)

    assert odds.change_prices(RACE, quotes({"2": "5"}), None, seen=1) == 3
    assert odds.change_prices(RACE, [a_quote("1", "3", seen=2)], None, seen=0) == 4
