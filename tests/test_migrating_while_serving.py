"""A release migrates the database while workers write to it: they wait for no more than a moment."""

import threading
import time

import flask_migrate
from flask import Flask
from sqlalchemy import Connection, event, text

from racing.extensions import db
from racing.models.columns import now
from tests.factories import a_race

_PRICE = text(
    "INSERT INTO price_changes (race_id, runner_pk, bookmaker, price, version, at)"
    " SELECT race_id, id, 'house', :price, :price, :at FROM runners LIMIT 1"
)


def write_price(connection: Connection, price: int) -> None:
    connection.execute(_PRICE, {"price": price, "at": now()})


def wait_until_it_waits(migrating: threading.Thread) -> None:
    """Wait until the migration waits for a writer to end."""
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%INDEX%'")
    until = time.monotonic() + 30
    with db.engine.connect() as connection:
        while not connection.scalar(waits):
            assert migrating.is_alive(), "it waited for nobody"
            assert time.monotonic() < until, "it never came to an index"
            connection.rollback()


def test_each_migration_ends_its_own_transaction(either_app: Flask) -> None:
    flask_migrate.downgrade(revision="0001")
    committed: list[Connection] = []
    event.listen(db.engine, "commit", lambda connection: committed.append(connection))

    flask_migrate.upgrade(revision="0004")

    assert len(committed) == 3


def test_prices_are_written_while_their_index_is_built(postgres_app: Flask) -> None:
    a_race(prices={"1": "3"})
    db.session.remove()
    flask_migrate.downgrade(revision="0004")

    def migrate() -> None:
        with postgres_app.app_context():
            flask_migrate.upgrade()

    migrating = threading.Thread(target=migrate)
    with db.engine.connect() as slow, db.engine.connect() as quick:
        write_price(slow, 401)
        migrating.start()
        wait_until_it_waits(migrating)
        quick.execute(text("SET lock_timeout = '5s'"))
        write_price(quick, 402)
        quick.commit()
        slow.commit()
        migrating.join(60)

        assert not migrating.is_alive()
        assert quick.scalars(text("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid")).all() == []
        assert quick.scalar(text("SELECT count(*) FROM price_changes")) == 3


def test_an_index_that_was_broken_off_is_built_anew(postgres_app: Flask) -> None:
    flask_migrate.downgrade(revision="0004")
    with db.engine.begin() as connection:
        connection.execute(text("CREATE INDEX ix_price_changes_race_id_version_id ON price_changes (race_id)"))

    flask_migrate.upgrade()

    flask_migrate.check()
