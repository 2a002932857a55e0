"""What nobody needs any more goes, little by little; what races stand at now stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update

from racing.extensions import db
from racing.models import (
    AnsweredRequest,
    AuditEntry,
    Notification,
    PriceChange,
    Race,
    RevokedToken,
    Role,
    Wanted,
    WatchKind,
)
from racing.models.columns import now
from racing.realtime.outbox import Outbox, Tables
from racing.services import (
    audit,
    cards,
    news,
    notifications,
    odds,
    price_alerts,
    retention,
    revocations,
    watchlists,
)
from racing.services.idempotency import Once, answered_once
from racing.services.retention import Ages
from tests.factories import RACE, a_card, a_notification, a_race, a_user, an_article, quotes
from tests.support.kept import everything_kept, rows_of

pytestmark = pytest.mark.usefixtures("either_app")
DAYS_AGES = Ages(timedelta(days=90), timedelta(days=730), timedelta(days=30), timedelta(days=365))
KINDS = (
    "price changes",
    "price alerts",
    "races awaited",
    "audit entries",
    "notifications",
    "idempotency keys",
    "revoked tokens",
)
NOTHING = dict.fromkeys(KINDS, 0)


def ago(**age: float) -> datetime:
    return now() - timedelta(**age)


def thin(**most: int) -> dict[str, int]:
    """Thin; return only what of something went."""
    removed = retention.thin(DAYS_AGES, **most)
    assert removed.keys() == NOTHING.keys()
    return {what: rows for what, rows in removed.items() if rows}


def make_old(model: Any, **columns: Any) -> None:
    """Let every row of a table have been written then."""
    db.session.execute(update(model).values(**columns))
    db.session.commit()


def a_race_of(off_time: datetime, race_id: str = RACE) -> str:
    """A race with that off, priced three times over."""
    a_race(race_id, off_time=off_time)
    for price in ("3", "4", "5"):
        odds.change_prices(race_id, quotes({"1": price, "2": "2"}), None)
    return race_id


@contextmanager
def deletions() -> Iterator[list[int]]:
    """How many rows each DELETE took."""
    taken: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE"):
            taken.append(cursor.rowcount)

    event.listen(db.engine, "after_cursor_execute", note)
    yield taken
    event.remove(db.engine, "after_cursor_execute", note)


def test_a_race_long_run_loses_its_history_and_nothing_else() -> None:
    a_race_of(ago(days=91))
    make_old(Race, created_at=ago(days=92))
    before = everything_kept()
    assert len(before["price_changes"]) == 4

    assert thin() == {"price changes": 4}

    assert everything_kept() == {**before, "price_changes": []}


def test_a_race_lately_run_keeps_its_history() -> None:
    a_race_of(ago(days=89))
    make_old(Race, created_at=ago(days=92))

    assert thin() == {}


def test_a_market_of_years_ago_is_as_old_as_its_replay() -> None:
    cards.declare_race(a_card(off_time=ago(days=4000)), None)
    odds.change_prices(RACE, quotes({"1": "3"}), None, at=ago(days=4000))

    assert thin() == {}


def test_only_the_races_long_run_are_thinned() -> None:
    a_race_of(ago(days=91), "long-ago")
    make_old(Race, created_at=ago(days=92))
    a_race_of(ago(days=1), "yesterday")

    thin()

    assert {change.race_id for change in db.session.query(PriceChange)} == {"yesterday"}


def test_the_audit_trail_is_kept_for_two_years() -> None:
    a_race()
    by = a_user()
    audit.record("prices", by, ago(days=731), race_id=RACE, version=1, prices=[])
    audit.record("prices", by, ago(days=729), race_id=RACE, version=2, prices=[])
    db.session.commit()

    assert thin() == {"audit entries": 1}
    assert rows_of(AuditEntry) == 1


@pytest.mark.parametrize(
    ("created", "read", "goes"),
    [
        (ago(days=200), ago(days=31), True),
        (ago(days=200), ago(days=29), False),
        (ago(days=200), None, False),
        (ago(days=366), None, True),
    ],
)
def test_a_notification_goes_a_while_after_it_was_read_or_after_a_year(
    created: datetime, read: datetime | None, goes: bool
) -> None:
    a_notification(a_user(Role.PUNTER))
    make_old(Notification, created_at=created, read_at=read)

    assert thin() == ({"notifications": 1} if goes else {})
    assert rows_of(Notification) == (0 if goes else 1)


def test_a_spent_key_goes_after_a_day() -> None:
    a_race()
    by = a_user()
    answered_once(Once(by, "first", b"3"), lambda: odds.change_prices(RACE, quotes({"1": "3"}), by), dict)
    make_old(AnsweredRequest, at=ago(hours=25))

    assert thin() == {"idempotency keys": 1}

    answered_once(Once(by, "second", b"4"), lambda: odds.change_prices(RACE, quotes({"1": "4"}), by), dict)
    assert thin() == {}


def test_a_token_that_was_taken_back_is_remembered_until_it_would_have_ended() -> None:
    revocations.revoke("to-come", now() + timedelta(hours=1))
    db.session.add(RevokedToken(jti="over", expires_at=ago(seconds=1)))
    db.session.commit()

    assert thin() == {"revoked tokens": 1}
    assert revocations.is_revoked(["to-come"])


@pytest.mark.parametrize(
    ("age", "goes"), [(6, {}), (8, {"races awaited": 1}), (366, {"races awaited": 1, "price alerts": 1})]
)
def test_a_race_that_nobody_ended_is_not_awaited_for_ever(age: int, goes: dict[str, int]) -> None:
    ann = a_user(Role.PUNTER).id
    a_race()
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, Decimal(6))
    watchlists.watch(ann, WatchKind.RACE, RACE)
    make_old(Race, off_time=ago(days=age), created_at=ago(days=age))

    assert thin() == goes
    assert watchlists.is_watched(ann, WatchKind.RACE, RACE)


def test_a_race_to_come_is_awaited_however_early_it_was_declared() -> None:
    a_race()
    watchlists.watch(a_user(Role.PUNTER).id, WatchKind.RACE, RACE)
    make_old(Race, created_at=ago(days=100))

    assert thin() == {}


def test_articles_stay() -> None:
    an_article()

    assert thin() == {}


def test_rows_go_a_few_at_a_time_so_that_no_writer_waits_long() -> None:
    user = a_user(Role.PUNTER)
    for _ in range(5):
        a_notification(user)
    make_old(Notification, created_at=ago(days=400))

    with deletions() as taken:
        assert thin(rows_at_once=2) == {"notifications": 5}

    assert taken == [2, 2, 1]


def test_a_second_run_finds_nothing() -> None:
    a_race_of(ago(days=91))
    make_old(Race, created_at=ago(days=92))
    thin()

    with deletions() as taken:
        assert thin() == {}
    assert taken == []


def test_what_is_told_after_a_thinning_is_told_once(either_app: Flask) -> None:
    user = a_user(Role.PUNTER)
    emitted: list[int] = []
    tables = Tables(news.after, news.newest_id, notifications.after, notifications.newest_id)
    outbox = Outbox(tables, lambda _event, message, **_: emitted.append(message["payload"]["id"]))
    outbox.poll()
    told = [a_notification(user).id for _ in range(3)]
    outbox.poll()
    make_old(Notification, created_at=ago(days=400))

    assert thin() == {"notifications": 3}
    outbox.poll()
    told.append(a_notification(user).id)
    outbox.poll()
    outbox.poll()

    assert emitted == told
    assert len(set(told)) == 4


def test_the_command_says_what_went(either_app: Flask) -> None:
    a_race_of(ago(days=91))
    make_old(Race, created_at=ago(days=92))

    result = either_app.test_cli_runner().invoke(args=["thin"])

    assert (result.exit_code, result.stdout) == (
        0,
        "Removed 4 price changes, 0 price alerts, 0 races awaited, 0 audit entries, 0 notifications, "
        "0 idempotency keys and 0 revoked tokens.\n",
    )


def test_the_command_takes_its_ages_from_the_settings(either_app: Flask) -> None:
    a_race_of(ago(days=91))
    make_old(Race, created_at=ago(days=92))
    either_app.config["PRICE_HISTORY_DAYS"] = 100

    assert "Removed 0 price changes" in either_app.test_cli_runner().invoke(args=["thin"]).stdout
