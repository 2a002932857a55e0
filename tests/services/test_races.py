"""What happens to a race: its status, betting, off time and enquiry."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from racing.errors import Conflict, RaceNotFound, RunnerNotFound, TransitionForbidden
from racing.extensions import db
from racing.models import AuditEntry, Meeting
from racing.services import boards, racecards, races
from racing.services.races import Placing
from racing.statuses import Betting, RaceStatus
from tests.factories import OFF_TIME, RACE, a_race, a_user
from tests.support.kept import nothing_written

pytestmark = pytest.mark.usefixtures("app")
THEN = datetime(2030, 6, 1, 13, 6, 30, tzinfo=UTC)


def test_a_new_status_is_a_new_version_of_the_race_and_its_state() -> None:
    a_race(prices={"1": "3"})

    assert races.change_status(RACE, RaceStatus.GOINGDOWN, None) == 2

    board = boards.board(RACE, since=1)
    assert (board["version"], board["odds"], board["runners"]) == (2, [], [])
    assert (board["race"]["status"], board["race"]["version"]) == ("GOINGDOWN", 2)


def test_the_status_it_has_already_changes_nothing() -> None:
    a_race()
    staff = a_user()

    with nothing_written():
        assert races.change_status(RACE, RaceStatus.DORMANT, staff) == 0


def test_a_status_that_may_not_follow_is_refused_in_words() -> None:
    a_race()
    races.change_status(RACE, RaceStatus.OFF, None)
    staff = a_user()

    with nothing_written(), pytest.raises(TransitionForbidden, match="A race that is OFF cannot become PARADING"):
        races.change_status(RACE, RaceStatus.PARADING, staff)


def test_the_off_is_noted_and_a_false_start_takes_it_back() -> None:
    a_race()

    races.change_status(RACE, RaceStatus.OFF, None, at=THEN)
    assert boards.board(RACE)["race"]["offAt"] == "2030-06-01T13:06:30.000Z"

    races.change_status(RACE, RaceStatus.FALSESTART, None)
    assert "offAt" not in boards.board(RACE)["race"]

    races.change_status(RACE, RaceStatus.ATTHEPOST, None)
    races.change_status(RACE, RaceStatus.OFF, None, at=THEN + timedelta(minutes=4))
    assert boards.board(RACE)["race"]["offAt"] == "2030-06-01T13:10:30.000Z"


@pytest.mark.parametrize("final", [RaceStatus.RESULT, RaceStatus.RACEVOID, RaceStatus.ABANDONED])
def test_a_final_status_closes_the_betting_for_good(final: RaceStatus) -> None:
    a_race(prices={"1": "3"})

    races.change_status(RACE, final, None)

    board = boards.board(RACE)
    assert board["race"]["betting"] == "closed"
    assert board["odds"][0]["price"] == 3.0
    with nothing_written(), pytest.raises(Conflict):
        races.change_betting(RACE, Betting.OPEN, None)


def test_betting_is_suspended_closed_and_opened_apart_from_the_status() -> None:
    a_race()

    assert races.change_betting(RACE, Betting.SUSPENDED, None) == 1
    assert races.change_betting(RACE, Betting.CLOSED, None) == 2
    assert races.change_betting(RACE, Betting.OPEN, None) == 3
    assert races.change_betting(RACE, Betting.OPEN, None) == 3
    assert boards.board(RACE)["race"]["status"] == "DORMANT"


def test_the_off_time_moves_until_the_off() -> None:
    a_race()
    later = OFF_TIME + timedelta(minutes=10)

    assert races.change_off_time(RACE, later, None) == 1
    assert races.change_off_time(RACE, later, None) == 1
    assert boards.board(RACE)["race"]["offTime"] == "2030-06-01T13:15:00.000Z"

    races.change_status(RACE, RaceStatus.OFF, None)
    with nothing_written(), pytest.raises(Conflict):
        races.change_off_time(RACE, OFF_TIME, None)


def test_a_race_moved_to_another_day_belongs_to_that_day_s_meeting() -> None:
    a_race()
    a_race("the-next-day", off_time=OFF_TIME + timedelta(days=1))

    races.change_off_time(RACE, OFF_TIME + timedelta(days=1, minutes=30), None)
    races.change_off_time("the-next-day", OFF_TIME + timedelta(days=2), None)
    races.change_off_time("the-next-day", OFF_TIME + timedelta(days=2, minutes=5), None)

    moved = [racecards.card(race_id).meeting for race_id in (RACE, "the-next-day")]
    assert [meeting.slug for meeting in moved] == ["wexmoor-2030-06-02", "wexmoor-2030-06-03"]
    assert [(meeting.course, meeting.time_zone) for meeting in moved] == [("Wexmoor", "Europe/London")] * 2
    left = [slug for (slug,) in db.session.execute(select(Meeting.slug).order_by(Meeting.day))]
    assert left == ["wexmoor-2030-06-02", "wexmoor-2030-06-03"], "a meeting of nothing is none"


def test_an_enquiry_is_a_flag_beside_the_result() -> None:
    a_race()
    races.declare_result(RACE, [Placing("1", 1)], None)

    assert races.change_enquiry(RACE, True, None) == 2
    assert races.change_enquiry(RACE, True, None) == 2
    state = boards.board(RACE)["race"]
    assert (state["status"], state["enquiry"]) == ("RESULT", True)

    races.change_status(RACE, RaceStatus.WEIGHEDIN, None)
    assert races.change_enquiry(RACE, False, None) == 4
    with nothing_written(), pytest.raises(Conflict):
        races.change_enquiry(RACE, True, None)


CHANGES: dict[str, Callable[..., int]] = {
    "status": lambda by, race=RACE: races.change_status(race, RaceStatus.OFF, by),
    "betting": lambda by, race=RACE: races.change_betting(race, Betting.SUSPENDED, by),
    "off_time": lambda by, race=RACE: races.change_off_time(race, THEN, by),
    "enquiry": lambda by, race=RACE: races.change_enquiry(race, True, by),
    "withdraw": lambda by, race=RACE: races.withdraw(race, "1", by),
    "reinstate": lambda by, race=RACE: races.reinstate(race, "4", by),
    "result": lambda by, race=RACE: races.declare_result(race, [Placing("1", 1)], by),
}


@pytest.mark.parametrize("action", CHANGES)
def test_whatever_staff_change_is_in_the_audit_trail_at_its_version(action: str) -> None:
    a_race()
    races.withdraw(RACE, "4", None)
    staff = a_user()

    version = CHANGES[action](staff)

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.user_id, entry.race_id, entry.version) == (action, staff.id, RACE, version)
    assert version == 2


@pytest.mark.parametrize("action", CHANGES)
def test_nothing_happens_to_a_race_that_is_not_there(action: str) -> None:
    a_race()
    staff = a_user()

    with nothing_written(), pytest.raises(RaceNotFound):
        CHANGES[action](staff, "nowhere")


@pytest.mark.parametrize("change", [races.withdraw, races.reinstate])
def test_nothing_happens_to_a_runner_of_another_race(change: Callable[..., int]) -> None:
    a_race()
    a_race("wexmoor-1440", runners=9)

    with nothing_written(), pytest.raises(RunnerNotFound) as refused:
        change(RACE, "9", None)

    assert list(refused.value.fields) == ["9"]


def test_a_runner_out_by_mistake_and_out_again_keeps_its_price_for_rule_4() -> None:
    a_race(prices={"1": "2", "2": "5"})
    races.withdraw(RACE, "1", None)
    races.reinstate(RACE, "1", None)
    races.withdraw(RACE, "1", None)

    assert boards.board(RACE)["book"]["rule4"] == 45
