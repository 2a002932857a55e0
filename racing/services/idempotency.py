"""A write sent twice under one key happens once, and is answered twice."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from racing.errors import InvalidInput, KeyReused
from racing.extensions import db
from racing.models import AnsweredRequest, User
from racing.models.columns import now

LONGEST_KEY = 200
KEPT = timedelta(hours=24)


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


def earlier_answer(once: Once | None) -> dict[str, Any] | None:
    """Return the answer this key got before; None where it is new.

    Call it inside the change, with its races locked: two that arrive together then queue.
    Raises KeyReused where the key came with another request.
    """
    if once is None:
        return None
    kept = db.session.get(AnsweredRequest, (once.user.id, once.key))
    if kept is None:
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
