"""How a connection to SQLite behaves: WAL, foreign keys, and writers that queue instead of failing."""

from typing import Any

from sqlalchemy import Connection, Engine, event

WRITES = "racing_writes"
"""The execution option of a connection whose transaction will write."""
BUSY_TIMEOUT_MS = 5000


def prepare(engine: Engine) -> None:
    """Set up every connection that `engine` makes from now on. Does nothing for other databases."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is always deferred
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A deferred BEGIN that reads, then writes, fails at once with "database is locked", whatever the timeout.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
