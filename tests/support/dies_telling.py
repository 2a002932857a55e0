"""The web process with a fault in it: it dies as it tells users of what they watch, where a file says so.

The file that DIES_AT names says when: `before` the commit of what it tells, or `after` it, before anybody is sent it.
Run as a program in place of wsgi.py. It ends like a machine that loses its power: no handler runs, nothing is flushed.
"""

import os
import runpy
import signal
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

import eventlet  # noqa: E402

eventlet.monkey_patch()

from racing.services import alert_progress, alerts  # noqa: E402

advance, tell = alert_progress.advance, alerts._tell_each


def die_if_told(when: str) -> None:
    order = Path(os.environ["DIES_AT"])
    if order.exists() and order.read_text() == when:
        order.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def advance_or_die(*what: Any) -> None:
    """Die where it was told to, with all that is told written and nothing committed."""
    die_if_told("before")
    advance(*what)


def tell_then_die(race_ids: list[str]) -> bool:
    """Die where it was told to, with all committed; the loop has not come to the outbox yet."""
    is_all = tell(race_ids)
    if race_ids:
        die_if_told("after")
    return is_all


alert_progress.advance, alerts._tell_each = advance_or_die, tell_then_die  # type: ignore[assignment]
runpy.run_path(str(ROOT / "wsgi.py"), run_name="__main__")
