"""The catch-up query: an image, or what changed after a version."""

import copy
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from racing.errors import RaceNotFound, RacingError
from racing.realtime import messages
from racing.services import boards, odds, races
from racing.services.odds import Quote
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus
from tests.factories import OFF_TIME, RACE, a_quote, a_race, quotes

pytestmark = pytest.mark.usefixtures("app")
race_ids = (f"random-{number}" for number in count())


def test_an_image_holds_all_and_a_delta_what_came_after() -> None:
    a_race(prices={"1": "3", "2": "4"})
    odds.change_prices(RACE, quotes({"2": "5"}), None)

    image, delta = boards.board(RACE), boards.board(RACE, since=1)

    assert (image["base"], image["version"], image["full"], len(image["odds"])) == (0, 2, True, 2)
    assert (delta["base"], delta["version"], delta["full"]) == (1, 2, False)
    assert [(entry["runnerId"], entry["version"]) for entry in delta["odds"]] == [("2", 2)]
    assert delta["runners"] == []
    assert "race" not in delta
    assert delta["book"] == image["book"]


def test_who_holds_the_newest_version_lacks_nothing() -> None:
    a_race(prices={"1": "3"})

    delta = boards.board(RACE, since=1)

    assert (delta["full"], delta["base"], delta["version"], delta["odds"]) == (False, 1, 1, [])


def test_who_comes_from_a_version_that_never_was_gets_the_image() -> None:
    a_race(prices={"1": "3"})

    image = boards.board(RACE, since=2)

    assert (image["full"], image["base"], image["version"], len(image["odds"])) == (True, 0, 1, 1)


def test_an_entry_says_price_fraction_and_the_price_before() -> None:
    a_race(prices={"1": "3.75"})
    odds.change_prices(RACE, quotes({"1": "4.33"}), None, at=OFF_TIME)

    (entry,) = boards.board(RACE)["odds"]

    assert entry == {
        "runnerId": "1", "bookmaker": "house", "price": 4.33, "fractional": "10/3", "previous": 3.75,
        "version": 2, "updatedAt": "2030-06-01T13:05:00.000Z",
    }  # fmt: skip


def test_the_book_adds_up_each_bookmaker_and_the_best_of_all() -> None:
    a_race(prices={"1": "2", "2": "4"})
    odds.change_prices(RACE, [a_quote("1", "2.5", "tote")], None)

    book = boards.board(RACE)["book"]

    assert book["overround"] == {"house": 75.0, "tote": 40.0}
    assert book["best"] == 65.0


def test_a_race_without_prices_has_an_empty_book() -> None:
    a_race()

    assert boards.board(RACE)["book"] == {
        "overround": {}, "best": None, "rule4": 0, "eachWay": {"places": 1, "fraction": None},
    }  # fmt: skip


def test_a_race_that_is_not_there_has_no_board_and_no_standing() -> None:
    a_race()

    with pytest.raises(RaceNotFound):
        boards.board("nowhere")
    assert boards.standings(["nowhere", RACE]) == {RACE: (0, 0, "DORMANT")}
    assert boards.standings([]) == {}


def test_a_standing_tells_apart_what_moved_a_price_and_what_moved_the_race() -> None:
    a_race(prices={"1": "3"})
    races.change_status(RACE, RaceStatus.OFF, None)
    odds.change_prices(RACE, quotes({"1": "2"}), None)

    assert boards.standings([RACE]) == {RACE: (3, 2, "OFF")}


runners = st.sampled_from("1234")
price = st.none() | st.integers(101, 2000).map(lambda hundredths: Decimal(hundredths) / 100)
quote = st.builds(Quote, runners, price, st.sampled_from(["house", "tote"]))
write = st.one_of(
    st.tuples(st.just(odds.change_prices), st.lists(quote, min_size=1, max_size=4)),
    st.tuples(st.just(races.change_status), st.sampled_from(RaceStatus)),
    st.tuples(st.just(races.change_betting), st.sampled_from(Betting)),
    st.tuples(st.just(races.change_enquiry), st.booleans()),
    st.tuples(st.just(races.change_off_time), st.integers(0, 3).map(lambda late: OFF_TIME + timedelta(minutes=late))),
    st.tuples(st.sampled_from([races.withdraw, races.reinstate]), runners),
    st.tuples(
        st.just(races.declare_result),
        st.permutations("1234").map(lambda order: [Placing(r, n) for n, r in enumerate(order[:2], 1)]),
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(write, max_size=8), st.lists(write, max_size=8))
def test_an_old_image_and_the_delta_after_it_make_the_image_of_now(
    before: list[tuple[Any, Any]], after: list[tuple[Any, Any]]
) -> None:
    race_id = a_race(next(race_ids))
    make(race_id, before)
    held = boards.board(race_id)
    make(race_id, after)

    now = boards.board(race_id)
    delta = boards.board(race_id, since=held["version"])

    assert applied(held, delta) == keyed(now)
    assert applied(now, delta) == keyed(now)
    assert messages.delta_of(now, held["version"]) == delta
    assert messages.delta_of(now, 0) == boards.board(race_id, since=0)


def make(race_id: str, writes: list[tuple[Any, Any]]) -> None:
    """Make the writes; what the house refuses has changed nothing."""
    for change, what in writes:
        version = boards.board(race_id)["version"]
        try:
            assert version <= change(race_id, what, None) <= version + 1
        except RacingError:
            assert boards.board(race_id)["version"] == version


def applied(held: Any, delta: Any) -> Any:
    """Return what a client holds that applies `delta` by the rules of PROTOCOL, section 3."""
    board = keyed(held)
    for kind in ("odds", "runners"):
        for key, entry in keyed(delta)[kind].items():
            if key not in board[kind] or entry["version"] > board[kind][key]["version"]:
                board[kind][key] = entry
    if "race" in delta and delta["race"]["version"] > board["race"]["version"]:
        board["race"] = delta["race"]
    return {**board, "version": max(board["version"], delta["version"]), "book": delta["book"]}


def keyed(board: Any) -> Any:
    """Return a board with its entries by key."""
    kept = copy.deepcopy({name: board[name] for name in ("version", "race", "book") if name in board})
    kept["odds"] = {(entry["runnerId"], entry["bookmaker"]): entry for entry in board["odds"]}
    kept["runners"] = {change["runnerId"]: change for change in board["runners"]}
    return kept
