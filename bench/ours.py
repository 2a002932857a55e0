"""The product as it is, with one more event: `bench`, by which the load generator has it send.

A program (`python -m bench.ours`); the environment is wsgi.py's. It refuses to serve where the transport or the send
loop is not the one that WEBSOCKET_TRANSPORT and SEND_LOOP ask for: a measurement of something else would mislead.
"""

import os
import sys
import warnings

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
import eventlet  # noqa: E402

eventlet.monkey_patch()

from typing import Any  # noqa: E402

from eventlet import tpool  # noqa: E402
from flask import Flask  # noqa: E402

from app import create_app  # noqa: E402
from bench import bodies, pattern  # noqa: E402
from racing.config import ASYNC_MODE, SettingsError  # noqa: E402
from racing.extensions import socketio  # noqa: E402
from racing.realtime import messages, rooms  # noqa: E402
from server import Server, bounded  # noqa: E402


def another_path(app: Flask) -> str | None:
    """Return a sentence where `app` does not serve its clients in the way that was asked for; else None."""
    transports = app.extensions["transports"]
    asked = os.environ.get("WEBSOCKET_TRANSPORT", "direct")
    if transports.kind != asked:
        return (
            f"WebSockets are served by the {transports.kind} transport, not by the {asked} one that is to be measured."
        )
    send_loop = os.environ.get("SEND_LOOP", "compiled")
    if asked == "direct" and transports.send_loop != send_loop:
        return f"The send loop is the {transports.send_loop} one, not the {send_loop} one that is to be measured."
    return None


class MeasuredServer(Server):
    """The product's server, which lets nobody in where it would serve them in another way than was asked for."""

    def _serve(self, door: Any) -> None:
        if sentence := another_path(self._app):
            print(sentence, flush=True)
            os._exit(1)  # an exit from a greenlet would only end the greenlet
        super()._serve(door)


def add_bench_event(app: Flask) -> None:
    """Let whoever sends `bench` have messages sent, by the product's own way to the rooms of its variants."""
    connections, is_alone = app.extensions["connections"], app.extensions["link"] is None

    def broadcast(race_id: str, ts: int, seq: int, vary: bool) -> None:
        for variant in sorted(connections.variants_of(race_id)):
            made = bodies.varied(race_id, ts, seq, variant.mode) if vary else bodies.same(race_id, ts, seq)
            message = messages.encoded(made, variant.encoding)  # type: ignore[arg-type]
            # Over Redis too, where there is one, so that another worker would hear of it.
            socketio.emit("odds_update", message, to=rooms.variant(race_id, variant), ignore_queue=is_alone)

    def bench(asked: dict[str, Any]) -> None:
        vary = bool(asked.get("vary"))
        socketio.start_background_task(
            pattern.send, asked, lambda race_id, ts, seq: broadcast(race_id, ts, seq, vary), socketio.sleep
        )

    socketio.on_event("bench", bench)


def main() -> None:
    """Serve until SIGTERM."""
    app = create_app(async_mode=ASYNC_MODE, off_the_loop=tpool.execute, bounded=bounded)
    add_bench_event(app)
    MeasuredServer(app).run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    try:
        main()
    except SettingsError as error:
        sys.exit(f"Cannot start: {error}")
