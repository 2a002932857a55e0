"""What the transport needs of the loop that it lives in; server.py says how eventlet does it."""

from collections.abc import Callable
from typing import Any, Protocol


class Hub(Protocol):
    """A loop of green threads. Nothing here is called from another real thread."""

    def call_later(self, seconds: float, call: Callable[..., None], *args: Any) -> None:
        """Call after so many seconds, in the loop itself: what is called must neither wait nor raise."""

    def spawn(self, work: Callable[..., None], *args: Any) -> None:
        """Run `work` in a green thread of its own, soon. Nobody waits for its end."""

    def sleep(self, seconds: float) -> None:
        """Let the others run, for so long at least."""

    def wait_readable(self, descriptor: int) -> None:
        """Wait until the descriptor can be read."""

    def epoll(self) -> Any:
        """Return a new epoll object. Raises AttributeError where the system has none."""

    def take_over(self, environ: dict[str, Any]) -> Any:
        """Return the plain socket of a request; from now on it is none of the WSGI server's business."""
