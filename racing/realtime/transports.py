"""The one file that reaches into python-engineio and python-socketio, for what neither offers.

- Bounded output: what a client does not read is kept up to a bound, then its transport is closed. Both libraries queue
  without one.
- No permessage-deflate: as it comes it compresses once a client, for twice the time and four times the memory.
- Whatever garbage a client sends ends its own transport, with a line in the log, and nothing else.
- Transports are closed without Socket.IO's `disconnect`, after which stock clients never come back.

Versions are pinned exactly (requirements.txt); tests/realtime/test_transports.py names each attribute used here.
"""

import logging
from collections.abc import Callable
from typing import Any

import structlog
from socketio.packet import BINARY_ACK, BINARY_EVENT, EVENT, Packet

from racing import metrics

log = structlog.get_logger()
# Below this many messages there is nothing to add up: the common case costs one comparison.
FEW_MESSAGES = 8
MOST_ATTACHMENTS = 4  # no event of ours takes any; a few are let through to be refused in words
LOOKS_TO_JOIN = 15
RESERVED = ("connect", "disconnect")


class ClientPacket(Packet):  # type: ignore[misc]
    """A Socket.IO packet that takes from a client only what is one."""

    def decode(self, encoded_packet: Any) -> int:
        """As the library's. Raises ValueError for what it would trip over later."""
        attachments = int(super().decode(encoded_packet) or 0)
        if attachments > MOST_ATTACHMENTS:
            raise ValueError("too many attachments")
        if self.packet_type in (EVENT, BINARY_EVENT):
            if not isinstance(self.data, list) or not self.data or not isinstance(self.data[0], str):
                raise ValueError("an event without a name")
            if self.data[0] in RESERVED:
                raise ValueError("an event by a reserved name")
        elif self.packet_type == BINARY_ACK and not isinstance(self.data, list):
            raise ValueError("an acknowledgement that is no list")
        return attachments


class QuietLogger(logging.Filter):
    """Tells what the libraries log about a client's misdeeds in a line: no traceback, no alarm."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass the record on to our own log; the library's handlers never see it."""
        said = record.getMessage()[:200]
        if said.startswith(("connect handler", "disconnect handler")):
            log.error(said, exc_info=record.exc_info)  # these are ours, and must not fail
        else:
            log.info(said, library=record.name, error=repr(record.exc_info[1])[:200] if record.exc_info else None)
        return False


def quiet_logger(name: str) -> logging.Logger:
    """Return a logger for one of the libraries that speaks through ours."""
    logger = logging.getLogger(f"racing.{name}")
    logger.setLevel(logging.ERROR)
    if not logger.filters:
        logger.addFilter(QuietLogger())
    return logger


