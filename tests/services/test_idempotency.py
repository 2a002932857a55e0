"""A write sent twice under one key happens once, and is answered twice."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from racing.errors import InvalidInput, KeyInFlight, KeyReused, StalePrice
from racing.extensions import db
from racing.models import AnsweredRequest, Role, User
from racing.models.columns import now
from racing.services import idempotency, news, odds, racecards
from racing.services.idempotency import KEPT, Answer, Once, answered_once
from racing.services.transactions import one_change
from tests.factories import RACE, a_quote, a_race, a_user, quotes
from tests.support.kept import history, nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("app")


def write(staff: User, price: str, key: str = "k", asked: bytes | None = None) -> Answer:
    """Write runner 1's price under a key."""
    return answered_once(
        Once(staff, key, asked or price.encode()),
        lambda: odds.change_prices(RACE, quotes({"1": price}), staff),
        lambda: {"version": racecards.version_now(RACE)},
    )


def test_the_same_write_again_gets_the_same_answer_and_changes_nothing() -> None:
    a_race()
    staff = a_user()
    assert write(staff, "3") == Answer({"version": 1}, 200)
    odds.change_prices(RACE, quotes({"1": "5"}), staff)

    with nothing_written():
        assert write(staff, "3") == Answer({"version": 1}, 200, replayed=True)

    assert [change.version for change in history(RACE)] == [1, 2]


def test_another_write_under_a_used_key_is_refused() -> None:
    a_race()
    staff = a_user()
    write(staff, "3")

    with nothing_written(), pytest.raises(KeyReused) as refused:
        write(staff, "4")

    assert refused.value.status == 422


def test_a_write_that_was_refused_may_come_again_under_its_key() -> None:
    a_race(prices={"1": "2"})
    staff = a_user()
    once = Once(staff, "k", b"asked")

    def try_with(seen: int) -> Answer:
        quote = [a_quote("1", "3", seen=seen)]
        change, say = (
            lambda: odds.change_prices(RACE, quote, staff),
            lambda: {"version": racecards.version_now(RACE)},
        )
        return answered_once(once, change, say)

    with nothing_written(), pytest.raises(StalePrice):
        try_with(0)

    assert try_with(1).body == {"version": 2}


def test_a_write_that_changed_no_price_is_remembered_too() -> None:
    a_race(prices={"1": "3"})
    staff = a_user()
    assert write(staff, "3").body == {"version": 1}
    odds.change_prices(RACE, quotes({"1": "5"}), staff)

    with nothing_written():
        assert write(staff, "3").body == {"version": 1}


def test_two_users_may_use_the_same_key() -> None:
    a_race()
    staff, feed = a_user(), a_user(Role.FEED)

    assert (write(staff, "3").body, write(feed, "4").body) == ({"version": 1}, {"version": 2})


def test_an_answer_is_kept_for_a_day() -> None:
    a_race()
    staff = a_user()
    write(staff, "3")

    def step(back: timedelta) -> None:
        db.session.execute(update(AnsweredRequest).values(at=now() - back))
        db.session.commit()

    step(KEPT - timedelta(minutes=1))
    with pytest.raises(KeyReused):
        write(staff, "4")
    step(KEPT + timedelta(minutes=1))
    assert write(staff, "4") == Answer({"version": 2}, 200)
    assert rows_of(AnsweredRequest) == 1


def test_the_answer_is_lost_with_the_change_and_the_change_with_the_answer() -> None:
    a_race()
    staff = a_user()

    def fails() -> dict[str, object]:
        raise ArithmeticError

    with nothing_written(), pytest.raises(ArithmeticError):
        answered_once(Once(staff, "k", b"a"), lambda: odds.change_prices(RACE, quotes({"1": "3"}), staff), fails)

    assert write(staff, "3").body == {"version": 1}


def test_what_is_answered_once_is_one_change() -> None:
    a_race()
    staff = a_user()

    def twice() -> None:
        for price in "34":
            odds.change_prices(RACE, quotes({"1": price}), staff)

    with pytest.raises(RuntimeError, match="second change"):
        answered_once(Once(staff, "k", b"a"), twice, dict)
    with pytest.raises(RuntimeError, match="one change"):
        answered_once(None, lambda: None, dict)


def test_a_key_that_an_article_s_form_used_is_not_the_api_s() -> None:
    staff = a_user()
    news.publish("Rain", "It eases.", "It rains.", None, staff, Once(staff, "k", b"form"))
    a_race()

    with nothing_written(), pytest.raises(KeyReused):
        write(staff, "3")


def test_while_a_write_is_carried_out_the_same_again_is_told_so(either_app: Flask) -> None:
    """Once in this process; and on PostgreSQL as from another worker, which knows nothing of this one's marks."""
    a_race()
    user_id, begun, refused = a_user().id, threading.Event(), threading.Event()

    def slow() -> None:
        with one_change():
            begun.set()
            assert refused.wait(20)

    def first() -> None:
        with either_app.app_context():
            answers.append(answered_once(Once(db.session.get(User, user_id), "k", b"a"), slow, lambda: {"done": True}))

    answers: list[Answer] = []
    worker = threading.Thread(target=first)
    worker.start()
    assert begun.wait(20)
    again = Once(db.session.get(User, user_id), "k", b"a")
    try:
        with pytest.raises(KeyInFlight):
            answered_once(again, slow, dict)
        if db.engine.dialect.name == "postgresql":
            idempotency._in_flight.clear()
            with pytest.raises(KeyInFlight):
                answered_once(again, slow, dict)
    finally:
        refused.set()
        worker.join(20)

    assert answers == [Answer({"done": True}, 200)]
    assert answered_once(again, slow, dict) == Answer({"done": True}, 200, replayed=True)


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_the_house_cannot_keep_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        Once(a_user(), key, b"asked")
