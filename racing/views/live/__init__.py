"""The Socket.IO edge: what a client asks for, and the answer it alone gets. Broadcasts come from realtime/."""

from typing import Any

from flask import Flask

from racing.views.live import connecting, handling, replay, subscriptions

__all__ = ["bind", "connecting", "handling", "replay", "subscriptions"]


def bind(server: Any, app: Flask) -> None:
    """Handle what the clients of `server`, a socketio.Server, do, on behalf of `app`."""
    connecting.bind(server, app)
    handling.bind(server, app)
