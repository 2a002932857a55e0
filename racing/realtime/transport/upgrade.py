"""A session that polls goes over to a WebSocket (Engine.IO protocol, "Upgrade"): probed, then switched at once."""

from collections.abc import Callable
from typing import Any

import structlog
from wsproto.frame_protocol import CloseReason

from racing.realtime.transport import frames
from racing.realtime.transport.internals import end_poll
from racing.realtime.transport.line import Line

log = structlog.get_logger()
PROBE, PROBED, SWITCH = "2probe", b"3probe", "5"


class Upgrade:
    """The owner of a line on which a session that polls tries a WebSocket."""

    line: Line

    def __init__(self, polling: Any, switch: Callable[["Upgrade"], None], under_way: dict[str, "Upgrade"]) -> None:
        """`polling` is the session; `switch` makes `line` its way from now on, without waiting.

        Until then, or until it fails, it is found `under_way` by the id of its session.
        """
        self.polling, self._switch, self._under_way = polling, switch, under_way
        under_way[polling.sid] = self
        self._is_probed = False

    def receive(self, message: str | bytes) -> None:
        """Take the steps in their order; anything else ends the try."""
        if not self._is_probed and message == PROBE:
            self._is_probed = True
            self.polling.upgrading = True  # its polls bring nothing now: what is sent meanwhile waits for the switch
            self.line.write(frames.frame(PROBED, frames.TEXT))
            end_poll(self.polling)
        elif self._is_probed and message == SWITCH and not self.polling.closed:
            self._under_way.pop(self.polling.sid, None)
            self._switch(self)
        else:
            log.info("an upgrade failed", session=self.polling.sid, said=repr(message[:40]))
            self.line.finish(CloseReason.POLICY_VIOLATION)

    def gone(self) -> None:
        """Go on polling."""
        if self._under_way.get(self.polling.sid) is self:  # else another try is under way, or was made good
            del self._under_way[self.polling.sid]
            self.polling.upgrading = False
        if self.line.is_dropped:
            self.line.let_go()

    def overflow(self, waiting: int) -> None:
        """Give up."""
        self.line.drop()
