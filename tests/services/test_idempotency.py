"""A write sent twice under one key happens once, and is answered twice."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from racing.errors import InvalidInput, KeyReused, StalePrice
from racing.models import AnsweredRequest, Role, User
from racing.services import odds
from racing.services.idempotency import Once, keep_answer
from racing.services.transactions import one_change
from tests.factories import RACE, a_quote, a_race, a_user, quotes
from tests.support.kept import history, nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("app")


def write(staff: User, price: str, key: str = "k", asked: bytes | None = None) -> int:
    """Write runner 1's price under a key."""
    once = Once(staff, key, asked or price.encode())
    return odds.change_prices(RACE, quotes({"1": price}), staff, once=once)


def test_the_same_write_again_gets_the_same_answer_and_changes_nothing() -> None:
    a_race()
    staff = a_user()
    assert write(staff, "3") == 1
    odds.change_prices(RACE, quotes({"1": "5"}), staff)

    with nothing_written():
        assert write(staff, "3") == 1

    assert [change.version for change in history(RACE)] == [1, 2]


def test_another_write_under_a_used_key_is_refused() -> None:
    a_race()
    staff = a_user()
    write(staff, "3")

    with nothing_written(), pytest.raises(KeyReused):
        write(staff, "4")


def test_a_write_that_was_refused_may_come_again_under_its_key() -> None:
    a_race(prices={"1": "2"})
    staff = a_user()
    once = Once(staff, "k", b"asked")
    with nothing_written(), pytest.raises(StalePrice):
        odds.change_prices(RACE, [a_quote("1", "3", seen=0)], staff, once=once)

    assert odds.change_prices(RACE, [a_quote("1", "3", seen=1)], staff, once=once) == 2


def test_a_write_that_changed_no_price_is_remembered_too() -> None:
    a_race(prices={"1": "3"})
    staff = a_user()
    assert write(staff, "3") == 1
    odds.change_prices(RACE, quotes({"1": "5"}), staff)

    with nothing_written():
        assert write(staff, "3") == 1


def test_two_users_may_use_the_same_key() -> None:
    a_race()
    staff, feed = a_user(), a_user(Role.FEED)

    assert (write(staff, "3"), write(feed, "4")) == (1, 2)


def test_a_write_over_several_races_is_answered_with_all_their_versions_again() -> None:
    a_race(prices={"1": "2"})
    a_race("wexmoor-1440")
    staff = a_user()
    books = {RACE: quotes({"1": "3"}), "wexmoor-1440": quotes({"1": "4"})}
    first = odds.change_prices_of_races(books, staff, once=Once(staff, "k", b"asked"))

    with nothing_written():
        again = odds.change_prices_of_races(books, staff, once=Once(staff, "k", b"asked"))

    assert first == again == {RACE: 2, "wexmoor-1440": 1}


def test_of_two_requests_with_one_key_at_the_same_moment_one_is_refused(app: Flask) -> None:
    staff = a_user()
    at = datetime(2030, 6, 1, tzinfo=UTC)
    with one_change():
        keep_answer(Once(staff, "k", b"first"), {"versions": {}}, at)

    with nothing_written(), pytest.raises(KeyReused), one_change():
        keep_answer(Once(staff, "k", b"second"), {"versions": {}}, at)

    assert rows_of(AnsweredRequest) == 1


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_the_house_cannot_keep_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        Once(a_user(), key, b"asked")
