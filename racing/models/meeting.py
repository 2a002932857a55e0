"""A meeting: the races of one course on one day."""

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db

if TYPE_CHECKING:
    from racing.models.race import Race


class Meeting(db.Model):  # type: ignore[name-defined, misc]
    """One course on one day, the day being the course's own."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("course", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    course: Mapped[str] = mapped_column(String(80))
    day: Mapped[date] = mapped_column(index=True)
    country: Mapped[str | None] = mapped_column(String(3))
    time_zone: Mapped[str] = mapped_column(String(40))

    races: Mapped[list["Race"]] = relationship(back_populates="meeting", order_by="Race.off_time, Race.id")

    @property
    def zone(self) -> ZoneInfo:
        """The course's time zone, in which punters are told its times."""
        return ZoneInfo(self.time_zone)
