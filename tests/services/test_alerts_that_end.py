"""Price alerts that end untold, and those armed again while their price is there."""

from decimal import Decimal

import pytest
from sqlalchemy import event, select

from racing.extensions import db
from racing.models import Notification, PriceAlert, Wanted
from racing.services import odds, price_alerts, races
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, quotes
from tests.services.test_price_alerts import FIVES, a_punter, move, tell_all, titles

pytestmark = pytest.mark.usefixtures("either_app")
OUT, IN = "Horse 1 is a non-runner in the 14:05 Wexmoor", "Horse 1 runs after all in the 14:05 Wexmoor"


def told_at_six() -> tuple[int, int]:
    """Return a punter and its alert, told that horse 1 is 6/1; it asked for 5/1 or bigger."""
    ann = a_punter()
    a_race(prices={"1": "7"})
    alert = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)
    assert not alert.armed
    return ann, alert.id


def waiting(user_id: int) -> list[tuple[int, bool]]:
    db.session.rollback()
    return [(alert.id, alert.must_leave) for alert in price_alerts.armed(user_id)]


def test_an_alert_on_a_horse_that_comes_out_is_closed_and_says_so() -> None:
    ann = a_punter()
    a_race(prices={"1": "4", "2": "4"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)
    other = price_alerts.set_alert(ann, RACE, "2", Wanted.BIGGER, FIVES).id

    races.withdraw(RACE, "1", None)
    tell_all()

    assert titles(ann) == [OUT]
    assert db.session.scalars(select(Notification.body)).one().endswith("Your price alert is closed.")
    assert waiting(ann) == [(other, False)]
    (closed,) = price_alerts.ended(ann)
    assert (closed.runner.runner_id, closed.armed, closed.told_at) == ("1", False, None)


def test_who_waits_for_a_price_of_a_horse_that_went_meanwhile_is_told_that_it_went() -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)

    move("7")
    races.withdraw(RACE, "1", None)
    tell_all()

    assert titles(ann) == [OUT]
    assert price_alerts.ended(ann)[0].told_price is None


def test_an_alert_waits_again_when_its_horse_is_back() -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    alert = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES).id
    races.withdraw(RACE, "1", None)
    tell_all()

    races.reinstate(RACE, "1", None)
    tell_all()

    assert titles(ann) == [OUT, IN]
    assert waiting(ann) == [(alert, False)]
    move("7")
    tell_all()
    assert titles(ann)[2:] == ["Horse 1 is 6/1 (House), 14:05 Wexmoor"]


def test_one_that_was_to_see_its_price_leave_still_is_when_its_horse_is_back() -> None:
    ann, alert = told_at_six()
    price_alerts.arm(ann, alert)
    told = titles(ann)

    races.withdraw(RACE, "1", None)
    tell_all()
    races.reinstate(RACE, "1", None)
    move("7")
    tell_all()

    assert titles(ann)[len(told) :] == [OUT, IN]
    assert waiting(ann) == [(alert, True)]


def test_one_waits_again_when_its_horse_is_back_during_a_false_start() -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    alert = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES).id
    for status in (RaceStatus.OFF, RaceStatus.FALSESTART):
        races.change_status(RACE, status, None)
    races.withdraw(RACE, "1", None)
    tell_all()
    races.reinstate(RACE, "1", None)
    move("7")
    tell_all()

    assert titles(ann) == [OUT, IN]
    assert waiting(ann) == [(alert, False)]
    races.change_status(RACE, RaceStatus.ATTHEPOST, None)
    tell_all()
    assert titles(ann)[2:] == ["Horse 1 is 6/1 (House), 14:05 Wexmoor"]


def test_who_never_heard_that_a_horse_was_out_does_not_hear_that_its_alert_waits_again() -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    alert = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES).id

    races.withdraw(RACE, "1", None)
    races.reinstate(RACE, "1", None)
    tell_all()

    assert (titles(ann), waiting(ann)) == ([], [(alert, False)])


def test_one_that_was_told_does_not_wait_again_when_its_horse_is_back() -> None:
    ann, _ = told_at_six()
    price_alerts.set_alert(ann, RACE, "1", Wanted.SHORTER, Decimal(2))
    races.withdraw(RACE, "1", None)
    tell_all()
    races.reinstate(RACE, "1", None)
    tell_all()
    assert [alert.wanted for alert in price_alerts.armed(ann)] == [Wanted.SHORTER]


def test_a_price_given_before_the_word_that_the_horse_is_back_is_told() -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)
    races.withdraw(RACE, "1", None)
    tell_all()

    races.reinstate(RACE, "1", None)
    move("7")
    tell_all()

    assert titles(ann)[1:] == [IN, "Horse 1 is 6/1 (House), 14:05 Wexmoor"]


def test_one_armed_again_while_its_price_is_there_waits_for_it_to_leave_and_come_back() -> None:
    ann, alert = told_at_six()

    assert price_alerts.arm(ann, alert).must_leave
    move("8")
    tell_all()
    move(None)  # no price is no other price
    tell_all()
    assert len(titles(ann)) == 1
    assert waiting(ann) == [(alert, True)]
    move("5")
    tell_all()
    assert waiting(ann) == [(alert, False)]
    move("6.5")
    tell_all()

    assert titles(ann)[1:] == ["Horse 1 is 11/2 (House), 14:05 Wexmoor"]
    assert waiting(ann) == []


