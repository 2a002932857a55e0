"""Notifications: a word to one user, kept until it is read."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from racing.extensions import db
from racing.models.columns import UtcTime, now

_UNREAD = text("read_at IS NULL")


class Notification(db.Model):  # type: ignore[name-defined, misc]
    """What one user is told, and nobody else. Its `id` is its place in the order of publication, over all users.

    `url` is a path of this site or an https address, None where there is nothing to open.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user_id_id", "user_id", "id"),
        # Every page of a signed-in user counts the unread: the index holds those alone.
        Index("ix_notifications_unread", "user_id", "id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        # Clients ask for what came after an id: one that was given must never be given again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)
