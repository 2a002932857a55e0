"""The Socket.IO edge: what a client asks for, and the answer it alone gets. Broadcasts come from realtime/."""

from racing.views.live import connecting, replay, subscriptions

__all__ = ["connecting", "replay", "subscriptions"]
