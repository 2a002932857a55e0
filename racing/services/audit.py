"""Writes the audit trail, inside the transaction of the change it tells of."""

from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from racing.extensions import db
from racing.models import AuditEntry, User


class Origin(NamedTuple):
    """Where changes come from: which way ("form", "api", "schedule"; None: a command), which address, which key."""

    source: str | None = None
    address: str | None = None
    api_key_id: int | None = None


_NOWHERE = Origin()
_ORIGIN: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def comes_from(origin: Origin = _NOWHERE) -> None:
    """Note where the changes of the running request come from; without an argument that is forgotten."""
    _ORIGIN.set(origin)


def origin() -> Origin:
    """Return where the changes of the running request come from."""
    return _ORIGIN.get()


def record(
    action: str,
    by: User | None,
    at: datetime,
    *,
    race_id: str | None = None,
    version: int | None = None,
    before: dict[str, Any] | None = None,
    undoes_id: int | None = None,
    **after: Any,
) -> None:
    """Add an entry to the running transaction. A feed on the command line (`by` None) leaves history, but no entry.

    `before` has the keys of `after` that stood otherwise.
    """
    if by is None:
        return
    source, address, api_key_id = _ORIGIN.get()
    db.session.add(
        AuditEntry(
            at=at,
            user_id=by.id,
            action=action,
            race_id=race_id,
            version=version,
            after=after,
            before=before,
            source=source,
            address=address,
            api_key_id=api_key_id,
            undoes_id=undoes_id,
        )
    )
