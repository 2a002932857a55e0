"""What the database is asked while a test does something, and how it goes about the answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event

from racing.extensions import db


class Asked(NamedTuple):
    """One statement with its parameters, as the driver takes them."""

    statement: str
    parameters: Any


@contextmanager
def asked() -> Iterator[list[Asked]]:
    """Note every statement that the block sends."""
    noted: list[Asked] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        noted.append(Asked(statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield noted
    event.remove(db.engine, "before_cursor_execute", note)


def reads_of(noted: list[Asked], table: str) -> list[Asked]:
    """Return the statements that read this table."""
    return [each for each in noted if each.statement.startswith("SELECT") and f"FROM {table}" in each.statement]


def steps(one: Asked) -> str:
    """Return how SQLite goes about a statement, a step a line: SCAN, SEARCH ... USING INDEX ..., USE TEMP B-TREE."""
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one.statement}", one.parameters)
    return "\n".join(row[-1] for row in rows)


def rows_taken(one: Asked, table: str) -> int:
    """Return how many rows of a table PostgreSQL takes into its hands for a statement, kept or thrown away."""
    told = db.session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {one.statement}", one.parameters)
    plan = told.scalar()
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in _nodes((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"])
        if node.get("Relation Name") == table
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
