"""An Engine.IO session over a WebSocket of ours, as python-engineio's server takes it (Engine.IO v4)."""

from collections import deque
from typing import Any, Protocol

import structlog

from racing.realtime.transport import frames
from racing.realtime.transport.hub import Hub
from racing.realtime.transport.internals import PING, Packet
from racing.realtime.transport.line import Line

log = structlog.get_logger()
CLOSED_BY_US, CLOSED_BY_CLIENT, LOST, TIMED_OUT = (
    "server disconnect", "client disconnect", "transport close", "ping timeout",
)  # fmt: skip
# Until these are handled no more is read from a client.
MOST_UNHANDLED = 8
GONE = None


class House(Protocol):
    """What all sessions of a worker share."""

    hub: Hub

    def trigger(self, event: str, *args: Any) -> Any:
        """Call the server's handler of an Engine.IO event."""

    def ponged(self, session: "Session") -> None:
        """Note that its client is alive."""

    def went(self, session: "Session") -> None:
        """Write no more to a session of which the end is still to be told."""

    def ended(self, session: "Session") -> None:
        """Forget a session."""

    def too_slow(self, session: "Session", waiting: int) -> None:
        """Cut a session whose client does not read."""

    def malformed(self, session: "Session", message: str | bytes) -> None:
        """Cut a session whose client sends what is no packet."""


class Session:
    """A session: idle, it is this and its line."""

    connected = upgraded = True
    upgrading = False
    line: Line
    __slots__ = ("_house", "_inbox", "_kept", "closed", "closing", "line", "pinged", "sid", "slot")

    def __init__(self, house: House, sid: str) -> None:
        """Be the session `sid`; its line is about to be opened."""
        self._house, self.sid = house, sid
        self.closed = self.closing = False
        self.pinged = False
        self.slot = -1
        self._inbox: deque[str | bytes | None] | None = None
        self._kept: dict[str, Any] | None = None

    @property
    def session(self) -> dict[str, Any]:
        """What the application keeps with the session, for python-socketio."""
        if self._kept is None:
            self._kept = {}
        return self._kept

    # --- out --------------------------------------------------------------------------------------------------------

    def send(self, packet: Any) -> None:
        """Send an Engine.IO packet, after all that was sent before it. Waits for nothing."""
        self.line.write(frames.plain(packet.encode()))

    @property
    def unread(self) -> int:
        """How many messages the client has not taken yet."""
        return len(self.line.backlog.frames) if self.line.backlog is not None else 0

    def ping(self) -> None:
        """Ask the client whether it is there."""
        self.pinged = True
        self.send(Packet(PING))

    def overflow(self, waiting: int) -> None:
        """See Line."""
        self._house.too_slow(self, waiting)

    # --- in ---------------------------------------------------------------------------------------------------------

    def receive(self, message: str | bytes) -> None:
        """Take a packet; what is to be done about it is done in a green thread, in the order of arrival."""
        if message == "3":
            self._house.ponged(self)
        elif not self.closed:
            self._put(message)

    def gone(self) -> None:
        """Note that the line is at its end; what came before is handled first."""
        self._house.went(self)
        if not self.closed:
            self._put(GONE)
        elif self.line.is_dropped:
            self.line.let_go()

    def _put(self, message: str | bytes | None) -> None:
        if self._inbox is not None:
            self._inbox.append(message)
            if len(self._inbox) >= MOST_UNHANDLED:
                self.line.listen(wanted=False)
            return
        self._inbox = deque((message,))
        self._house.hub.spawn(self._work)

    def _work(self) -> None:
        inbox = self._inbox or deque()
        try:
            while inbox and not self.closed:
                self._handle_guarded(inbox.popleft())
                if inbox:
                    self._house.hub.sleep(0)  # a client that always has more to say must not have the loop for itself
        finally:
            self._inbox = None
            self.line.listen(wanted=True)

    def _handle_guarded(self, message: str | bytes | None) -> None:
        try:
            self._handle(message)
        except Exception:
            # Whatever it was, the end of the session must be heard of: until then its descriptor is taken.
            log.exception("a packet could not be handled", session=self.sid)

    def _handle(self, message: str | bytes | None) -> None:
        if message is GONE:
            self.close(abort=True, reason=LOST)
        elif isinstance(message, bytes):
            self._house.trigger("message", self.sid, message)
        elif message[:1] == "4":
            self._house.trigger("message", self.sid, message[1:])
        elif message[:1] == "1":
            self.close(abort=True, reason=CLOSED_BY_CLIENT)
        elif message not in ("5", "6"):
            self._house.malformed(self, message)

    # --- the end ----------------------------------------------------------------------------------------------------

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """End the session: its handler is told, what was sent before leaves, then the line is closed.

        With or without `abort`, no CLOSE packet is sent: stock clients would not come back after it.
        """
        if self._end(reason):
            self.line.finish()

    def cut(self, reason: str | None = None) -> None:
        """As `close`, at once, whatever waits for the client."""
        if self._end(reason):
            self.line.drop()

    def _end(self, reason: str | None) -> bool:
        if self.closing or self.closed:
            return False
        self.closing = True
        self._house.trigger("disconnect", self.sid, reason or CLOSED_BY_US)
        self.closed = True
        self._house.ended(self)
        if self.line.is_dropped:
            self.line.let_go()  # only now: until here it was in rooms, and could be written to by its descriptor
        return True

    def check_ping_timeout(self) -> bool:
        """Tell that it is there: the pinger looks after it."""
        return not self.closed

    def schedule_ping(self) -> None:
        """Do nothing: the pinger looks after it."""
