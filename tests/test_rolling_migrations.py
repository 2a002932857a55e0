"""During a deploy workers of the release before write to the new database: so migrations only add."""

from collections.abc import Iterator
from typing import NamedTuple

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from racing.extensions import db

# Nobody had run anything before it.
FIRST = "0001"


class Column(NamedTuple):
    """What a worker of the release before takes for granted of a column."""

    kind: str
    nullable: bool
    has_default: bool


Schema = dict[tuple[str, str], Column]


def schema() -> tuple[Schema, set[str]]:
    """Return every column, and every rule that can refuse a row (unique or check), as they are in the database."""
    found = inspect(db.engine)
    columns, rules = {}, set()
    for table in found.get_table_names():
        for column in found.get_columns(table):
            filled = column["default"] is not None or bool(column.get("autoincrement") is True)
            columns[table, column["name"]] = Column(str(column["type"]), column["nullable"], filled)
        rules |= {f"{table}: unique {one['column_names']}" for one in found.get_unique_constraints(table)}
        rules |= {f"{table}: unique {one['column_names']}" for one in found.get_indexes(table) if one["unique"]}
        # By name: one that is made anew to let in more is none of these.
        rules |= {f"{table}: check {one['name']}" for one in found.get_check_constraints(table)}
    return columns, rules


def broken_by(before: tuple[Schema, set[str]], after: tuple[Schema, set[str]]) -> list[str]:
    """Return what a worker written for `before` would trip over in `after`."""
    (old, old_rules), (new, new_rules) = before, after
    tables = {table for table, _ in old}
    gone = [f"{table}.{name} is gone" for table, name in old if (table, name) not in new]
    other = [
        f"{table}.{name} was {was}, is {new[table, name]}"
        for (table, name), was in old.items()
        if (table, name) in new and not fits(was, new[table, name])
    ]
    asked = [
        f"{table}.{name} is new and wants a value"
        for (table, name), column in new.items()
        if table in tables and (table, name) not in old and not column.nullable and not column.has_default
    ]
    narrower = [rule for rule in new_rules - old_rules if rule.partition(":")[0] in tables]
    return sorted([*gone, *other, *asked, *narrower])


def fits(was: Column, now: Column) -> bool:
    """Tell whether all that could be written to the column still can."""
    return was.kind == now.kind and (now.nullable or not was.nullable) and (now.has_default or not was.has_default)


def revisions(app: Flask) -> Iterator[str]:
    """Yield every migration, the oldest first."""
    directory = ScriptDirectory(app.extensions["migrate"].directory)
    yield from (script.revision for script in reversed(list(directory.walk_revisions())))


def test_a_worker_of_the_release_before_can_go_on_writing_after_each_migration(either_app: Flask) -> None:
    flask_migrate.downgrade(revision=FIRST)
    before = schema()
    passed = []
    for revision in revisions(either_app):
        flask_migrate.upgrade(revision=revision)
        after = schema()
        assert broken_by(before, after) == [], revision
        before, passed = after, [*passed, revision]

    assert passed[0] == FIRST
    assert len(passed) > 1


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE races DROP COLUMN distance", "races.distance is gone"),
        ("ALTER TABLE races RENAME COLUMN distance TO length", "races.distance is gone"),
        ("ALTER TABLE articles RENAME TO stories", "articles.title is gone"),
        ("DROP TABLE notifications", "notifications.title is gone"),
        ("ALTER TABLE races ADD COLUMN surface VARCHAR NOT NULL", "races.surface is new and wants a value"),
        ("ALTER TABLE races ALTER COLUMN distance SET NOT NULL", "races.distance was"),
        ("ALTER TABLE articles ALTER COLUMN title TYPE VARCHAR(10) USING left(title, 10)", "articles.title was"),
        ("ALTER TABLE revoked_tokens ALTER COLUMN revoked_at DROP DEFAULT", "revoked_tokens.revoked_at was"),
        ("CREATE UNIQUE INDEX one_title ON articles (title)", "articles: unique ['title']"),
        ("ALTER TABLE races ADD CONSTRAINT short CHECK (length(title) < 9)", "races: check"),
    ],
)
def test_a_change_that_the_release_before_would_trip_over_is_found(
    postgres_app: Flask, statement: str, told: str
) -> None:
    before = schema()
    with db.engine.begin() as connection:
        connection.execute(text(statement))

    assert any(line.startswith(told) for line in broken_by(before, schema())), broken_by(before, schema())


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE bets (id INTEGER PRIMARY KEY, stake INTEGER NOT NULL UNIQUE)",
        "ALTER TABLE races ADD COLUMN surface VARCHAR",
        "ALTER TABLE races ADD COLUMN surface VARCHAR NOT NULL DEFAULT 'turf'",
        "CREATE INDEX by_title ON articles (title)",
    ],
)
def test_a_change_that_only_adds_is_none(postgres_app: Flask, statement: str) -> None:
    before = schema()
    with db.engine.begin() as connection:
        connection.execute(text(statement))

    assert broken_by(before, schema()) == []
    assert before != schema() or "INDEX" in statement
