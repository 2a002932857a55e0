"""What users want to hear of: races, horses and people they watch, prices they wait for."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import Hundredths, UtcTime, now, price_on_scale, word
from racing.statuses import RaceStatus

if TYPE_CHECKING:
    from racing.models.race import Race
    from racing.models.runner import Runner

_ARMED = text("armed")


class WatchKind(StrEnum):
    """What can be watched."""

    RACE = "race"
    HORSE = "horse"
    JOCKEY = "jockey"
    TRAINER = "trainer"


class Watch(db.Model):  # type: ignore[name-defined, misc]
    """One thing on a user's watchlist. `key` is a race's id, or the slug of a name; `name` is how it is shown.

    With `alerts` its user is told what happens to it.
    """

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("user_id", "kind", "key"), Index("ix_watches_kind_key", "kind", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[WatchKind] = mapped_column(word(WatchKind, "kind_known"))
    key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    alerts: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class Wanted(StrEnum):
    """Which side of a price is waited for: that or bigger, that or shorter."""

    BIGGER = "bigger"
    SHORTER = "shorter"


class PriceAlert(db.Model):  # type: ignore[name-defined, misc]
    """A best price one user waits for, once: told of it, it is no longer `armed` until its user arms it again.

    One that is neither armed nor told is closed: its horse came out, or its race was over first. With `must_leave` the
    price was there when it was armed again: it counts once it has been another.
    """

    __tablename__ = "price_alerts"
    __table_args__ = (
        UniqueConstraint("user_id", "runner_pk", "wanted"),
        Index("ix_price_alerts_armed", "race_id", sqlite_where=_ARMED, postgresql_where=_ARMED),
        price_on_scale("price"),
        price_on_scale("told_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    race_id: Mapped[str] = mapped_column(ForeignKey("races.id"))
    runner_pk: Mapped[int] = mapped_column(ForeignKey("runners.id"))
    wanted: Mapped[Wanted] = mapped_column(word(Wanted, "wanted_known"))
    price: Mapped[Decimal] = mapped_column(Hundredths)
    armed: Mapped[bool] = mapped_column(default=True)
    # The database's own default too: a worker of the release before does not name this column.
    must_leave: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    told_price: Mapped[Decimal | None] = mapped_column(Hundredths)

    race: Mapped["Race"] = relationship()
    runner: Mapped["Runner"] = relationship()


class AlertProgress(db.Model):  # type: ignore[name-defined, misc]
    """Up to where in a race those who wait for something in it have been told. No row: nobody waits.

    `status` and `off_time` are what they were told last: what differs now is news.
    """

    __tablename__ = "alert_progress"

    race_id: Mapped[str] = mapped_column(ForeignKey("races.id"), primary_key=True)
    version: Mapped[int]
    status: Mapped[RaceStatus] = mapped_column(word(RaceStatus, "status_known"))
    off_time: Mapped[datetime] = mapped_column(UtcTime)
