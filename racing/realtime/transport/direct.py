"""All of it together: the WebSockets of one server, served by ourselves."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import structlog

from racing import metrics
from racing.realtime.transport import handshake, internals
from racing.realtime.transport.door import KEY, Application, Door, Refuse, welcome_all
from racing.realtime.transport.hub import Hub
from racing.realtime.transport.line import Line, Lines
from racing.realtime.transport.output import Output
from racing.realtime.transport.pinger import Pinger
from racing.realtime.transport.poller import Poller
from racing.realtime.transport.refusals import refuse
from racing.realtime.transport.send_loops import best
from racing.realtime.transport.session import TIMED_OUT, Session
from racing.realtime.transport.upgrade import Upgrade

log = structlog.get_logger()
Environ = dict[str, Any]
PROBE_WITHIN_S = 10.0
# The body of an answer that has been given already.
_DONE: tuple[bytes, ...] = ()


class Limits:
    """What a client may leave unread, and send at once."""

    def __init__(self, unread_messages: int, unread_bytes: int, message_bytes: int) -> None:
        """As the settings have it."""
        self.unread_messages, self.unread_bytes, self.message_bytes = unread_messages, unread_bytes, message_bytes


class DirectWebSockets:
    """Answers the handshakes of WebSockets, and keeps the sessions. `house` of all of them (see session.py)."""

    def __init__(self, server: Any, hub: Hub, limits: Limits, send_loop: str, cut: Any) -> None:
        """Take over the WebSockets of `server`, a socketio.Server; `cut(eio_sid, cause)` ends a session.

        Raises OSError where `send_loop` cannot be had.
        """
        self.hub, self._server, self.cut = hub, server, cut
        self._poller = Poller(hub)
        self.send_loop = best(self._poller.watched, send_loop)
        find = cast(Callable[[int], Line | None], self._poller.watched.get)  # nobody else is written to
        self.output = Output(hub, self.send_loop, find, limits.unread_messages, limits.unread_bytes)
        self._lines = Lines(self._poller, self.output, limits.message_bytes)
        engine = server.eio
        self._pinger = Pinger(engine.ping_interval, engine.ping_timeout, self._give_up)
        self._door: Door | None = None
        self._upgrades: dict[str, Upgrade] = {}
        internals.handle_websocket_handshakes(server, self._shake_hands)
        internals.wrap_websockets(server, self._taking_upgrades)
        internals.watch_nobody(server)
        server.manager.output = self.output

    def run(
        self, listener: Any, application: Application, refuse: Refuse = welcome_all, most_unfinished: int = 0
    ) -> Door:
        """Begin to serve at `listener`, a plain socket; return the door, where all other HTTP is to be fetched.

        See Door for the others.
        """
        self._door = Door(listener, self._poller, application, refuse, most_unfinished)
        self.hub.spawn(self._poller.run)
        self.hub.spawn(self._tick_for_ever)
        return self._door

    def _tick_for_ever(self) -> None:
        while True:
            self.hub.sleep(self._pinger.tick_s)
            try:
                self._tick()
            except Exception:
                log.exception("the pinger failed; it goes on")

    def _tick(self) -> None:
        self._pinger.tick()
        self._lines.hang_up()
        if self._door is not None:
            self._door.look_round()
        sessions = internals.sessions(self._server)
        for sid, session in list(sessions.items()):
            if isinstance(session, Session):
                continue
            if session.closed:
                del sessions[sid]  # as the library's own service would
            elif not session.closing:
                session.check_ping_timeout()

    # --- handshakes -------------------------------------------------------------------------------------------------

    def _shake_hands(self, environ: Environ, start_response: Any) -> Any:
        agreed = handshake.agree(environ)
        if isinstance(agreed, str):
            return _turn_away(agreed, start_response)
        sid = self._server.eio.generate_id()
        session = Session(self, sid)
        self._open_line(environ, session, agreed)
        internals.sessions(self._server)[sid] = session
        session.send(internals.open_packet(self._server, sid))
        lean = {name: value for name, value in environ.items() if name not in handshake.OF_THE_HANDSHAKE}
        if self.trigger("connect", sid, lean) not in (None, True):
            session.cut()
        else:
            self._pinger.begin(session)
        return _DONE

    def _taking_upgrades(self, polling: Any, _serve: Callable[..., Any]) -> Application:
        return partial(self._begin_upgrade, polling)

    def _begin_upgrade(self, polling: Any, environ: Environ, start_response: Any) -> Any:
        agreed = handshake.agree(environ)
        if isinstance(agreed, str):
            return _turn_away(agreed, start_response)
        if polling.sid in self._upgrades:
            return _turn_away("This session is being upgraded already.", start_response)
        upgrade = Upgrade(polling, self._switch, self._upgrades)
        self._open_line(environ, upgrade, agreed).end_within(PROBE_WITHIN_S)
        return _DONE

    def _open_line(self, environ: Environ, owner: Any, agreed: handshake.Agreed) -> Line:
        visitor = environ.pop(KEY, None)
        sock = visitor.let_in() if visitor is not None else self.hub.take_over(environ)
        line = self._lines.open(sock, owner, inflates=agreed.inflates)
        line.write(agreed.answer)
        return line

    def _switch(self, upgrade: Upgrade) -> None:
        polling, line = upgrade.polling, upgrade.line
        session = Session(self, polling.sid)
        session.line, line.owner = line, session
        line.end_within(None)
        for name, value in polling.session.items():
            session.session[name] = value
        internals.sessions(self._server)[session.sid] = session
        for packet in internals.waiting(polling, self._server.eio.get_queue_empty_exception()):
            session.send(packet)
        polling.upgraded = polling.closed = True
        self._server.manager.forget_receivers()
        self._pinger.begin(session)

    # --- the house of the sessions ----------------------------------------------------------------------------------

    def trigger(self, event: str, *args: Any) -> Any:
        """See House."""
        return internals.trigger(self._server, event, *args)

    def ponged(self, session: Session) -> None:
        """See House."""
        if session.pinged and not session.closed:
            self._pinger.begin(session)

    def went(self, session: Session) -> None:
        """See House."""
        self._server.manager.forget_receiver(session.sid)

    def ended(self, session: Session) -> None:
        """See House."""
        self._pinger.end(session)
        internals.sessions(self._server).pop(session.sid, None)
        if self._server.manager.sid_from_eio_sid(session.sid, "/") is not None:
            # It went while it was let in. It must be in no room: its descriptor is about to be somebody else's.
            log.info("a session ended before it had joined", session=session.sid)
            self._server.manager.basic_disconnect(self._server.manager.sid_from_eio_sid(session.sid, "/"), "/")

    def too_slow(self, session: Session, waiting: int) -> None:
        """See House."""
        metrics.SLOW_CLIENTS_CLOSED.inc()
        self.cut(session.sid, "slow")

    def malformed(self, session: Session, message: str | bytes) -> None:
        """See House."""
        log.info("a client sent what is no packet", session=session.sid, said=repr(message[:40]))
        self.cut(session.sid, "malformed")

    def _give_up(self, session: Any) -> None:
        self.hub.spawn(session.close, True, True, TIMED_OUT)


def _turn_away(sentence: str, start_response: Any) -> tuple[bytes, ...]:
    # A tuple: the library would take a list for packets.
    return tuple(refuse(sentence, start_response, ("Sec-WebSocket-Version", handshake.VERSION)))
