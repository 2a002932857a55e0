"""The audit trail: who changed what, when."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import UtcTime
from racing.models.user import User


class AuditEntry(db.Model):  # type: ignore[name-defined, misc]
    """One change by one user, written in the change's own transaction. `detail` says what moved, as JSON."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_race_id_id", "race_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(40))
    race_id: Mapped[str | None] = mapped_column(ForeignKey("races.id"))
    version: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)

    user: Mapped[User | None] = relationship()
