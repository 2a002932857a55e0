"""A runner comes out: Rule 4 by its price then, and the others' prices kept, cut by it, or gone, in one version."""

from decimal import Decimal

import pytest

from racing import prices
from racing.errors import Conflict
from racing.extensions import db
from racing.models import Runner
from racing.services import boards, odds, withdrawals
from racing.services.withdrawals import Others
from tests.factories import RACE, a_race, quotes
from tests.support.kept import history, nothing_written

pytestmark = pytest.mark.usefixtures("app")


def priced() -> None:
    """Horse 1 is 6/4 and 13/8, which is 40p and 35p; horse 4 was never priced."""
    a_race(prices={"1": "2.5", "2": "4", "3": "9"})
    odds.change_prices(RACE, quotes({"1": "2.63", "2": "4.5"}, "tote"), None)


def offered() -> dict[str, float | None]:
    return {f"{each['runnerId']}/{each['bookmaker']}": each["price"] for each in boards.board(RACE)["odds"]}


@pytest.mark.parametrize(
    ("others", "prices_then"),
    [
        (Others.KEPT, {"2/house": 4.0, "2/tote": 4.5, "3/house": 9.0}),
        # 35p off 3/1, 7/2 and 8/1 leaves 1.95, 2.275 and 5.2 to one: 2/1 (2.95 is nearest to it), 9/4, 5/1.
        (Others.CUT, {"2/house": 3.0, "2/tote": 3.25, "3/house": 6.0}),
        (Others.REMOVED, {"2/house": None, "2/tote": None, "3/house": None}),
    ],
)
def test_the_others_prices_are_kept_cut_or_removed_with_it(others: Others, prices_then: dict[str, float]) -> None:
    priced()

    version = withdrawals.withdraw(RACE, "1", None, others=others)

    board = boards.board(RACE, since=version - 1)
    assert (version, board["version"], board["book"]["rule4"]) == (3, 3, 35)
    assert {each["version"] for each in board["odds"] + board["runners"]} == {3}
    assert offered() == {"1/house": None, "1/tote": None, **prices_then}
    assert len([change for change in history(RACE) if change.version == 3]) == len(board["odds"])


def test_a_cut_price_is_an_edge_of_the_day() -> None:
    priced()

    withdrawals.withdraw(RACE, "1", None, others=Others.CUT)

    db.session.rollback()
    assert db.session.query(Runner.shortest_price).filter_by(runner_id="3").scalar() == Decimal(6)


def test_the_outlook_is_what_happens() -> None:
    priced()
    odds.change_prices(RACE, quotes({"4": "5"}), None)
    withdrawals.withdraw(RACE, "4", None)

    then = withdrawals.outlook(RACE, "1")

    assert (then.price, then.pence, then.in_force, then.then) == (Decimal("2.63"), 35, 20, 55)
    shown = {f"{other.runner.runner_id}/{other.bookmaker}": float(other.cut) for other in then.others}
    withdrawals.withdraw(RACE, "1", None, others=Others.CUT)
    assert boards.board(RACE)["book"]["rule4"] == then.then
    assert {key: price for key, price in offered().items() if price} == shown


def test_a_deduction_that_became_another_is_shown_again() -> None:
    priced()
    odds.change_prices(RACE, quotes({"1": "3"}, "tote"), None)

    with nothing_written(), pytest.raises(Conflict, match="Horse 1 moved: Rule 4 takes 30p"):
        withdrawals.withdraw(RACE, "1", None, others=Others.CUT, pence=35)


@pytest.mark.parametrize(
    ("price", "pence", "cut"), [("1.01", 90, "1.01"), ("1000", 5, "201"), ("1.5", 0, "1.5"), ("13.93", 0, "13.93")]
)
def test_a_cut_stays_on_the_scale(price: str, pence: int, cut: str) -> None:
    assert prices.after_rule4(Decimal(price), pence) == Decimal(cut)
