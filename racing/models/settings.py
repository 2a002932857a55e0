"""How a user wants to be shown prices and times, and when not to be disturbed."""

from datetime import time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from racing.extensions import db
from racing.models.columns import word


class OddsFormat(StrEnum):
    """How a price is written: "11/4", "3.75" or "+275"."""

    FRACTIONAL = "fractional"
    DECIMAL = "decimal"
    AMERICAN = "american"


class Theme(StrEnum):
    """The colours of the pages; `auto` follows the device."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class PopUps(StrEnum):
    """What is shown over a page when it comes: all, only what its reader asked for, or nothing."""

    ALL = "all"
    MINE = "mine"
    NONE = "none"


class UserSettings(db.Model):  # type: ignore[name-defined, misc]
    """One user's choices; a user who never chose has no row.

    `time_zone` None: times are told in the course's zone alone. Between `quiet_from` and `quiet_until`, on the user's
    clock, nothing pops up; both None: no quiet hours.
    """

    __tablename__ = "user_settings"
    __table_args__ = (CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_whole"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    odds_format: Mapped[OddsFormat] = mapped_column(
        word(OddsFormat, "odds_format_known"), default=OddsFormat.FRACTIONAL
    )
    theme: Mapped[Theme] = mapped_column(word(Theme, "theme_known"), default=Theme.AUTO)
    time_zone: Mapped[str | None] = mapped_column(String(40))
    # The database's own default too: a worker of the release before does not name this column.
    pop_ups: Mapped[PopUps] = mapped_column(
        word(PopUps, "pop_ups_known", checked=False), default=PopUps.ALL, server_default=PopUps.ALL.value
    )
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
