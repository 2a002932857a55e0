"""Several workers tell at the same time, beside writers and users: each happening once, and nobody waits for them."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from app import create_app
from racing.extensions import db
from racing.models import Notification, PriceAlert, Role, Wanted, WatchKind
from racing.services import alerts, odds, price_alerts, races, watchlists
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, a_user, quotes

PATIENCE_S = 30
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def app_on_postgresql(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh PostgreSQL database, its context pushed; on SQLite nothing can overlap."""
    app = create_app(database_url=postgres_url, instance_path=tmp_path / "instance")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def a_punter(name: str = "ann") -> int:
    return int(a_user(Role.PUNTER, f"{name}@example.org").id)


def beside(app: Flask, do: Callable[[], object], name: str = "beside") -> threading.Thread:
    """Start `do` in a thread that has a session of its own."""

    def run() -> None:
        with app.app_context():
            do()

    thread = threading.Thread(target=run, name=name)
    thread.start()
    return thread


def telling_held_before_its_commit(app: Flask) -> AbstractContextManager[threading.Thread]:
    """Let a worker tell what is due, but not commit it before the context ends."""
    return held_before_its_commit(app, alerts.tell_due)


@contextmanager
def held_before_its_commit(app: Flask, do: Callable[[], object]) -> Iterator[threading.Thread]:
    """Let another do something, but not commit it before the context ends."""
    about_to_commit, go_on = threading.Event(), threading.Event()

    def hold(_session: object) -> None:
        if threading.current_thread().name == "held":
            about_to_commit.set()
            go_on.wait(PATIENCE_S)

    event.listen(db.session, "before_commit", hold)
    try:
        held = beside(app, do, "held")
        assert about_to_commit.wait(PATIENCE_S)
        yield held
    finally:
        go_on.set()
        held.join(PATIENCE_S)
        event.remove(db.session, "before_commit", hold)


def test_workers_that_tell_together_tell_each_happening_once(either_app: Flask) -> None:
    punters, steps = [a_punter(f"punter-{n}") for n in range(3)], ("PARADING", "GOINGDOWN", "ATTHEPOST", "OFF")
    race_ids = [f"race-{n}" for n in range(4)]
    for race_id in race_ids:
        a_race(race_id, prices={"1": "4"})
        for punter in punters:
            watchlists.watch(punter, WatchKind.RACE, race_id)
            price_alerts.set_alert(punter, race_id, "1", Wanted.BIGGER, Decimal(6))
    is_over = threading.Event()

    def tell() -> None:
        while not is_over.is_set() or alerts.tell_due():
            alerts.tell_due()

    workers = [beside(either_app, tell) for _ in range(3)]
    for step in steps:
        for race_id in race_ids:
            odds.change_prices(race_id, quotes({"1": "7"}), None)
            races.change_status(race_id, RaceStatus(step), None)
    is_over.set()
    for worker in workers:
        worker.join(PATIENCE_S)
    while alerts.tell_due():
        pass

    db.session.rollback()
    columns = (Notification.user_id, Notification.url, Notification.title)
    told = Counter(tuple(row) for row in db.session.execute(select(*columns)))
    assert set(told.values()) == {1}
    # Steps between two looks are left out; what a race has come to, and a price that came, never is.
    for title in ("They are off in the 14:05 Wexmoor", "Horse 1 is 6/1 (House), 14:05 Wexmoor"):
        assert sum(row[2] == title for row in told) == len(punters) * len(race_ids)


def test_a_writer_of_the_race_does_not_wait_for_the_telling(app_on_postgresql: Flask) -> None:
    a_race()
    watchlists.watch(a_punter(), WatchKind.RACE, RACE)
    races.change_status(RACE, RaceStatus.OFF, None)

    with telling_held_before_its_commit(app_on_postgresql) as teller:
        odds.change_prices(RACE, quotes({"1": "4"}), None)
        assert teller.is_alive()


def test_another_worker_passes_over_a_race_that_is_being_told(app_on_postgresql: Flask) -> None:
    a_race()
    watchlists.watch(a_punter(), WatchKind.RACE, RACE)
    races.change_status(RACE, RaceStatus.OFF, None)

    with telling_held_before_its_commit(app_on_postgresql) as teller:
        alerts.tell_due()
        assert teller.is_alive()
    alerts.tell_due()

    db.session.rollback()
    assert db.session.scalars(select(Notification.title)).all() == ["They are off in the 14:05 Wexmoor"]


def test_an_alert_armed_anew_while_it_is_told_is_armed(app_on_postgresql: Flask) -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, Decimal(6))
    odds.change_prices(RACE, quotes({"1": "7"}), None)

    def arm_again() -> None:
        price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, Decimal(9))

    with telling_held_before_its_commit(app_on_postgresql):
        user = beside(app_on_postgresql, arm_again)
        _until_it_waits_or_ends(user)
    user.join(PATIENCE_S)

    db.session.rollback()
    (alert,) = db.session.scalars(select(PriceAlert))
    assert (alert.armed, alert.price, alert.told_at) == (True, Decimal(9), None)
    assert db.session.scalars(select(Notification.kind)).all() == ["price_alert"]


@pytest.mark.parametrize("watches", [True, False], ids=["watches", "waits for a price"])
def test_a_user_and_a_writer_of_the_race_do_not_wait_for_each_other(app_on_postgresql: Flask, watches: bool) -> None:
    ann = a_punter()
    a_race(prices={"1": "4"})

    def begin() -> None:
        if watches:
            watchlists.watch(ann, WatchKind.RACE, RACE)
        else:
            price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, Decimal(6))

    with held_before_its_commit(
        app_on_postgresql, lambda: odds.change_prices(RACE, quotes({"1": "5"}), None)
    ) as writer:
        begin()
        assert writer.is_alive()
    alerts.tell_due()
    odds.change_prices(RACE, quotes({"1": "7"}), None)
    with held_before_its_commit(app_on_postgresql, lambda: watchlists.watch(ann, WatchKind.HORSE, "horse-1")) as user:
        odds.change_prices(RACE, quotes({"1": "8"}), None)
        assert user.is_alive()
    while alerts.tell_due():
        pass

    db.session.rollback()
    told = db.session.scalars(select(Notification.title)).all()
    assert told == ([] if watches else ["Horse 1 is 7/1 (House), 14:05 Wexmoor"])


def _until_it_waits_or_ends(thread: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while thread.is_alive() and time.monotonic() < deadline:
        with db.engine.connect() as connection:
            if connection.scalar(WAITING):
                return
        time.sleep(0.01)  # no event tells that another connection waits
