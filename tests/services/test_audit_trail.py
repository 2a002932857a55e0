"""The record is read newest first, narrowed as asked, and in stretches however much of it there is."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from flask import Flask
from sqlalchemy import insert, text

from racing.extensions import db
from racing.models import AuditEntry, User
from racing.services import audit, audit_search, audit_trail, odds, races
from racing.services.audit import Origin
from racing.services.audit_search import COMMANDS, Wanted
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, a_user, quotes
from tests.support.asked import asked, rows_taken, steps

pytestmark = pytest.mark.usefixtures("either_app")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MANY = 12_000


def found(wanted: Wanted, before: int | None = None, rows_at_once: int = 250) -> list[str]:
    """What was done, newest first."""
    pages = audit_trail.stretches(wanted, before, rows_at_once)
    return [f"{entry.action} {entry.race_id}" for entry in chain.from_iterable(page.entries for page in pages)]


def many_entries(by: User, race_id: str = RACE) -> None:
    """A price a minute, for eight days."""
    entry = {"user_id": by.id, "action": "prices", "race_id": race_id, "after": {}}
    db.session.execute(
        insert(AuditEntry), [{**entry, "at": LONG_AGO + timedelta(minutes=n), "version": n} for n in range(MANY)]
    )
    db.session.commit()


@pytest.fixture
def done(either_app: Flask) -> None:
    """Three changes of two races by two people, in three ways."""
    a_race("ayr", course="Ayr", title="The Scottish Plate")
    a_race(RACE)
    ann, bob = a_user(email="ann@example.org").id, a_user(email="bob@example.org").id
    audit.comes_from(Origin("form", "192.0.2.1"))
    odds.change_prices("ayr", quotes({"1": "3"}), db.session.get(User, ann))
    audit.comes_from(Origin("api", "192.0.2.2"))
    odds.change_prices(RACE, quotes({"1": "3"}), db.session.get(User, bob))
    audit.comes_from()
    races.change_status(RACE, RaceStatus.GOINGDOWN, db.session.get(User, bob))


@pytest.mark.usefixtures("done")
def test_it_is_narrowed_as_asked() -> None:
    ayr, price, status = "prices ayr", f"prices {RACE}", f"status {RACE}"
    for wanted, expected in (
        (Wanted(), [status, price, ayr]),
        (Wanted(race="ayr"), [ayr]),
        (Wanted(race="SCOTTISH"), [ayr]),
        (Wanted(race="wexm"), [status, price]),
        (Wanted(race="%"), []),
        (Wanted(user="Ann@"), [ayr]),
        (Wanted(user="nobody"), []),
        (Wanted(action="prices"), [price, ayr]),
        (Wanted(source="api"), [price]),
        (Wanted(source=COMMANDS), [status]),
        (Wanted(key_id=7), []),
        (Wanted(race="wexmoor", user="bob", action="status"), [status]),
        (Wanted(until=LONG_AGO), []),
        (Wanted(since=LONG_AGO), [status, price, ayr]),
    ):
        assert found(wanted) == expected, wanted


@pytest.mark.usefixtures("done")
def test_where_many_races_have_the_name_each_entry_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_search, "_RARE", 0)

    assert found(Wanted(race="plate", user="ann")) == ["prices ayr"]
    assert found(Wanted(race="plate", user="bob")) == []


@pytest.mark.usefixtures("done")
def test_a_page_goes_on_where_the_last_one_ended() -> None:
    (first, *_) = audit_trail.stretches(Wanted(), rows_at_once=2)

    assert found(Wanted(), before=first.entries[-1].id) == ["prices ayr"]
    assert found(Wanted(), rows_at_once=1) == [f"status {RACE}", f"prices {RACE}", "prices ayr"]


def test_of_a_long_record_little_is_read() -> None:
    a_race("ayr", course="Ayr")
    a_race()
    ann = a_user()
    odds.change_prices("ayr", quotes({"1": "3"}), ann)
    many_entries(ann)
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    day = LONG_AGO + timedelta(days=3)

    with asked() as noted:
        pages = list(audit_trail.stretches(Wanted(since=day, until=day + timedelta(days=1), action="prices")))

    versions = [entry.version for page in pages for entry in page.entries]
    assert versions == list(range(4 * 1440 - 1, 3 * 1440 - 1, -1))
    assert len(noted) < 90

    for wanted in (Wanted(), Wanted(race=RACE), Wanted(user="staff"), Wanted(action="prices")):
        with asked() as noted:
            next(audit_trail.stretches(wanted, rows_at_once=51))
        read = next(each for each in noted if "LIMIT" in each.statement and "audit_entries.detail" in each.statement)
        if db.engine.dialect.name == "postgresql":
            assert rows_taken(read, "audit_entries") <= 51
        else:
            assert not [each.statement for each in noted if "SCAN audit_entries" in steps(each)]

    with asked() as noted:
        assert found(Wanted(race="ayr")) == ["prices ayr"]
    assert len([each for each in noted if "audit_entries.detail" in each.statement]) == 1


@pytest.mark.usefixtures("done")
def test_a_race_has_its_newest_entries_at_hand() -> None:
    assert [entry.action for entry in audit_trail.of_race(RACE, 10)] == ["status", "prices"]
    assert [entry.action for entry in audit_trail.of_race(RACE, 1)] == ["status"]


@pytest.mark.usefixtures("done")
def test_what_was_taken_back_says_by_what() -> None:
    newest, before = audit_trail.of_race(RACE, 2)
    bob = db.session.get(User, newest.user_id)
    audit.record("undo", bob, datetime.now(UTC), race_id=RACE, version=3, undoes_id=newest.id)
    db.session.commit()

    (undo,) = audit_trail.of_race(RACE, 1)
    assert audit_trail.undone_by([newest.id, before.id]) == {newest.id: undo.id}
