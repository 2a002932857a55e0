"""A meeting is abandoned or put back as one: what is still to be run, all of it, each race told and on the record."""

import threading
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from racing.errors import Conflict, InvalidInput, NotFound
from racing.extensions import db
from racing.models import AuditEntry, Race
from racing.services import races, undo, whole_meetings
from racing.services.race_changes import changing
from racing.statuses import RaceStatus
from tests.factories import OFF_TIME, a_race, a_user
from tests.support.kept import nothing_written

MEETING = "wexmoor-2030-06-01"
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def a_meeting() -> None:
    """Two races to come, one that is off, one that has been run."""
    for place, race_id in enumerate(("run", "off", "next", "last")):
        a_race(race_id, off_time=OFF_TIME + timedelta(minutes=30 * place))
    races.change_status("run", RaceStatus.FINISHED, None)
    races.change_status("off", RaceStatus.OFF, None)


def standing() -> dict[str, tuple[str, int]]:
    db.session.rollback()
    rows = db.session.execute(select(Race.id, Race.status, Race.version))
    return {race_id: (status.value, version) for race_id, status, version in rows}


def test_what_is_still_to_be_run_is_abandoned(either_app: Flask) -> None:
    a_meeting()
    staff = a_user()

    assert whole_meetings.abandon_meeting(MEETING, staff) == ["next", "last"]

    assert standing() == {"run": ("FINISHED", 1), "off": ("OFF", 1), "next": ("ABANDONED", 1), "last": ("ABANDONED", 1)}
    entries = db.session.scalars(select(AuditEntry)).all()
    assert [(entry.action, entry.race_id) for entry in entries] == [("status", "next"), ("status", "last")]
    with nothing_written(), pytest.raises(Conflict):
        whole_meetings.abandon_meeting(MEETING, staff)
    last = undo.last_change("last")
    assert last is not None
    undo.undo_last("last", staff, last.entry.id)
    assert standing()["last"] == ("DORMANT", 2)


@pytest.mark.usefixtures("app")
def test_a_meeting_is_put_back_race_by_race() -> None:
    a_meeting()

    assert whole_meetings.delay_meeting(MEETING, 15, a_user()) == ["next", "last"]

    db.session.rollback()
    offs = {race.id: race.off_time - OFF_TIME for race in db.session.scalars(select(Race))}
    assert [offs[race_id] // timedelta(minutes=1) for race_id in ("run", "off", "next", "last")] == [0, 30, 75, 105]


@pytest.mark.usefixtures("app")
def test_a_move_of_nothing_too_far_or_nowhere_is_refused() -> None:
    a_meeting()

    for minutes in (0, 241, -241):
        with nothing_written(), pytest.raises(InvalidInput):
            whole_meetings.delay_meeting(MEETING, minutes, None)
    with pytest.raises(NotFound):
        whole_meetings.abandon_meeting("nowhere", None)


def test_a_race_that_is_being_moved_to_another_day_is_found_there_and_left_alone(postgres_app: Flask) -> None:
    a_meeting()
    abandoned: list[str] = []

    def abandon() -> None:
        with postgres_app.app_context():
            abandoned.extend(whole_meetings.abandon_meeting(MEETING, None))

    other = threading.Thread(target=abandon)
    with changing("next") as race:
        races.move_off(race, race.off_time + timedelta(days=1), None, OFF_TIME)
        db.session.flush()
        other.start()
        until = time.monotonic() + 30
        while not db.session.scalar(WAITING) and time.monotonic() < until:
            time.sleep(0.01)
    other.join(30)

    assert abandoned == ["last"]
    assert standing()["next"] == ("DORMANT", 1)