class Transports:
    """The Engine.IO sessions of one server: bounded, guarded, and closed where they must be."""

    def __init__(self, server: Any, most_messages: int, most_bytes: int) -> None:
        """Take over `server`, a socketio.Server on which nobody is connected yet.

        A client may leave `most_messages` or `most_bytes` unread, beside what its writer has taken up already.
        """
        self._most_messages, self._most_bytes = most_messages, most_bytes
        self._server, self._engine = server, server.eio
        self._sockets: dict[str, Any] = {}
        self._cut: set[str] = set()
        self._looks: dict[str, int] = {}
        self._delivered = 0
        self._send_packet = self._engine.send_packet
        self._engine.send_packet = self._send_bounded
        self._engine.disconnect = self._disconnect_at_once
        self._handle_message = self._engine.handlers["message"]
        self._engine.on("message", self._receive_guarded)
        self._stock_websocket = self._engine._async["websocket"]
        self._engine._async = {**self._engine._async, "websocket": self._websocket}

    # --- out --------------------------------------------------------------------------------------------------------

    def _send_bounded(self, eio_sid: str, packet: Any) -> None:
        session = self._engine.sockets.get(eio_sid)
        if session is None or session.closed or eio_sid in self._cut:
            return  # it went meanwhile: what it missed it asks for when it is back
        if self._is_behind(session.queue):
            metrics.SLOW_CLIENTS_CLOSED.inc()
            self.cut(eio_sid, "slow")
            return
        self._send_packet(eio_sid, packet)
        self._delivered += 1  # the counter itself would cost as much as the sending

    def _is_behind(self, queue: Any) -> bool:
        waiting = queue.qsize()
        if waiting < FEW_MESSAGES:
            return False
        if waiting >= self._most_messages:
            return True
        return sum(len(packet.data or "") for packet in queue.queue if packet is not None) >= self._most_bytes

    def cut(self, eio_sid: str, cause: str) -> None:
        """Close a transport at once, whatever waits for it, in a greenlet of its own: a broadcast may be under way."""
        session = self._engine.sockets.get(eio_sid)
        if session is None or eio_sid in self._cut:
            return
        self._cut.add(eio_sid)
        metrics.TRANSPORTS_CUT.labels(cause).inc()
        log.info("a transport is cut", cause=cause, session=eio_sid, waiting=session.queue.qsize())
        self._server.start_background_task(self._cut_now, session)

    def _cut_now(self, session: Any) -> None:
        _close(session, self._engine.reason.SERVER_DISCONNECT)
        # A writer that stands in send() hears of nothing but its socket.
        _shut(self._sockets.pop(session.sid, None))
        self._engine.sockets.pop(session.sid, None)
        self._cut.discard(session.sid)

    def close(self, sid: str, cause: str) -> None:
        """Close the transport of a Socket.IO connection after what waits for it has left."""
        session = self._engine.sockets.get(self._server.manager.eio_sid_from_sid(sid, "/"))
        if session is not None:
            metrics.TRANSPORTS_CUT.labels(cause).inc()
            _close(session, self._engine.reason.SERVER_DISCONNECT)

    def close_all(self) -> None:
        """Close every transport after what waits for it has left: stock clients then come back by themselves."""
        for session in list(self._engine.sockets.values()):
            _close(session, self._engine.reason.SERVER_DISCONNECT)

    def _disconnect_at_once(self, eio_sid: str) -> None:
        # Called on a poll that is too large. The library's own would wait for the queue to empty: for ever.
        session = self._engine.sockets.get(eio_sid)
        if session is not None:
            _close(session, self._engine.reason.SERVER_DISCONNECT)

    # --- in ---------------------------------------------------------------------------------------------------------

    def _receive_guarded(self, eio_sid: str, data: Any) -> None:
        try:
            if isinstance(data, str) and data[:1] == "0" and self._has_joined(eio_sid):
                raise ValueError("a second CONNECT")
            self._handle_message(eio_sid, data)
        except Exception as error:  # noqa: BLE001  # handlers answer for themselves: this is a packet that is none
            log.info("a client sent what is no packet", error=repr(error)[:200], session=eio_sid)
            self.cut(eio_sid, "malformed")

    def _has_joined(self, eio_sid: str) -> bool:
        return self._server.manager.sid_from_eio_sid(eio_sid, "/") is not None

    def _websocket(self, handler: Callable[[Any], Any], server: Any) -> Callable[..., Any]:
        """Return the WSGI application that serves one WebSocket; `handler` is a method of its Engine.IO session."""
        session = handler.__self__  # type: ignore[attr-defined]

        def handle(websocket: Any) -> Any:
            try:
                return handler(websocket)
            except Exception as error:  # noqa: BLE001  # what escapes the session is a frame that is no Engine.IO
                log.info("a client sent what is no packet", error=repr(error)[:200], session=session.sid)
                _close(session, self._engine.reason.TRANSPORT_ERROR)
                return []

        application = self._stock_websocket(handle, server)

        def upgrade(environ: dict[str, Any], start_response: Any) -> Any:
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
            # Taken for idle, it would be shut as soon as the server stops, whatever is still to be said to it.
            environ.pop("eventlet.set_idle", None)
            if "eventlet.input" in environ:
                self._sockets[session.sid] = environ["eventlet.input"].get_socket()
            try:
                return application(environ, start_response)
            finally:
                self._sockets.pop(session.sid, None)
                if not session.connected:  # the handshake failed, and nobody will ever come back for this session
                    _close(session, self._engine.reason.TRANSPORT_ERROR)

        return upgrade

    # --- duties of the loop -----------------------------------------------------------------------------------------

    def due_in(self) -> float | None:
        """Return None: it only looks round."""
        return None

    def do_due(self) -> None:
        """Do nothing: it only looks round."""

    def poll(self) -> None:
        """Count what was delivered and what waits. Cut those who opened a transport and never joined."""
        self._count()
        # They follow nothing, and no limit counts them.
        waiting = {sid: 1 + self._looks.get(sid, 0) for sid in self._engine.sockets if not self._has_joined(sid)}
        for sid in [sid for sid, looks in waiting.items() if looks > LOOKS_TO_JOIN]:
            self.cut(sid, "never_joined")
        self._looks = waiting

    def _count(self) -> None:
        metrics.DELIVERED.inc(self._delivered)
        self._delivered = 0
        unread = [session.queue.qsize() for session in self._engine.sockets.values()]
        metrics.UNREAD_MESSAGES.set(sum(unread))
        metrics.UNREAD_MOST.set(max(unread, default=0))


def _close(session: Any, reason: str) -> None:
    # abort: no CLOSE packet, after which the stock Python client never returns.
    session.close(wait=False, abort=True, reason=reason)


def _shut(socket: Any) -> None:
    if socket is None:
        return
    try:
        socket.shutdown(2)
    except OSError as error:
        log.debug("the socket was gone already", error=str(error))
