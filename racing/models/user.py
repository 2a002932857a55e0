"""Who may do what: users with a role, and the tokens taken back from them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, func
from sqlalchemy.orm import Mapped, mapped_column

from racing.access import Access, Role, is_admitted
from racing.extensions import db
from racing.models.columns import UtcTime, now, word


class User(db.Model):  # type: ignore[name-defined, misc]
    """Somebody who can sign in. A disabled user keeps its history, and no way in; one that left is disabled, too.

    Tokens name the `token_epoch` they were given in: when the user signs out everywhere, or its password changes, a new
    one begins (`signed_out_at`), and those of the epochs before are void.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(word(Role, "role_known"), default=Role.PUNTER)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    # The database's own default too: a worker of the release before does not name this column.
    token_epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    signed_out_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)

    @property
    def may_write_odds(self) -> bool:
        """Staff and feeds move prices, statuses and results."""
        return is_admitted(self.role, Access.WRITER)

    @property
    def is_staff(self) -> bool:
        """Staff and admins have the staff desk."""
        return is_admitted(self.role, Access.STAFF)


class RevokedToken(db.Model):  # type: ignore[name-defined, misc]
    """A token that was given back before its time; the row may go once `expires_at` is past."""

    __tablename__ = "revoked_tokens"

    jti: Mapped[str] = mapped_column(String(36), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    # The database's own default too: a worker of the release before does not name this column.
    revoked_at: Mapped[datetime] = mapped_column(UtcTime, default=now, server_default=func.now(), index=True)
