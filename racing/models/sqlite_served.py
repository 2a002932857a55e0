"""One web process a SQLite file: two would wait for each other's writes, and each hear late of the other's.

Commands (`replay`, `demo`, a backup) work beside it: they do not serve.
"""

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from racing.config import SettingsError


def hold(engine: Engine) -> IO[str] | None:
    """Claim the file for this process, until the returned lock is closed or the process ends, however it ends.

    Returns None for other databases. Raises SettingsError where another process serves it, or it cannot be claimed.
    """
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    path = Path(name).resolve()
    try:
        lock = path.with_name(f"{path.name}.served").open("w", encoding="ascii")
    except OSError as error:
        raise SettingsError(f"the folder of the SQLite file cannot be written to: {error}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise SettingsError(
            f"another web process serves {path} already. SQLite is for one: "
            "for several, set DATABASE_URL to a PostgreSQL, and REDIS_URL."
        ) from None
    return lock
