"""The application for the command line (`flask --app wsgi`); as a program, the web server.

Patching happens only when serving: a patched `flask` command prints tracebacks at its end.
"""

import os
import sys

SERVING = __name__ == "__main__"

if SERVING:
    # Must be set before psycopg is first imported: without it, a query blocks the whole loop.
    os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
    import warnings

    warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()

from app import create_app
from racing.config import ASYNC_MODE, SettingsError


def serve() -> None:
    """Serve until SIGTERM or SIGINT, then end within the 10 s that the router gives."""
    from eventlet import tpool

    from server import Server, bounded

    Server(create_app(async_mode=ASYNC_MODE, off_the_loop=tpool.execute, bounded=bounded)).run()
    # All is said and done; taking thousands of greenlets apart would cost two of the ten seconds.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


try:
    if SERVING:
        serve()
    else:
        app = create_app()
except SettingsError as error:
    sys.exit(f"Cannot start: {error}")
