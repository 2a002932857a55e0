"""One change, one transaction: all of it is committed, or nothing has happened. One look, one snapshot."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from threading import Lock
from typing import Protocol

from racing.extensions import db
from racing.models.sqlite import WRITES

# SQLite has one writer. Two greenlets of one process that both want to be it would stall the whole loop
# for the busy timeout, because SQLite waits in C; so they queue here first. (Green once wsgi.py has patched.)
_one_sqlite_writer = Lock()


class Witness(Protocol):
    """Looks on at the changes of a request; what it raises ends the change, and nothing has happened."""

    def begins(self) -> None:
        """Called in the transaction, before the change has read or written anything."""

    def ends(self) -> None:
        """Called in the transaction, when all is written that the change writes."""


_WITNESS: ContextVar[Witness | None] = ContextVar("witness", default=None)


@contextmanager
def witnessed(by: Witness) -> Iterator[None]:
    """Let `by` look on at each change that the block makes."""
    token = _WITNESS.set(by)
    try:
        yield
    finally:
        _WITNESS.reset(token)


@contextmanager
def one_change() -> Iterator[None]:
    """Commit what the block does, or roll all of it back where it raises.

    Nothing in the block may yield (no emit, no Redis, no sleep) between its first write and its end. Not re-entrant.
    """
    db.session.rollback()  # a transaction that has begun by reading cannot become the writer on SQLite
    with _writer():
        db.session.connection(execution_options={WRITES: True})
        witness = _WITNESS.get()
        try:
            if witness is not None:
                witness.begins()
            yield
            if witness is not None:
                witness.ends()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def one_look() -> Iterator[None]:
    """Read what is committed by now, in one transaction that ends with the block: none kept open shows the past.

    Rows loaded before it are read again where they are used after it.
    """
    db.session.rollback()
    try:
        yield
    finally:
        db.session.rollback()


def _writer() -> AbstractContextManager[object]:
    return _one_sqlite_writer if db.engine.dialect.name == "sqlite" else nullcontext()
