"""The one file that reaches into python-engineio and python-socketio, for what neither offers.

- Bounded output: what a client does not read is kept up to a bound, then its transport is closed. Both libraries queue
  without one.
- No permessage-deflate: as it comes it compresses once a client, for twice the time and four times the memory.
- Whatever garbage a client sends ends its own transport, with a line in the log, and nothing else; however fast it
  sends, the others have their turn.
- What Engine.IO v4 and Socket.IO v5 have refused is refused, where the libraries would serve it (see also refusals.py).
- A long-polling client may send as many events at once as fit into a message (see also polls.py).
- Transports are closed without Socket.IO's `disconnect`, after which stock clients never come back.

Versions are pinned exactly (requirements.txt); tests/realtime/test_transports.py names each attribute used here.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import structlog
from engineio.payload import Payload
from socketio.packet import CONNECT, DISCONNECT

from racing import metrics
from racing.config import LARGEST_CLIENT_MESSAGE
from racing.realtime.packets import DebugStream, address, invalid_namespace
from racing.realtime.polls import Polls
from racing.realtime.refusals import refusal
from racing.realtime.transport import internals
from racing.realtime.transport.direct import DirectWebSockets, Limits
from racing.realtime.transport.hub import Hub
from racing.realtime.transport.session import Session

log = structlog.get_logger()
# Below this many messages there is nothing to add up: the common case costs one comparison.
FEW_MESSAGES = 8
LOOKS_TO_JOIN = 15
MOST_REFUSED = 3
PROBE, PROBE_WITHIN_S = "2probe", 10.0
# Close, pong, message (also in base 64), upgrade; open and noop say nothing, and do no harm.
CLIENT_PACKETS = ("1", "3", "4", "b", "5", "0", "6")
# Werkzeug's, which would keep each event's request for as long as the connection lasts.
REQUEST = "werkzeug.request"
A_MOMENT_S, READ_WITHIN_S, LOOK_EVERY_S = 0.2, 5.0, 0.05


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
        self._refused: dict[str, int] = {}
        Payload.max_decode_packets = LARGEST_CLIENT_MESSAGE  # the size is the bound; beyond 16 it would drop them all
        self._send_packet = self._engine.send_packet
        self._engine.send_packet = self._send_bounded
        self._engine.disconnect = self._disconnect_at_once
        self._handle_connect = self._engine.handlers["connect"]
        self._engine.on("connect", self._open)
        self._handle_message = self._engine.handlers["message"]
        self._engine.on("message", self._receive_guarded)
        self._stock_websocket = self._engine._async["websocket"]
        self._engine._async = {**self._engine._async, "websocket": self._websocket}
        self._handle_request = self._engine.handle_request
        self._engine.handle_request = self._request
        self.direct: DirectWebSockets | None = None

    def go_direct(self, hub: Hub, send_loop: str) -> None:
        """Serve WebSockets by ourselves from now on, unless the libraries are not what they were: then as before.

        Raises OSError where `send_loop` cannot be had.
        """
        if changed := list(internals.missing(self._server)):
            log.warning("WebSockets are served the slow way: the libraries have changed", missing=changed)
            return
        limits = Limits(self._most_messages, self._most_bytes, LARGEST_CLIENT_MESSAGE)
        self.direct = DirectWebSockets(self._server, hub, limits, send_loop, self.cut)

    def together(self) -> AbstractContextManager[Any]:
        """Let what is emitted within leave at one time, as far as that depends on us."""
        return nullcontext() if self.direct is None else self.direct.output.held()

    @property
    def kind(self) -> str:
        """How WebSockets are served: "direct" or "stock"."""
        return "stock" if self.direct is None else "direct"

    @property
    def send_loop(self) -> str:
        """What writes to them: "compiled" or "python"."""
        return "python" if self.direct is None else self.direct.send_loop.name

    # --- out --------------------------------------------------------------------------------------------------------

    def _send_bounded(self, eio_sid: str, packet: Any) -> None:
        session = self._engine.sockets.get(eio_sid)
        if session is None or session.closed or eio_sid in self._cut:
            return  # it went meanwhile: what it missed it asks for when it is back
        if isinstance(session, Session):
            session.send(packet)  # bounded by the output that all of them share
            return
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
        log.info("a transport is cut", cause=cause, session=eio_sid, waiting=_unread(session))
        self._server.start_background_task(self._cut_now, session, cause)

    def _cut_now(self, session: Any, cause: str) -> None:
        if isinstance(session, Session):
            # Who does not read would not hear a last word either.
            (session.cut if cause == "slow" else session.close)(reason=self._engine.reason.SERVER_DISCONNECT)
            self._cut.discard(session.sid)
            return
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
            self._server.start_background_task(self._close_when_read, session)

    def _close_when_read(self, session: Any) -> None:
        # A moment to read it: the stock Python client takes a connection that ends while it begins for none at all.
        self._server.sleep(A_MOMENT_S)
        # A poll finds nothing any more once its session is closed, so what waits must be fetched before.
        for _ in range(int(READ_WITHIN_S / LOOK_EVERY_S)):
            if session.upgraded or session.closed or not session.queue.qsize():
                break
            self._server.sleep(LOOK_EVERY_S)
        _close(session, self._engine.reason.SERVER_DISCONNECT)

    def close_all(self) -> None:
        """Close every transport after what waits for it has left: stock clients then come back by themselves."""
        for session in list(self._engine.sockets.values()):
            _close(session, self._engine.reason.SERVER_DISCONNECT)

    def await_written(self, look_every_s: float) -> None:
        """Wait until the sockets have taken what they are to get, the last words included, however long that is."""
        while self.direct is not None and not self.direct.output.is_written:
            self._server.sleep(look_every_s)

    def _disconnect_at_once(self, eio_sid: str) -> None:
        # Called on a poll that is too large. The library's own would wait for the queue to empty: for ever.
        session = self._engine.sockets.get(eio_sid)
        if session is not None:
            _close(session, self._engine.reason.SERVER_DISCONNECT)

    # --- in ---------------------------------------------------------------------------------------------------------

    def _request(self, environ: dict[str, Any], start_response: Any) -> Any:
        why = refusal(environ, self._engine.sockets)
        if why is None:
            return self._handle_request(environ, start_response)
        return _refuse(why, start_response)

    def _open(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        session = self._engine.sockets[eio_sid]
        if not isinstance(session, Session):
            Polls(session)
        return self._handle_connect(eio_sid, environ)

    def _receive_guarded(self, eio_sid: str, data: Any) -> None:
        session = self._engine.sockets.get(eio_sid)
        if session is None or eio_sid in self._cut:
            return
        if not session.upgraded:
            self._server.sleep(0)  # a poll may bring thousands of events
        try:
            if isinstance(data, str) == (eio_sid in self._server._binary_packet):
                raise ValueError("an attachment where none is due, or none where one is")
            if isinstance(data, str):
                self._receive(session, data)
            else:
                self._handle_message(eio_sid, data)
        except Exception as error:  # noqa: BLE001  # handlers answer for themselves: this is a packet that is none
            log.info("a client sent what is no packet", error=repr(error)[:200], session=eio_sid)
            self.cut(eio_sid, "malformed")
        finally:
            self._server.environ.get(eio_sid, {}).pop(REQUEST, None)

    def _receive(self, session: Any, text: str) -> None:
        kind, namespace = address(text)
        if kind != CONNECT:
            if self._server.manager.sid_from_eio_sid(session.sid, namespace) is None:
                raise ValueError("a packet before CONNECT")
            self._handle_message(session.sid, text)
            if kind == DISCONNECT and not self._has_joined(session.sid):
                # Whoever leaves and joins again on one transport would begin with a fresh allowance each time.
                _close(session, self._engine.reason.CLIENT_DISCONNECT)
        elif namespace != "/":
            self._engine.send(session.sid, invalid_namespace(namespace))
        else:
            self._join(session, text)

    def _join(self, session: Any, text: str) -> None:
        if self._has_joined(session.sid):
            raise ValueError("a second CONNECT")
        self._handle_message(session.sid, text)
        if self._has_joined(session.sid):
            # Whose it is has been found out: from now on only its tokens say so.
            self._server.environ[session.sid].pop("HTTP_COOKIE", None)
        else:
            refused = self._refused[session.sid] = 1 + self._refused.get(session.sid, 0)
            if refused >= MOST_REFUSED:
                raise ValueError("refused too often")

    def _has_joined(self, eio_sid: str) -> bool:
        return self._server.manager.sid_from_eio_sid(eio_sid, "/") is not None

    def _websocket(self, handler: Callable[[Any], Any], server: Any) -> Callable[..., Any]:
        """Return the WSGI application that serves one WebSocket; `handler` is a method of its Engine.IO session."""
        session = handler.__self__  # type: ignore[attr-defined]

        def handle(websocket: Any) -> Any:
            websocket.wait = self._in_turn(session, websocket.wait)
            try:
                return handler(websocket) if not session.connected or _probes(session, websocket) else []
            except Exception as error:  # noqa: BLE001  # what escapes the session is a frame that is no Engine.IO
                log.info("a client sent what is no packet", error=repr(error)[:200], session=session.sid)
                if session.upgraded or not session.connected:
                    _close(session, self._engine.reason.TRANSPORT_ERROR)
                session.upgrading = False  # of a probe that failed polling hears nothing
                return []

        application = self._stock_websocket(handle, server)

        def upgrade(environ: dict[str, Any], start_response: Any) -> Any:
            if session.sid in self._sockets:
                return _refuse("Bad request", start_response)  # another probes already
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
                    _close(session, self._engine.reason.TRANSPORT_ERROR)

        return upgrade

    def _in_turn(self, session: Any, wait: Callable[[], Any]) -> Callable[[], Any]:
        """Return `wait`, made to let the others have their turn: a socket with more to read never would by itself."""

        def wait_in_turn() -> Any:
            self._server.sleep(0)
            frame = wait()
            if isinstance(frame, str) and not frame.startswith(CLIENT_PACKETS) and (session.upgraded or frame != PROBE):
                raise ValueError("a packet that clients do not send")
            return frame

        return wait_in_turn

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
        self._refused = {sid: times for sid, times in self._refused.items() if sid in self._engine.sockets}

    def _count(self) -> None:
        metrics.DELIVERED.inc(self._delivered)
        self._delivered = 0
        queued = [_unread(session) for session in self._engine.sockets.values() if not isinstance(session, Session)]
        unread, most = sum(queued), max(queued, default=0)
        if self.direct is not None:
            metrics.DELIVERED.inc(self.direct.output.delivered)
            self.direct.output.delivered = 0
            kept, longest = self.direct.output.unread()
            unread, most = unread + kept, max(most, longest)
        metrics.UNREAD_MESSAGES.set(unread)
        metrics.UNREAD_MOST.set(most)


def _unread(session: Any) -> int:
    if not isinstance(session, Session):
        return int(session.queue.qsize())
    return len(session.line.backlog.frames) if session.line.backlog is not None else 0


def _refuse(why: str, start_response: Any) -> list[bytes]:
    start_response("400 BAD REQUEST", [("Content-Type", "text/plain; charset=utf-8")])
    return [why.encode()]


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
