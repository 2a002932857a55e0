"""A write sent twice under one key happens once, and is answered twice."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from racing.errors import InvalidInput, KeyInFlight, KeyReused
from racing.extensions import db
from racing.models import AnsweredRequest, User
from racing.models.columns import now
from racing.services.transactions import witnessed

LONGEST_KEY = 200
KEPT = timedelta(hours=24)
# Of this process; PostgreSQL holds other processes off, SQLite has no others that write under keys.
_in_flight: set[tuple[int, str]] = set()
_marking = Lock()


@dataclass(frozen=True)
class Once:
    """Who asks, under which key, and what (`asked`: the request in bytes)."""

    user: User
    key: str
    asked: bytes

    def __post_init__(self) -> None:
        """Refuse a key that the table could not keep."""
        if not 1 <= len(self.key) <= LONGEST_KEY:
            raise InvalidInput(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is asked, in hex."""
        return hashlib.sha256(self.asked).hexdigest()


class Answer(NamedTuple):
    """What a write is answered; `replayed` where the change had been made before."""

    body: dict[str, Any]
    status: int
    replayed: bool = False


class _AnsweredBefore(Exception):
    """Ends a change that was made before."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.answer = Answer(kept["body"], kept["status"], replayed=True)


def answered_once(
    once: Once | None, change: Callable[[], object], say: Callable[[], dict[str, Any]], status: int = 200
) -> Answer:
    """Make `change`, one transaction of a service, and return its answer: what `say` says at the end of it, as JSON.

    With `once` the answer is kept in that same transaction, for 24 hours: the same request again gets it again, and
    changes nothing, whatever died in between. What is refused is not kept, so it may come again under its key.
    Raises what `change` raises; KeyReused where the key came with another request, KeyInFlight while the same is made.
    """
    made = _Asked(once, say, status)
    try:
        with _marked(once), witnessed(made):
            change()
    except _AnsweredBefore as before:
        return before.answer
    if made.answer is None:
        raise RuntimeError("What is answered once must be one change.")
    return made.answer


class _Asked:
    """Looks on at the one transaction of a request that is to be answered once."""

    def __init__(self, once: Once | None, say: Callable[[], dict[str, Any]], status: int) -> None:
        self._once, self._say, self._status = once, say, status
        self.answer: Answer | None = None

    def begins(self) -> None:
        if self.answer is not None:
            raise RuntimeError("A second change in a request whose answer is kept with the first.")
        if self._once is not None:
            _hold(self._once)
            kept = earlier_answer(self._once)
            if kept is not None:
                raise _AnsweredBefore(kept)

    def ends(self) -> None:
        db.session.flush()
        answer = Answer(self._say(), self._status)
        keep_answer(self._once, {"status": answer.status, "body": answer.body}, now())
        self.answer = answer


@contextmanager
def _marked(once: Once | None) -> Iterator[None]:
    if once is None:
        yield
        return
    mark = (once.user.id, once.key)
    with _marking:
        if mark in _in_flight:
            raise KeyInFlight(_BEING_MADE)
        _in_flight.add(mark)
    try:
        yield
    finally:
        _in_flight.discard(mark)


_BEING_MADE = "A request with this Idempotency-Key is being carried out. Ask again in a moment."


def _hold(once: Once) -> None:
    """Hold the key until the transaction ends. Raises KeyInFlight where another worker does."""
    if db.engine.dialect.name != "postgresql":
        return
    digest = hashlib.sha256(f"{once.user.id}:{once.key}".encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    if not db.session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise KeyInFlight(_BEING_MADE)


def earlier_answer(once: Once | None) -> dict[str, Any] | None:
    """Return the answer this key got in the last 24 hours; None where it is new. Call it inside the change.

    Raises KeyReused where the key came with another request.
    """
    if once is None:
        return None
    kept = db.session.get(AnsweredRequest, (once.user.id, once.key))
    if kept is None or kept.at < now() - KEPT:
        return None
    if kept.fingerprint != once.fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request.")
    return kept.answer


def keep_answer(once: Once | None, answer: dict[str, Any], at: datetime) -> None:
    """Keep `answer` in the running transaction. Raises KeyReused where another request took the key meanwhile."""
    if once is None:
        return
    db.session.execute(delete(AnsweredRequest).where(AnsweredRequest.at < now() - KEPT))
    db.session.add(
        AnsweredRequest(user_id=once.user.id, key=once.key, fingerprint=once.fingerprint, answer=answer, at=at)
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        raise KeyReused("This Idempotency-Key was used for another request.") from error
