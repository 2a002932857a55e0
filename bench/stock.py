"""Flask-SocketIO on eventlet as it comes, from its own documentation: `python -m bench.stock PORT [raised]`.

`raised`: with room for more clients than the 1,024 sockets and the backlog of 50 that it takes by itself.
"""

import sys
import warnings

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import resource  # noqa: E402
from typing import Any  # noqa: E402

import eventlet.wsgi  # noqa: E402
from flask import Flask  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402

from bench import bodies, pattern  # noqa: E402

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet")


@socketio.on("subscribe_race")
def subscribe_race(asked: dict[str, Any]) -> str:
    """Follow a race."""
    join_room(f"race:{asked['raceId']}")
    return "ok"


@socketio.on("bench")
def bench(asked: dict[str, Any]) -> None:
    """Send what the load generator asks for."""

    def broadcast(race_id: str, ts: int, seq: int) -> None:
        socketio.emit("odds_update", bodies.same(race_id, ts, seq), to=f"race:{race_id}")

    socketio.start_background_task(pattern.send, asked, broadcast, socketio.sleep)


def main() -> None:
    """Serve."""
    port = int(sys.argv[1])
    if "raised" not in sys.argv:
        socketio.run(app, "127.0.0.1", port)
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    eventlet.wsgi.server(eventlet.listen(("127.0.0.1", port), backlog=4096), app, log_output=False, max_size=65_000)


if __name__ == "__main__":
    main()
