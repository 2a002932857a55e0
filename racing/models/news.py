"""News: what staff have published for everybody to read."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import UtcTime, now

if TYPE_CHECKING:
    from racing.models.race import Race


class Article(db.Model):  # type: ignore[name-defined, misc]
    """One article, public from the moment it is there. Its `id` is its place in the order of publication.

    `race_id` names the race it is about, None where it is about no one race. `body` has paragraphs between blank lines.
    """

    __tablename__ = "articles"
    # Clients ask for what came after an id: one that was given must never be given again.
    __table_args__ = (Index("ix_articles_race_id_id", "race_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(150))
    summary: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    race_id: Mapped[str | None] = mapped_column(ForeignKey("races.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime] = mapped_column(UtcTime, default=now)

    race: Mapped["Race | None"] = relationship()
