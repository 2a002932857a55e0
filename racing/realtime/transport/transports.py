"""The Engine.IO sessions of one server, whoever serves them: bounded, guarded, counted, and closed where they must be.

Transports are closed without Socket.IO's `disconnect`, after which stock clients never come back.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import structlog

from racing import metrics
from racing.config import LARGEST_CLIENT_MESSAGE
from racing.realtime.transport import internals
from racing.realtime.transport.direct import DirectWebSockets, Limits
from racing.realtime.transport.hub import Hub
from racing.realtime.transport.intake import Intake
from racing.realtime.transport.polls import Polls
from racing.realtime.transport.refusals import begins_session, refusal, refuse
from racing.realtime.transport.session import Session
from racing.realtime.transport.stock import StockSessions
from racing.realtime.transport.turnstile import Turnstile, turn_away

log = structlog.get_logger()
LOOKS_TO_JOIN = 15
A_MOMENT_S, READ_WITHIN_S, LOOK_EVERY_S = 0.2, 5.0, 0.05


class Transports:
    """What the application knows of how its clients are connected."""

    def __init__(self, server: Any, most_messages: int, most_bytes: int, turnstile: Turnstile | None = None) -> None:
        """Take over `server`, a socketio.Server on which nobody is connected yet.

        A client may leave `most_messages` or `most_bytes` unread. Who begins a session passes the `turnstile`.
        """
        self.turnstile = turnstile or Turnstile()
        self._limits = Limits(most_messages, most_bytes, LARGEST_CLIENT_MESSAGE)
        self._server, self._sessions, self._reasons = server, internals.sessions(server), server.reason
        self._cut: set[str] = set()
        self._looks: dict[str, int] = {}
        self._delivered = 0
        self._stock = StockSessions(server, most_messages, most_bytes)
        self._intake = Intake(server, self.cut, self._cut.__contains__)
        self._stock_send = internals.take_output(server, self._send)
        self._stock_open = internals.take_openings(server, self._open)
        self._stock_answer = internals.take_requests(server, self._answer)
        internals.take_disconnects(server, self._disconnect_at_once)
        self.direct: DirectWebSockets | None = None

    def go_direct(self, hub: Hub, send_loop: str) -> None:
        """Serve WebSockets by ourselves from now on, unless the libraries are not what they were: then as before.

        Raises OSError where `send_loop` cannot be had.
        """
        if changed := list(internals.missing(self._server)):
            log.warning("WebSockets are served the slow way: the libraries have changed", missing=changed)
            return
        self.direct = DirectWebSockets(self._server, hub, self._limits, send_loop, self.cut)

    @property
    def kind(self) -> str:
        """How WebSockets are served: "direct" or "stock"."""
        return "stock" if self.direct is None else "direct"

    @property
    def send_loop(self) -> str:
        """What writes to them: "compiled" or "python"."""
        return "python" if self.direct is None else self.direct.send_loop.name

    # --- out --------------------------------------------------------------------------------------------------------

    def together(self) -> AbstractContextManager[Any]:
        """Let what is emitted within leave at one time, as far as that depends on us."""
        return nullcontext() if self.direct is None else self.direct.output.held()

    def _send(self, eio_sid: str, packet: Any) -> None:
        session = self._sessions.get(eio_sid)
        if session is None or session.closed or eio_sid in self._cut:
            return  # it went meanwhile: what it missed it asks for when it is back
        if isinstance(session, Session):
            session.send(packet)  # bounded by the output that all of them share
        elif self._stock.is_behind(session):
            metrics.SLOW_CLIENTS_CLOSED.inc()
            self.cut(eio_sid, "slow")
        else:
            self._stock_send(eio_sid, packet)
            self._delivered += 1  # the counter itself would cost as much as the sending

    # --- in ---------------------------------------------------------------------------------------------------------

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        if (why := refusal(environ, self._sessions)) is not None:
            return refuse(why, start_response)
        if begins_session(environ) and (wait_ms := self.turnstile.take(environ.get("REMOTE_ADDR", ""))):
            return turn_away(wait_ms, start_response)
        return self._stock_answer(environ, start_response)

    def _open(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        session = self._sessions[eio_sid]
        if not isinstance(session, Session):
            Polls(session)
        return self._stock_open(eio_sid, environ)

    # --- the end ----------------------------------------------------------------------------------------------------

    def cut(self, eio_sid: str, cause: str) -> None:
        """Close a transport at once, in a greenlet of its own: a broadcast may be under way."""
        session = self._sessions.get(eio_sid)
        if session is None or eio_sid in self._cut:
            return
        self._cut.add(eio_sid)
        metrics.TRANSPORTS_CUT.labels(cause).inc()
        log.info("a transport is cut", cause=cause, session=eio_sid, waiting=_unread(session))
        self._server.start_background_task(self._cut_now, session, cause)

    def _cut_now(self, session: Any, cause: str) -> None:
        if not isinstance(session, Session):
            self._stock.cut(session)
        elif cause == "slow":
            session.cut(reason=self._reasons.SERVER_DISCONNECT)  # who does not read would not hear a last word either
        else:
            internals.close(session, self._reasons.SERVER_DISCONNECT)
        self._cut.discard(session.sid)

    def close(self, sid: str, cause: str) -> None:
        """Close the transport of a Socket.IO connection after what waits for it has left."""
        session = internals.manager_session(self._server, sid)
        if session is not None:
            metrics.TRANSPORTS_CUT.labels(cause).inc()
            self._server.start_background_task(self._close_when_read, session)

    def _close_when_read(self, session: Any) -> None:
        # A moment to read it: the stock Python client takes a connection that ends while it begins for none at all.
        self._server.sleep(A_MOMENT_S)
        # A poll finds nothing any more once its session is closed, so what waits must be fetched before.
        for _ in range(int(READ_WITHIN_S / LOOK_EVERY_S)):
            if session.upgraded or session.closed or not internals.queued(session):
                break
            self._server.sleep(LOOK_EVERY_S)
        internals.close(session, self._reasons.SERVER_DISCONNECT)

    def close_all(self) -> None:
        """Close every transport after what waits for it has left: stock clients then come back by themselves."""
        for session in list(self._sessions.values()):
            internals.close(session, self._reasons.SERVER_DISCONNECT)

    def await_written(self, look_every_s: float) -> None:
        """Wait until the sockets have taken what they are to get, the last words included, however long that is."""
        while self.direct is not None and not self.direct.output.is_written:
            self._server.sleep(look_every_s)

    def _disconnect_at_once(self, eio_sid: str) -> None:
        session = self._sessions.get(eio_sid)
        if session is not None:
            internals.close(session, self._reasons.SERVER_DISCONNECT)

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
        outside = self._sessions.keys() - internals.joined(self._server).keys()
        waiting = {sid: 1 + self._looks.get(sid, 0) for sid in outside}
        for sid in [sid for sid, looks in waiting.items() if looks > LOOKS_TO_JOIN]:
            self.cut(sid, "never_joined")
        self._looks = waiting
        self._intake.forget_gone()

    def _count(self) -> None:
        metrics.DELIVERED.inc(self._delivered)
        self._delivered = 0
        queued = [_unread(session) for session in self._sessions.values() if not isinstance(session, Session)]
        unread, most = sum(queued), max(queued, default=0)
        if self.direct is not None:
            metrics.DELIVERED.inc(self.direct.output.delivered)
            self.direct.output.delivered = 0
            kept, longest = self.direct.output.unread()
            unread, most = unread + kept, max(most, longest)
        metrics.UNREAD_MESSAGES.set(unread)
        metrics.UNREAD_MOST.set(most)


def _unread(session: Any) -> int:
    return session.unread if isinstance(session, Session) else internals.queued(session)
