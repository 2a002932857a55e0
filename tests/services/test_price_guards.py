"""What the house asks about before a form may write it, and tells the writers of the API."""

from decimal import Decimal
from typing import Any

import pytest

from racing.errors import Doubtful
from racing.services import odds, races
from racing.services.price_guards import key_of, warnings
from racing.statuses import Betting
from tests.factories import RACE, a_quote, a_race, a_user, quotes
from tests.support.kept import history, nothing_written

NAMES = {"1": "Arkle", "2": "Dawn Run", "3": "Istabraq"}


def told(before: dict[str, str], after: dict[str, str | None], maker: str = "tote") -> list[tuple[Any, ...]]:
    """Return (kind, runner) of each warning of a book that changes so, runner id -> decimal odds."""
    was, becomes = (
        {key: None if price is None else Decimal(price) for key, price in book.items()} for book in (before, after)
    )
    return [(each["kind"], each.get("runnerId")) for each in warnings(NAMES, {maker: was}, {maker: becomes})]


FAIR = {"1": "2", "2": "4", "3": "4"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"1": "2", "2": "4", "3": "4"}, []),
        # A chance of 25% that becomes 20% has lost exactly a fifth of itself, one of 30% gained just that.
        ({"1": "1.8", "2": "5", "3": "4"}, []),
        ({"1": "1.8", "2": "5.01", "3": "4"}, [("move", "2")]),
        ({"1": "2", "2": "3.33", "3": "4"}, [("move", "2")]),
        ({"1": "2", "2": "3.34", "3": "4"}, []),
        ({"1": "2.02", "2": "4", "3": "4"}, [("book", None)]),
        ({"1": "1.67", "2": "2.2", "3": "2.25"}, [("move", "2"), ("move", "3")]),
        ({"1": "1.67", "2": "2.2", "3": "2.2"}, [("move", "2"), ("move", "3"), ("book", None)]),
        # Nobody says what a book adds up to, or who its favourite is, while a runner has no price.
        ({"1": "9", "2": "4", "3": None}, [("move", "1")]),
    ],
)
def test_a_great_move_and_an_odd_book_are_asked_about(
    after: dict[str, str | None], expected: list[tuple[Any, ...]]
) -> None:
    assert told(FAIR, after) == expected


def test_another_favourite_is_asked_about_a_joint_one_is_not() -> None:
    before = {"1": "2.5", "2": "2.75", "3": "3.5"}

    assert told(before, {"1": "2.75", "2": "2.75", "3": "3.5"}) == []
    assert told(before, {"1": "2.8", "2": "2.6", "3": "3.5"}) == [("favourite", "2")]


def test_a_book_priced_for_the_first_time_has_no_favourite_to_lose() -> None:
    assert told({}, {"1": "2", "2": "4", "3": "4"}) == []


def test_a_warning_says_what_it_is_about() -> None:
    before = {"tote": {"1": Decimal("2.5"), "2": Decimal(4), "3": Decimal(4)}}

    (move,) = warnings(NAMES, before, {"tote": {**before["tote"], "1": Decimal("1.98")}})

    assert move == {
        "kind": "move", "bookmaker": "tote", "runnerId": "1",
        "message": "Arkle at Tote goes from 6/4 to 1.98: its chance rises by 26%.",
    }  # fmt: skip


@pytest.mark.usefixtures("app")
def test_a_doubtful_price_is_written_by_whoever_has_read_exactly_that_warning() -> None:
    a_race(prices={"1": "2.5", "2": "4"})
    staff = a_user()

    with nothing_written(), pytest.raises(Doubtful) as asked:
        odds.write_books({RACE: quotes({"1": "5", "2": "4.2"})}, staff, sure=())
    sure = [key_of(warning) for warning in asked.value.warnings]
    with nothing_written(), pytest.raises(Doubtful):
        odds.write_books({RACE: quotes({"1": "6"})}, staff, sure=sure)
    written = odds.write_books({RACE: quotes({"1": "5"})}, staff, sure=sure)

    assert written[RACE].version == 2
    assert [warning["runnerId"] for warning in written[RACE].warnings] == ["1"]


@pytest.mark.usefixtures("app")
def test_runners_that_are_out_do_not_count_in_a_book() -> None:
    a_race(prices={"1": "2", "2": "4", "3": "4", "4": "9"})
    races.withdraw(RACE, "4", None)

    (warning,) = odds.write_books({RACE: quotes({"1": "2.1"})}, a_user())[RACE].warnings

    assert (warning["kind"], warning["message"]) == ("book", "The book of House adds up to 97.62%, under 100%.")


@pytest.mark.usefixtures("app")
def test_a_feed_on_the_command_line_is_asked_nothing() -> None:
    a_race(prices={"1": "2", "2": "4", "3": "4", "4": "9"})
    races.change_betting(RACE, Betting.SUSPENDED, None)

    assert odds.write_books({RACE: [a_quote("1", "20")]}, None, sure=())[RACE].warnings == []
    assert history(RACE, "1")[-1].price == 20
