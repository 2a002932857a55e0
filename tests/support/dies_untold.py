"""The web process with a fault in it: it dies between the commit of a change and the word of it, where a file says so.

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

from racing.realtime import publisher  # noqa: E402

told = publisher.Publisher.touch


def die_untold(self: Any, race_id: str, version: int, **how: Any) -> None:
    """Die, where the file that DIES_AT names holds this race; else tell as ever."""
    order = Path(os.environ["DIES_AT"])
    if order.exists() and order.read_text() == race_id:
        order.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    told(self, race_id, version, **how)


publisher.Publisher.touch = die_untold  # type: ignore[method-assign]
runpy.run_path(str(ROOT / "wsgi.py"), run_name="__main__")
