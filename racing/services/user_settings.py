"""What users have chosen: how prices and times are shown to them, and when they are not to be disturbed."""

from racing.extensions import db
from racing.models import UserSettings


def of_user(user_id: int) -> UserSettings | None:
    """Return the user's settings, None where nothing was ever chosen."""
    return db.session.get(UserSettings, user_id)
