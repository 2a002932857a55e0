"""Who was told of something that is taken back hears that too, and waits again for what was waited for."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from racing.extensions import db
from racing.models import PriceAlert, Role, User, Wanted
from racing.services import alerts, price_alerts, races, undo
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, a_user
from tests.services.test_alerts import a_punter, told, watching

pytestmark = pytest.mark.usefixtures("app")


def watched() -> tuple[int, User]:
    """A priced race, who watches it and waits for 5/1 about Horse 2, and a member of staff."""
    a_race(prices={"1": "2.5", "2": "4"})
    ann = watching(a_punter())
    price_alerts.set_alert(ann, RACE, "2", Wanted.BIGGER, Decimal(6))
    return ann, a_user()


def take_back(by: User) -> None:
    last = undo.last_change(RACE)
    assert last is not None
    undo.undo_last(RACE, by, last.entry.id)


@pytest.mark.parametrize(("final", "word"), [(RaceStatus.ABANDONED, "abandoned"), (RaceStatus.RACEVOID, "void")])
def test_a_race_that_is_on_again_is_told_and_its_alerts_wait_again(final: RaceStatus, word: str) -> None:
    ann, staff = watched()
    races.change_status(RACE, final, staff)
    assert told(ann) == [("race_status", f"The 14:05 Wexmoor is {word}")]
    assert not db.session.scalars(select(PriceAlert.armed)).one()

    take_back(staff)

    assert told(ann)[1:] == [("race_status", f"The 14:05 Wexmoor is not {word} after all")]
    assert db.session.scalars(select(PriceAlert.armed)).one()
    races.change_status(RACE, RaceStatus.OFF, None)
    assert told(ann)[2:] == [("race_status", "They are off in the 14:05 Wexmoor")]


def test_what_is_taken_back_before_anybody_heard_is_not_told() -> None:
    ann, staff = watched()
    races.change_status(RACE, RaceStatus.ABANDONED, staff)

    take_back(staff)

    assert told(ann) == []
    assert db.session.scalars(select(PriceAlert.armed)).one()


@pytest.mark.parametrize("heard", [True, False])
def test_a_result_taken_back_puts_no_runner_back(heard: bool) -> None:
    ann, staff = watched()
    races.change_status(RACE, RaceStatus.FINISHED, None)
    told(ann)
    races.declare_result(RACE, [Placing("2", 1)], staff)
    if heard:
        told(ann)

    take_back(staff)

    assert told(ann) == [
        ("result", "Horse 2 won the 14:05 Wexmoor"),
        ("race_status", "The result of the 14:05 Wexmoor is taken back"),
    ]
    races.declare_result(RACE, [Placing("1", 1)], staff)
    assert told(ann)[2:] == [("result", "Horse 1 won the 14:05 Wexmoor")]


def test_an_off_taken_back_is_told_and_a_finish_taken_back_is_no_second_off() -> None:
    ann, staff = watched()
    races.change_status(RACE, RaceStatus.OFF, staff)
    told(ann)
    take_back(staff)
    assert [title for _, title in told(ann)] == [
        "They are off in the 14:05 Wexmoor",
        "The 14:05 Wexmoor is not off yet",
    ]

    races.change_status(RACE, RaceStatus.OFF, staff)
    races.change_status(RACE, RaceStatus.FINISHED, staff)
    before = len(told(ann))
    take_back(staff)
    assert len(told(ann)) == before


def test_a_price_that_holds_when_its_race_is_on_again_is_told() -> None:
    ann, staff = watched()
    races.change_status(RACE, RaceStatus.ABANDONED, staff)
    told(ann)
    bob = a_user(Role.PUNTER, "bob@example.org")
    db.session.add(
        PriceAlert(user_id=bob.id, race_id=RACE, runner_pk=_runner(), wanted=Wanted.SHORTER, price=4, armed=False)
    )
    db.session.commit()

    take_back(staff)

    while alerts.tell_due():
        pass
    assert [kind for kind, _ in told(bob.id)] == ["race_status", "price_alert"]


def _runner() -> int:
    return int(db.session.scalars(select(PriceAlert.runner_pk)).one())
