"""Which of the numbers in a stream file are prices, and which are not."""

from pathlib import Path

import pytest

from tests.feeds.replays import price, replayed
from tests.feeds.streams import (
    FALCON,
    OTTER,
    WALTZ,
    at,
    definition,
    ltp,
    message,
    whole_race,
)
from tests.support.kept import history

pytestmark = pytest.mark.usefixtures("app")


def test_history_carries_the_times_of_the_file(tmp_path: Path) -> None:
    race = replayed(tmp_path, whole_race())

    changes = history(race.id, str(OTTER))
    assert [(str(change.price), change.at) for change in changes] == [
        ("3.00", at(-3000)),
        ("2.80", at(-300)),
        ("1.50", at(40)),
        ("1.01", at(70)),
    ]


def test_settlement_wipes_the_book_but_not_the_prices(tmp_path: Path) -> None:
    messages = whole_race()
    messages.insert(-1, message(190, ltp(OTTER, 2.0, tv=0.0), ltp(WALTZ, 2.0, tv=0, trd=[[6, 0]])))

    race = replayed(tmp_path, messages)

    assert (price(race, OTTER), price(race, WALTZ)) == ("1.01", "6.00")


def test_nothing_is_priced_once_the_race_is_over_but_the_last_message_counts(tmp_path: Path) -> None:
    messages = whole_race()
    messages.insert(-1, message(80, ltp(FALCON, 900, tv=5.0)))

    assert price(replayed(tmp_path, messages), FALCON) == "4.10"


def test_a_price_wiped_before_the_race_is_no_trade(tmp_path: Path) -> None:
    race = replayed(tmp_path, [message(-900, ltp(OTTER, 3), define=definition()), message(-800, ltp(OTTER, 400, tv=0))])

    assert price(race, OTTER) == "3.00"


def test_several_entries_for_a_runner_apply_in_their_order(tmp_path: Path) -> None:
    first = message(-900, ltp(OTTER, 3), ltp(FALCON, 9), ltp(OTTER, 3.1), {"id": OTTER, "tv": 9}, define=definition())

    race = replayed(tmp_path, [first])

    assert (price(race, OTTER), race.version) == ("3.10", 1)


def test_a_price_that_is_only_repeated_raises_no_version(tmp_path: Path) -> None:
    race = replayed(tmp_path, [message(-900, ltp(OTTER, 7), define=definition()), message(-800, ltp(OTTER, 7.0))])

    assert race.version == 1


def test_an_image_that_leaves_prices_out_takes_none_away(tmp_path: Path) -> None:
    messages = [
        message(-900, ltp(OTTER, 3), ltp(FALCON, 4), define=definition()),
        message(-800, ltp(FALCON, 5), define=definition(), img=True),
        message(-700, ltp(WALTZ, 6), img=True),
    ]

    race = replayed(tmp_path, messages)

    assert [price(race, one) for one in (OTTER, FALCON, WALTZ)] == ["3.00", "5.00", "6.00"]


LADDERS = {
    "batb": [{"id": OTTER, "batb": [[0, 3.2, 5], [1, 3.1, 9]], "batl": [[0, 3.4, 2]], "atb": [[3.3, 0.1]]}],
    "atb": [{"id": OTTER, "atb": [[3.0, 9], [3.2, 5], [1.01, 4]], "atl": [[3.4, 2]]}],
    "atb with the best removed again": [
        {"id": OTTER, "atb": [[3.2, 9], [3.6, 5]], "atl": [[3.8, 2]]},
        {"id": OTTER, "atb": [[3.6, 0]]},
    ],
}


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_file_without_last_traded_prices_shows_the_best_back(tmp_path: Path, ladder: str) -> None:
    race = replayed(tmp_path, [message(-900, *LADDERS[ladder], define=definition())])

    assert price(race, OTTER) == "3.20"


def test_a_book_with_one_side_only_is_no_price_yet(tmp_path: Path) -> None:
    absurd = {"id": FALCON, "atb": [[1.01, 50]]}
    both = {"id": OTTER, "atb": [[3.2, 9]], "atl": [[3.4, 2]]}

    race = replayed(tmp_path, [message(-900, absurd, both, define=definition())])

    assert (price(race, OTTER), price(race, FALCON)) == ("3.20", None)


@pytest.mark.parametrize("nonsense", [0, 1, 1001, "NaN", None, True])
def test_a_number_off_the_scale_is_no_price(tmp_path: Path, nonsense: object) -> None:
    race = replayed(tmp_path, [message(-900, {"id": OTTER, "ltp": nonsense}, ltp(FALCON, 4), define=definition())])

    assert (price(race, OTTER), price(race, FALCON)) == (None, "4.00")