def test_what_leaves_and_comes_back_between_two_looks_is_told() -> None:
    ann, alert = told_at_six()
    price_alerts.arm(ann, alert)
    for price in ("9", "5", "6.5", "4.5"):
        move(price)
    tell_all()
    assert titles(ann)[1:] == ["Horse 1 was 11/2 (House), 14:05 Wexmoor"]
    assert waiting(ann) == []


def test_more_that_came_back_than_fit_one_portion_are_told_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("racing.services.price_telling.MOST_AT_ONCE", 2)
    a_race(prices={"1": "7"})
    punters = {name: a_punter(name) for name in ("ann", "bob", "cyd", "dan")}
    for name, user_id in punters.items():
        alert = price_alerts.set_alert(user_id, RACE, "1", Wanted.BIGGER, Decimal(7) if name == "dan" else FIVES)
        price_alerts.arm(user_id, alert.id)

    for price in ("8", "5", "6.5"):
        move(price)
    tell_all()

    back = "Horse 1 is 11/2 (House), 14:05 Wexmoor"
    assert [titles(punters[name])[1:] for name in punters] == [[back], [back], [back], []]
    assert [must_leave for _, must_leave in waiting(punters["dan"])] == [False]
    move("7")
    tell_all()
    assert titles(punters["dan"])[1:] == ["Horse 1 is 6/1 (House), 14:05 Wexmoor"]


def test_letting_many_wait_again_costs_as_many_statements_as_letting_one() -> None:
    a_race(prices={"1": "7"})
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    counts = []
    for users in (1, 20):
        for number in range(users):
            user_id = a_punter(f"reader-{users}-{number}")
            price_alerts.arm(user_id, price_alerts.set_alert(user_id, RACE, "1", Wanted.BIGGER, FIVES).id)
        move("5")
        del asked[:]
        tell_all()
        counts.append(len(asked))
        move("7")
        tell_all()

    assert counts[0] == counts[1]


def test_one_waiting_for_a_shorter_price_leaves_on_the_other_side() -> None:
    ann = a_punter()
    a_race(prices={"1": "3"})
    alert = price_alerts.set_alert(ann, RACE, "1", Wanted.SHORTER, Decimal(4)).id
    assert price_alerts.arm(ann, alert).must_leave
    for price in ("2.5", "4.5"):
        move(price)
        tell_all()
    assert waiting(ann) == [(alert, False)]
    move("4")
    tell_all()
    assert titles(ann)[1:] == ["Horse 1 is 3/1 (House), 14:05 Wexmoor"]


def test_one_armed_again_after_its_price_has_left_waits_at_once() -> None:
    ann, alert = told_at_six()
    move("5")
    assert not price_alerts.arm(ann, alert).must_leave


def test_one_set_anew_is_told_at_once_though_it_was_to_leave_first() -> None:
    ann, alert = told_at_six()
    price_alerts.arm(ann, alert)
    assert not price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES).armed
    assert len(titles(ann)) == 2


def test_what_has_ended_is_removed_together_and_only_one_s_own() -> None:
    ann, _ = told_at_six()
    bob = a_punter("bob@example.org")
    price_alerts.set_alert(bob, RACE, "1", Wanted.BIGGER, FIVES)
    odds.change_prices(RACE, quotes({"2": "4", "3": "4"}), None)
    for runner in ("2", "3"):
        price_alerts.set_alert(ann, RACE, runner, Wanted.BIGGER, FIVES)
    races.withdraw(RACE, "2", None)
    tell_all()
    assert len(price_alerts.ended(ann)) == 2

    price_alerts.remove_ended(ann)

    assert price_alerts.ended(ann) == []
    assert [alert.runner.runner_id for alert in price_alerts.armed(ann)] == ["3"]
    assert len(price_alerts.ended(bob)) == 1


def test_after_a_false_start_what_stands_counts_and_nothing_of_the_running() -> None:
    ann = a_punter()
    a_race(prices={"1": "4", "2": "4", "3": "4"})
    for runner in ("1", "2"):
        price_alerts.set_alert(ann, RACE, runner, Wanted.BIGGER, FIVES)
    left = price_alerts.set_alert(ann, RACE, "3", Wanted.SHORTER, Decimal(4)).id
    price_alerts.arm(ann, left)
    seen = titles(ann)
    races.change_status(RACE, RaceStatus.OFF, None)
    odds.change_prices(RACE, quotes({"1": "1000", "2": "7", "3": "1000"}), None)
    tell_all()
    races.change_status(RACE, RaceStatus.FALSESTART, None)
    odds.change_prices(RACE, quotes({"1": "4", "3": "4"}), None)
    tell_all()
    assert titles(ann) == seen

    races.change_status(RACE, RaceStatus.ATTHEPOST, None)
    tell_all()

    assert titles(ann)[len(seen) :] == ["Horse 2 is 6/1 (House), 14:05 Wexmoor"]
    assert (left, True) in waiting(ann)


def test_one_that_was_never_told_is_closed_by_the_end_of_its_race() -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)
    races.change_status(RACE, RaceStatus.ABANDONED, None)
    tell_all()
    assert [alert.told_at for alert in price_alerts.ended(ann)] == [None]
    assert db.session.scalars(select(PriceAlert.armed)).one() is False
