"""One bookmaker whose prices are off in one race, while the others go on."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from racing.extensions import db
from racing.models.columns import UtcTime


class BookmakerSuspension(db.Model):  # type: ignore[name-defined, misc]
    """While the row stands, punters see no price of this bookmaker in this race; the row goes when it reopens.

    `held` is what it will offer then: runner id -> decimal odds as a string, None where it offers none.
    """

    __tablename__ = "bookmaker_suspensions"

    race_id: Mapped[str] = mapped_column(ForeignKey("races.id"), primary_key=True)
    bookmaker: Mapped[str] = mapped_column(ForeignKey("bookmakers.slug"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    held: Mapped[dict[str, Any]] = mapped_column(JSON)
