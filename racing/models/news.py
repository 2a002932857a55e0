"""News: what staff have published for everybody to read, and what they are still writing."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import UtcTime, now

if TYPE_CHECKING:
    from racing.models.race import Race
    from racing.models.user import User


class Article(db.Model):  # type: ignore[name-defined, misc]
    """One article, public from the moment it is there. Its `id` is its place in the order of publication.

    `race_id` names the race it is about, None where it is about no one race. `body` is Markdown.
    `correction` says what was put right, at `corrected_at`. A withdrawn article keeps its place and is read by nobody.
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
    corrected_at: Mapped[datetime | None] = mapped_column(UtcTime)
    correction: Mapped[str | None] = mapped_column(String(300))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)

    race: Mapped["Race | None"] = relationship()


class ArticleDraft(db.Model):  # type: ignore[name-defined, misc]
    """An article that is not published yet, by itself at `publish_at` where that is told. Published, the draft goes."""

    __tablename__ = "article_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(150))
    summary: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    race_id: Mapped[str | None] = mapped_column(ForeignKey("races.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    publish_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    saved_at: Mapped[datetime] = mapped_column(UtcTime, default=now)

    race: Mapped["Race | None"] = relationship()
    author: Mapped["User | None"] = relationship()
