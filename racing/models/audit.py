"""The audit trail: who changed what, when, from where."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import UtcTime
from racing.models.user import User


class AuditEntry(db.Model):  # type: ignore[name-defined, misc]
    """One change by one user, written in the change's own transaction. The database refuses to change or remove it.

    `before` and `after` hold the same keys: what stood, and what stands since `version`. `source` is "form", "api" or
    "schedule", `address` the client's IP address; both None where a command made the change. `undoes_id` names the
    entry that this one takes back. Entries that old age allows to go (`AUDIT_DAYS`) are removed whole.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_race_id_id", "race_id", "id"),
        Index("ix_audit_entries_user_id_id", "user_id", "id"),
        Index("ix_audit_entries_action_id", "action", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(40))
    race_id: Mapped[str | None] = mapped_column(ForeignKey("races.id"))
    version: Mapped[int | None]
    # Named when there was no `before`: a worker of the release before still writes it.
    after: Mapped[dict[str, Any]] = mapped_column("detail", JSON)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[str | None] = mapped_column(String(16))
    address: Mapped[str | None] = mapped_column(String(45))
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id"))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("audit_entries.id"), index=True)

    user: Mapped[User | None] = relationship()
