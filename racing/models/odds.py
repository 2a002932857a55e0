"""Prices: what each bookmaker offers now, and what it offered before."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import Hundredths, UtcTime, price_on_scale

if TYPE_CHECKING:
    from racing.models.runner import Runner


def bookmaker_name(slug: str) -> str:
    """Return a bookmaker's name, as it is opened under its slug: "bet-corner" is Bet Corner."""
    return slug.replace("-", " ").title()


class Bookmaker(db.Model):  # type: ignore[name-defined, misc]
    """Whose price it is."""

    __tablename__ = "bookmakers"

    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class CurrentPrice(db.Model):  # type: ignore[name-defined, misc]
    """What one bookmaker offers for one runner; `price` None: no price now. `version` is the race's that changed it."""

    __tablename__ = "current_prices"
    __table_args__ = (
        Index("ix_current_prices_race_id_version", "race_id", "version"),
        price_on_scale("price"),
        price_on_scale("previous"),
    )

    runner_pk: Mapped[int] = mapped_column(ForeignKey("runners.id"), primary_key=True)
    bookmaker: Mapped[str] = mapped_column(ForeignKey("bookmakers.slug"), primary_key=True)
    race_id: Mapped[str] = mapped_column(ForeignKey("races.id"))
    price: Mapped[Decimal | None] = mapped_column(Hundredths)
    previous: Mapped[Decimal | None] = mapped_column(Hundredths)
    version: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(UtcTime)

    runner: Mapped["Runner"] = relationship(back_populates="prices")


class PriceChange(db.Model):  # type: ignore[name-defined, misc]
    """One price in the history of the day: what it became, at which version, when and by whom."""

    __tablename__ = "price_changes"
    __table_args__ = (
        Index("ix_price_changes_race_id_version_id", "race_id", "version", "id"),
        Index("ix_price_changes_runner_pk_bookmaker_version", "runner_pk", "bookmaker", "version"),
        price_on_scale("price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    race_id: Mapped[str] = mapped_column(ForeignKey("races.id"))
    runner_pk: Mapped[int] = mapped_column(ForeignKey("runners.id"))
    bookmaker: Mapped[str] = mapped_column(ForeignKey("bookmakers.slug"))
    price: Mapped[Decimal | None] = mapped_column(Hundredths)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    runner: Mapped["Runner"] = relationship()
