"""Writes the audit trail, inside the transaction of the change it tells of."""

from datetime import datetime
from typing import Any

from racing.extensions import db
from racing.models import AuditEntry, User


def record(
    action: str, by: User | None, at: datetime, *, race_id: str | None = None, version: int | None = None, **detail: Any
) -> None:
    """Add an entry to the running transaction. A feed on the command line (`by` None) leaves history, but no entry."""
    if by is not None:
        db.session.add(AuditEntry(at=at, user_id=by.id, action=action, race_id=race_id, version=version, detail=detail))
