"""The stock Python client, but that what comes is handled in the order it came."""

from typing import Any

import engineio
import socketio


class _Connection(engineio.Client):
    """The stock one handles each message in a thread of its own: an attachment may overtake the event it belongs to."""

    def _trigger_event(self, event: str, *args: Any, **how: Any) -> Any:
        return super()._trigger_event(event, *args, **{**how, "run_async": False})


class InOrder(socketio.Client):
    """A stock client in all else."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _Connection
