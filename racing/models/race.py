"""A race: where it stands, and the one number that orders all that can be known of it."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import UtcTime, now, word
from racing.statuses import Betting, RaceStatus

if TYPE_CHECKING:
    from racing.models.meeting import Meeting
    from racing.models.runner import Runner


class Race(db.Model):  # type: ignore[name-defined, misc]
    """One contest. `version` rises by one with every visible change, in that change's own transaction.

    `state_version` is the version that last changed the race's own fields (status, betting, enquiry, off time, result).
    `card_version` is the one that last changed the card (title, going, a runner's details, a runner more), 0 for none.
    `prize` is the money as printed ("£24,500").
    """

    __tablename__ = "races"
    __table_args__ = (
        CheckConstraint("length(id) BETWEEN 1 AND 64 AND id = lower(id)", name="id_is_slug"),
        CheckConstraint("version >= 0", name="version_not_negative"),
        CheckConstraint("state_version BETWEEN 0 AND version", name="state_version_reached"),
        CheckConstraint(
            "status NOT IN ('RESULT', 'WEIGHEDIN', 'RACEVOID', 'ABANDONED') OR betting = 'closed'",
            name="no_betting_after_result",
        ),
        Index("ix_races_meeting_id_off_time", "meeting_id", "off_time"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    off_time: Mapped[datetime] = mapped_column(UtcTime, index=True)
    off_at: Mapped[datetime | None] = mapped_column(UtcTime)
    title: Mapped[str] = mapped_column(String(200))
    distance: Mapped[str | None] = mapped_column(String(40))
    going: Mapped[str | None] = mapped_column(String(60))
    race_class: Mapped[str | None] = mapped_column(String(40))
    prize: Mapped[str | None] = mapped_column(String(40))
    handicap: Mapped[bool] = mapped_column(default=False)
    status: Mapped[RaceStatus] = mapped_column(word(RaceStatus, "status_known"), default=RaceStatus.DORMANT)
    betting: Mapped[Betting] = mapped_column(word(Betting, "betting_known"), default=Betting.OPEN)
    enquiry: Mapped[bool] = mapped_column(default=False)
    has_result: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)
    state_version: Mapped[int] = mapped_column(default=0)
    card_version: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)

    meeting: Mapped["Meeting"] = relationship(back_populates="races")
    runners: Mapped[list["Runner"]] = relationship(back_populates="race", order_by="Runner.position_on_card")

    def next_version(self, at: datetime) -> int:
        """Raise the version by one for a change made `at`, and return it. The race must be locked."""
        self.version += 1
        self.updated_at = at
        return self.version

    def next_state(self, at: datetime) -> int:
        """As `next_version`, for a change of the race's own fields."""
        self.state_version = self.next_version(at)
        return self.version
