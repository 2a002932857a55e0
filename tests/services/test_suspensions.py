"""One bookmaker off in one race: its prices go, what is written meanwhile is held, and comes when it is back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from racing.errors import BettingClosed, NotFound, StalePrice
from racing.extensions import db
from racing.models import AuditEntry, User
from racing.services import boards, odds, races, suspensions
from racing.services.quotes import Quote, Stood
from racing.statuses import Betting
from tests.factories import RACE, a_quote, a_race, a_user, quotes
from tests.support.kept import history, nothing_written

pytestmark = pytest.mark.usefixtures("either_app")


@pytest.fixture
def staff() -> Iterator[User]:
    """A race that the house and the tote price, at version 2, and a member of staff."""
    a_race(prices={"1": "2.5", "2": "4"})
    odds.change_prices(RACE, quotes({"1": "2.6", "2": "4.2", "3": "9"}, "tote"), None)
    return a_user()


def shown(bookmaker: str = "tote") -> dict[str, float | None]:
    """Return what punters see of a bookmaker."""
    entries = boards.board(RACE)["odds"]
    return {entry["runnerId"]: entry["price"] for entry in entries if entry["bookmaker"] == bookmaker}


def test_its_prices_go_in_one_change_and_come_back_in_one(staff: User) -> None:
    assert suspensions.suspend_bookmaker(RACE, "tote", staff) == 3
    assert shown() == {"1": None, "2": None, "3": None}
    assert shown("house") == {"1": 2.5, "2": 4.0}
    assert boards.board(RACE)["book"]["overround"].keys() == {"house"}

    assert suspensions.reopen_bookmaker(RACE, "tote", staff) == 4
    assert shown() == {"1": 2.6, "2": 4.2, "3": 9.0}
    assert [change.version for change in history(RACE, "1", "tote")] == [2, 3, 4]


def test_once_is_enough(staff: User) -> None:
    suspensions.suspend_bookmaker(RACE, "tote", staff)
    with nothing_written():
        assert suspensions.suspend_bookmaker(RACE, "tote", staff) == 3
    suspensions.reopen_bookmaker(RACE, "tote", staff)
    with nothing_written():
        assert suspensions.reopen_bookmaker(RACE, "tote", staff) == 4


def test_what_is_written_meanwhile_is_held_and_comes_when_it_is_back(staff: User) -> None:
    suspensions.suspend_bookmaker(RACE, "tote", staff)

    both = [*quotes({"1": "3", "2": None, "4": "12"}, "tote"), a_quote("1", "2.75", "house")]
    assert odds.change_prices(RACE, quotes({"1": "2.9"}, "tote"), None) == 3
    assert odds.change_prices(RACE, both, staff) == 4
    assert shown() == {"1": None, "2": None, "3": None}
    assert shown("house")["1"] == 2.75

    assert suspensions.reopen_bookmaker(RACE, "tote", staff) == 5
    assert shown() == {"1": 3.0, "2": None, "3": 9.0, "4": 12.0}


def test_a_runner_that_came_out_meanwhile_is_not_offered_again_nor_if_it_is_back(staff: User) -> None:
    suspensions.suspend_bookmaker(RACE, "tote", staff)
    races.withdraw(RACE, "1", staff)
    races.withdraw(RACE, "2", staff)
    races.reinstate(RACE, "2", staff)

    suspensions.reopen_bookmaker(RACE, "tote", staff)

    assert shown() == {"1": None, "2": None, "3": 9.0}


def test_who_did_it_is_on_record_with_what_stood(staff: User) -> None:
    suspensions.suspend_bookmaker(RACE, "tote", staff)
    odds.change_prices(RACE, quotes({"1": "3"}, "tote"), staff)
    suspensions.reopen_bookmaker(RACE, "tote", staff)

    off, held, back = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert [entry.action for entry in (off, held, back)] == ["suspend_bookmaker", "hold_prices", "reopen_bookmaker"]
    assert [entry.version for entry in (off, held, back)] == [3, None, 4]
    assert (off.after["bookmaker"], off.before["suspended"], off.after["suspended"]) == ("tote", False, True)
    assert [price["price"] for price in off.before["prices"]] == ["2.60", "4.20", "9.00"]
    assert [price["price"] for price in off.after["prices"]] == [None, None, None]
    assert held.before["prices"] == [{"runnerId": "1", "bookmaker": "tote", "price": "2.60"}]
    assert [price["price"] for price in back.after["prices"]] == ["3", "4.20", "9.00"]


def test_a_held_price_that_became_another_is_not_written_over_unseen(staff: User) -> None:
    suspensions.suspend_bookmaker(RACE, "tote", staff)
    odds.change_prices(RACE, quotes({"1": "3"}, "tote"), None)
    seen = a_quote("1", "2.6").price

    with nothing_written(), pytest.raises(StalePrice) as refused:
        odds.change_prices(RACE, [Quote("1", a_quote("1", "3.5").price, "tote", 3, Stood(seen))], staff)
    assert refused.value.fields["1"]["price"] == 3.0
    odds.change_prices(RACE, [Quote("2", a_quote("2", "5").price, "tote", 2, Stood(a_quote("2", "4.2").price))], staff)

    suspensions.reopen_bookmaker(RACE, "tote", staff)
    assert shown() == {"1": 3.0, "2": 5.0, "3": 9.0}


def test_only_who_has_priced_an_open_race_can_be_taken_off(staff: User) -> None:
    with nothing_written(), pytest.raises(NotFound):
        suspensions.suspend_bookmaker(RACE, "bet-corner", staff)
    races.change_betting(RACE, Betting.CLOSED, None)
    with nothing_written(), pytest.raises(BettingClosed):
        suspensions.suspend_bookmaker(RACE, "tote", staff)
