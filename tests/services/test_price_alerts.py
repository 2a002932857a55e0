"""Price alerts: armed, told once, armed again; what cannot be waited for is refused."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from racing.errors import Conflict, InvalidInput, NotFound, RaceNotFound, RunnerNotFound, RunnerOut
from racing.extensions import db
from racing.models import AlertProgress, Notification, PriceAlert, Role, Wanted
from racing.services import alerts, odds, price_alerts, races
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, a_user, quotes
from tests.support.kept import nothing_written

pytestmark = pytest.mark.usefixtures("either_app")
FIVES = Decimal(6)


def a_punter(email: str = "ann@example.org") -> int:
    return int(a_user(Role.PUNTER, email).id)


def titles(user_id: int) -> list[str]:
    db.session.rollback()
    mine = select(Notification.title).where(Notification.user_id == user_id).order_by(Notification.id)
    return list(db.session.scalars(mine))


def move(price: str | None, runner: str = "1", bookmaker: str | None = None) -> None:
    odds.change_prices(RACE, quotes({runner: price}, bookmaker), None)


def tell_all() -> None:
    while alerts.tell_due():
        pass


def test_a_price_that_comes_is_told_once() -> None:
    ann = a_punter()
    a_race(prices={"1": "4.5"})

    alert = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)
    assert alert.armed
    move("5.5")
    tell_all()
    assert titles(ann) == []
    move("6.5")
    tell_all()
    move("7.0")
    tell_all()

    assert titles(ann) == ["Horse 1 is 11/2 (House), 14:05 Wexmoor"]
    (told,) = price_alerts.ended(ann)
    assert (told.armed, told.told_price, told.price) == (False, Decimal("6.5"), FIVES)
    assert price_alerts.armed(ann) == []


def test_one_that_holds_already_is_told_at_once() -> None:
    ann = a_punter()
    a_race(prices={"1": "7"})

    alert = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)

    assert not alert.armed
    assert alert.told_price == Decimal(7)
    tell_all()
    assert titles(ann) == ["Horse 1 is 6/1 (House), 14:05 Wexmoor"]
    (body,) = db.session.scalars(select(Notification.body))
    assert body == "You asked for 5/1 or bigger. The Harbour Lights Stakes"


def test_a_bigger_price_of_a_moment_counts() -> None:
    ann = a_punter()
    a_race(prices={"1": "4.5"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)

    move("6.0")
    move("4.5")
    tell_all()

    assert titles(ann) == ["Horse 1 was 5/1 (House), 14:05 Wexmoor"]


def test_the_best_of_all_bookmakers_must_be_shorter() -> None:
    ann = a_punter()
    a_race(prices={"1": "10"})
    move("10", bookmaker="tote")
    price_alerts.set_alert(ann, RACE, "1", Wanted.SHORTER, FIVES)

    move("5")
    tell_all()
    assert titles(ann) == []
    move("12")
    move("4", bookmaker="tote")  # the house still offers 11/1
    tell_all()
    assert titles(ann) == []
    move("5.5")
    move("9")
    tell_all()

    assert titles(ann) == ["Horse 1 was 9/2 (House), 14:05 Wexmoor"]


def test_prices_of_before_are_not_told_to_who_comes_later() -> None:
    ann, bob = a_punter(), a_punter("bob@example.org")
    a_race(prices={"1": "4.5"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)
    move("8")
    move("4.5")

    price_alerts.set_alert(bob, RACE, "1", Wanted.BIGGER, FIVES)
    tell_all()

    assert titles(bob) == []
    assert titles(ann) == ["Horse 1 was 7/1 (House), 14:05 Wexmoor"]


def test_prices_in_running_are_another_market() -> None:
    ann = a_punter()
    a_race(prices={"1": "4.5"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)

    races.change_status(RACE, RaceStatus.OFF, None)
    move("500")
    tell_all()

    assert titles(ann) == []


def test_an_alert_is_replaced_armed_again_and_removed() -> None:
    ann = a_punter()
    a_race(prices={"1": "7"})
    first = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)
    again = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, Decimal(9))
    shorter = price_alerts.set_alert(ann, RACE, "1", Wanted.SHORTER, Decimal(3))

    assert first.id == again.id
    assert again.armed
    assert [alert.id for alert in price_alerts.of_race(ann, RACE)["1"]] == [again.id, shorter.id]
    move("9.5")
    tell_all()
    move("8")
    assert price_alerts.arm(ann, again.id).armed
    tell_all()
    move("10")
    tell_all()
    assert [title[:15] for title in titles(ann)] == ["Horse 1 is 6/1 ", "Horse 1 is 17/2", "Horse 1 is 9/1 "]
    price_alerts.remove(ann, shorter.id)
    assert price_alerts.armed(ann) == []


def test_one_user_s_alerts_are_not_another_s() -> None:
    ann, bob = a_punter(), a_punter("bob@example.org")
    a_race(prices={"1": "4"})
    anns = price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES).id

    with nothing_written():
        for do in (price_alerts.arm, price_alerts.remove):
            with pytest.raises(NotFound):
                do(bob, anns)
    assert price_alerts.armed(bob) == price_alerts.ended(bob) == []


def test_what_no_price_will_come_of_is_refused() -> None:
    ann = a_punter()
    a_race(prices={"1": "4", "2": "4"})
    races.withdraw(RACE, "2", None)
    for wrong, runner, price in (
        (RunnerOut, "2", FIVES), (RunnerNotFound, "9", FIVES), (InvalidInput, "1", Decimal("1.005")),
    ):  # fmt: skip
        with nothing_written(), pytest.raises(wrong):
            price_alerts.set_alert(ann, RACE, runner, Wanted.BIGGER, price)
    with nothing_written(), pytest.raises(RaceNotFound):
        price_alerts.set_alert(ann, "nowhere", "1", Wanted.BIGGER, FIVES)
    races.change_status(RACE, RaceStatus.ABANDONED, None)
    with nothing_written(), pytest.raises(Conflict):
        price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)


def test_so_many_are_armed_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_alerts, "MOST_ARMED", 2)
    ann = a_punter()
    a_race(prices={"1": "4"})
    for runner in ("1", "2"):
        price_alerts.set_alert(ann, RACE, runner, Wanted.BIGGER, FIVES)

    with nothing_written(), pytest.raises(Conflict):
        price_alerts.set_alert(ann, RACE, "3", Wanted.BIGGER, FIVES)
    assert price_alerts.set_alert(ann, RACE, "2", Wanted.BIGGER, Decimal(9)).armed


def test_what_did_not_come_by_the_result_is_waited_for_no_more() -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, FIVES)

    races.change_status(RACE, RaceStatus.ABANDONED, None)
    tell_all()

    assert price_alerts.armed(ann) == []
    assert db.session.scalars(select(AlertProgress)).all() == []
    assert db.session.scalars(select(PriceAlert.armed)).all() == [False]


def test_each_is_told_of_the_price_it_waited_for_in_its_own_words() -> None:
    a_race(prices={"1": "4.5"})
    prices = (Decimal("5.01"), Decimal("5.02"), FIVES, Decimal(9))
    users = {price: a_punter(f"{price}@example.org") for price in prices}
    for price, user in users.items():
        price_alerts.set_alert(user, RACE, "1", Wanted.BIGGER, price)

    move("7")
    move("5.01")
    tell_all()

    db.session.rollback()
    told = {user: (title, body) for user, title, body in _all_told()}
    assert told == {
        users[Decimal("5.01")]: ("Horse 1 is 5.01 (House), 14:05 Wexmoor", _asked("5.01")),
        users[Decimal("5.02")]: ("Horse 1 was 6/1 (House), 14:05 Wexmoor", _asked("5.02")),
        users[FIVES]: ("Horse 1 was 6/1 (House), 14:05 Wexmoor", _asked("5/1")),
    }
    alerts_now = db.session.execute(select(PriceAlert.price, PriceAlert.armed, PriceAlert.told_price))
    assert {price: (armed, told_price) for price, armed, told_price in alerts_now} == {
        Decimal("5.01"): (False, Decimal("5.01")),
        Decimal("5.02"): (False, Decimal(7)),
        FIVES: (False, Decimal(7)),
        Decimal(9): (True, None),
    }


def _all_told() -> list[tuple[int, str, str]]:
    columns = (Notification.user_id, Notification.title, Notification.body)
    return [tuple(row) for row in db.session.execute(select(*columns))]


def _asked(price: str) -> str:
    return f"You asked for {price} or bigger. The Harbour Lights Stakes"
