"""What users have chosen: how prices and times are shown to them, and when they are not to be disturbed."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy.dialects import postgresql, sqlite

from racing.extensions import db
from racing.models import OddsFormat, PopUps, Theme, UserSettings
from racing.services.transactions import one_change


@dataclass(frozen=True)
class Chosen:
    """All that a user chooses. `time_zone` None: the course's alone; `quiet` is (from, until) on the user's clock."""

    odds_format: OddsFormat
    theme: Theme
    time_zone: str | None
    quiet: tuple[time, time] | None
    pop_ups: PopUps = PopUps.ALL


def of_user(user_id: int) -> UserSettings | None:
    """Return the user's settings, None where nothing was ever chosen."""
    return db.session.get(UserSettings, user_id)


def save(user_id: int, chosen: Chosen) -> None:
    """Keep all of what a user has chosen; what was chosen before is forgotten."""
    quiet_from, quiet_until = chosen.quiet or (None, None)
    row = {
        "odds_format": chosen.odds_format,
        "theme": chosen.theme,
        "time_zone": chosen.time_zone,
        "pop_ups": chosen.pop_ups,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    # One statement: two pages that choose for the first time at once both find no row.
    insert = dialect.insert(UserSettings).values(user_id=user_id, **row)
    with one_change():
        db.session.execute(insert.on_conflict_do_update(index_elements=[UserSettings.user_id], set_=row))
