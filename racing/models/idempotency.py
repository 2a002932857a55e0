"""Requests already answered: a write sent twice under one Idempotency-Key happens once."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from racing.extensions import db
from racing.models.columns import UtcTime


class AnsweredRequest(db.Model):  # type: ignore[name-defined, misc]
    """The answer a user's key got, kept in the transaction of the change itself.

    `fingerprint` is the SHA-256 of what was asked, in hex: the same key with another request is refused.
    """

    __tablename__ = "answered_requests"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
