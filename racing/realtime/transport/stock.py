"""Sessions that python-engineio serves by itself: those that poll, and WebSockets where the direct way is off.

- Bounded output: the library queues without a bound for a client that does not read.
- No permessage-deflate: as it comes it compresses once a client, for twice the time and four times the memory.
- However fast a client sends, the others have their turn; a frame that is no Engine.IO ends its own connection.
- A WebSocket that fails to take over from polling leaves polling as it was.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from racing.config import LARGEST_CLIENT_MESSAGE
from racing.realtime.packets import DebugStream
from racing.realtime.transport import internals
from racing.realtime.transport.idle_words import IdleWords
from racing.realtime.transport.refusals import refuse

log = structlog.get_logger()
# Below this many messages there is nothing to add up: the common case costs one comparison.
FEW_MESSAGES = 8
CONTROL = 0x8
PROBE, PROBE_WITHIN_S = "2probe", 10.0
# Close, pong, message (also in base 64), upgrade; open and noop say nothing, and do no harm.
CLIENT_PACKETS = ("1", "3", "4", "b", "5", "0", "6")

Environ = dict[str, Any]


class StockSessions:
    """Guards the library's sessions of one server."""

    def __init__(self, server: Any, most_messages: int, most_bytes: int) -> None:
        """A client may leave `most_messages` or `most_bytes` unread, beside what its writer has taken up already."""
        self._server, self._reasons = server, server.eio.reason
        self._most_messages, self._most_bytes = most_messages, most_bytes
        self._sockets: dict[str, Any] = {}
        internals.wrap_websockets(server, self._guarded)

    def is_behind(self, session: Any) -> bool:
        """Tell whether a client has left too much unread."""
        waiting = internals.queued(session)
        if waiting < FEW_MESSAGES:
            return False
        return waiting >= self._most_messages or internals.queued_bytes(session) >= self._most_bytes

    def cut(self, session: Any) -> None:
        """Close a session at once, whatever waits for its client."""
        internals.close(session, self._reasons.SERVER_DISCONNECT)
        # A writer that stands in send() hears of nothing but its socket.
        _shut(self._sockets.pop(session.sid, None))
        internals.sessions(self._server).pop(session.sid, None)

    # --- WebSockets -------------------------------------------------------------------------------------------------

    def _guarded(self, session: Any, serve: Callable[..., Any]) -> Callable[..., Any]:
        application = serve(lambda opened, stock: self._handle(session, opened, stock))

        def upgrade(environ: Environ, start_response: Any) -> Any:
            if session.sid in self._sockets:
                return refuse("Bad request", start_response)  # another probes already
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
            # Taken for idle, it would be shut as soon as the server stops, whatever is still to be said to it.
            environ.pop("eventlet.set_idle", None)
            environ["wsgi.errors"] = DebugStream()
            if "eventlet.input" in environ:
                self._sockets[session.sid] = environ["eventlet.input"].get_socket()
            try:
                return application(environ, start_response)
            finally:
                self._sockets.pop(session.sid, None)
                if not session.connected:  # the handshake failed, and nobody will ever come back for this session
                    internals.close(session, self._reasons.TRANSPORT_ERROR)

        return upgrade

    def _handle(self, session: Any, websocket: Any, stock: Callable[[Any], Any]) -> Any:
        websocket.wait = self._in_turn(session, websocket.wait)
        internals.take_frames(websocket, partial(self._look, IdleWords()))
        try:
            return stock(websocket) if not session.connected or _probes(session, websocket) else []
        except Exception as error:  # noqa: BLE001  # what escapes the session is a frame that is no Engine.IO
            log.info("a client sent what is no packet", error=repr(error)[:200], session=session.sid)
            if session.upgraded or not session.connected:
                internals.close(session, self._reasons.TRANSPORT_ERROR)
            session.upgrading = False  # of a probe that failed polling hears nothing
            return []

    def _look(self, idle_words: IdleWords, message: Any) -> None:
        """Let the others have their turn between two frames, too; raise ValueError for frames without an end."""
        if not message.finished or message.opcode & CONTROL:
            self._server.sleep(0)
            if idle_words.are_too_many(self) or sum(map(len, message.data)) > LARGEST_CLIENT_MESSAGE:
                raise ValueError("too many frames without a message")

    def _in_turn(self, session: Any, wait: Callable[[], Any]) -> Callable[[], Any]:
        """Return `wait`, made to let the others have their turn: a socket with more to read never would by itself."""

        def wait_in_turn() -> Any:
            self._server.sleep(0)
            frame = wait()
            if isinstance(frame, str) and not frame.startswith(CLIENT_PACKETS) and (session.upgraded or frame != PROBE):
                raise ValueError("a packet that clients do not send")
            return frame

        return wait_in_turn


def _probes(session: Any, websocket: Any) -> bool:
    """Wait for the first frame of a WebSocket that is to replace polling, which goes on meanwhile."""
    websocket.socket.settimeout(PROBE_WITHIN_S)
    first, wait = websocket.wait(), websocket.wait
    if first != PROBE or session.upgraded or session.closed:
        return False

    def wait_again() -> Any:
        websocket.wait = wait
        return first

    websocket.wait = wait_again
    return True


def _shut(socket: Any) -> None:
    if socket is None:
        return
    try:
        socket.shutdown(2)
    except OSError as error:
        log.debug("the socket was gone already", error=str(error))
