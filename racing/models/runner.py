"""A runner: a horse declared in a race, and what has become of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from racing.extensions import db
from racing.models.columns import Hundredths, UtcTime, price_on_scale, word
from racing.statuses import RunnerStatus

if TYPE_CHECKING:
    from racing.models.odds import CurrentPrice
    from racing.models.race import Race


class Runner(db.Model):  # type: ignore[name-defined, misc]
    """A horse in one race. `version` is the race's version that last changed its status or placing.

    `number` is the saddle cloth's and may carry a letter ("1A"). `withdrawn_price` is the best price when it came out.
    `position` is 1 for first; None where it is not known. `sp` is the starting price, decimal odds.
    `claim` is what the jockey's inexperience takes off the weight, in pounds; `headgear` as on cards ("b", "tp");
    `course_distance` is "C", "D", "CD" or "C D": won at this course, over this distance, both at once, each.
    `opening_price`, `longest_price` and `shortest_price` are of the best prices on the course's day `priced_day`.
    `declared_version` is the race's at which it came onto the card: 0 with the race.
    The slugs are under which the horse, its jockey and its trainer are found; None where the card names none.
    """

    __tablename__ = "runners"
    __table_args__ = (
        UniqueConstraint("race_id", "runner_id"),
        Index("ix_runners_race_id_version", "race_id", "version"),
        CheckConstraint("position >= 1", name="position_from_one"),
        CheckConstraint("(status = 'NON_RUNNER') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_time"),
        price_on_scale("withdrawn_price"),
        price_on_scale("sp"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    race_id: Mapped[str] = mapped_column(ForeignKey("races.id"))
    runner_id: Mapped[str] = mapped_column(String(64))
    position_on_card: Mapped[int] = mapped_column(default=0)
    number: Mapped[str | None] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(120))
    draw: Mapped[int | None]
    jockey: Mapped[str | None] = mapped_column(String(120))
    trainer: Mapped[str | None] = mapped_column(String(120))
    weight: Mapped[str | None] = mapped_column(String(20))
    age: Mapped[int | None]
    form: Mapped[str | None] = mapped_column(String(40))
    official_rating: Mapped[int | None]
    silks: Mapped[str | None] = mapped_column(String(200))
    claim: Mapped[int | None]
    headgear: Mapped[str | None] = mapped_column(String(20))
    course_distance: Mapped[str | None] = mapped_column(String(8))
    horse_slug: Mapped[str | None] = mapped_column(String(64), index=True)
    jockey_slug: Mapped[str | None] = mapped_column(String(64), index=True)
    trainer_slug: Mapped[str | None] = mapped_column(String(64), index=True)
    status: Mapped[RunnerStatus] = mapped_column(word(RunnerStatus, "status_known"), default=RunnerStatus.ACTIVE)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)
    withdrawn_price: Mapped[Decimal | None] = mapped_column(Hundredths)
    position: Mapped[int | None]
    sp: Mapped[Decimal | None] = mapped_column(Hundredths)
    opening_price: Mapped[Decimal | None] = mapped_column(Hundredths)
    longest_price: Mapped[Decimal | None] = mapped_column(Hundredths)
    shortest_price: Mapped[Decimal | None] = mapped_column(Hundredths)
    priced_day: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=0)
    declared_version: Mapped[int] = mapped_column(default=0, server_default="0")

    race: Mapped["Race"] = relationship(back_populates="runners")
    prices: Mapped[list["CurrentPrice"]] = relationship(back_populates="runner")
