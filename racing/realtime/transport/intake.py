"""What clients send, before python-socketio has it: packets in their place (Socket.IO v5), and nothing else.

Whatever garbage a client sends ends its own session, with a line in the log, and nothing else.
"""

from collections.abc import Callable
from typing import Any

import structlog
from socketio.packet import CONNECT, DISCONNECT

from racing.realtime.packets import address, invalid_namespace
from racing.realtime.transport import internals

log = structlog.get_logger()
MOST_REFUSED = 3
# Werkzeug's, which would keep each event's request for as long as the connection lasts.
REQUEST = "werkzeug.request"


class Intake:
    """Takes in the messages of all sessions of a server."""

    def __init__(self, server: Any, cut: Callable[[str, str], None], is_cut: Callable[[str], bool]) -> None:
        """`cut(eio_sid, cause)` ends a session soon; `is_cut` tells whether that is under way."""
        self._server, self._cut, self._is_cut = server, cut, is_cut
        self._refused: dict[str, int] = {}
        self._handle = internals.take_messages(server, self.receive)

    def receive(self, eio_sid: str, data: Any) -> None:
        """Handle a message; see above."""
        session = internals.sessions(self._server).get(eio_sid)
        if session is None or self._is_cut(eio_sid):
            return
        if not session.upgraded:
            self._server.sleep(0)  # a poll may bring thousands of events
        try:
            if isinstance(data, str) == internals.awaits_attachment(self._server, eio_sid):
                raise ValueError("an attachment where none is due, or none where one is")
            if isinstance(data, str):
                self._receive(session, data)
            else:
                self._handle(eio_sid, data)
        except Exception as error:  # noqa: BLE001  # handlers answer for themselves: this is a packet that is none
            log.info("a client sent what is no packet", error=repr(error)[:200], session=eio_sid)
            self._cut(eio_sid, "malformed")
        finally:
            internals.environ(self._server, eio_sid).pop(REQUEST, None)

    def _receive(self, session: Any, text: str) -> None:
        kind, namespace = address(text)
        if kind != CONNECT:
            if internals.connection(self._server, session.sid, namespace) is None:
                raise ValueError("a packet before CONNECT")
            self._handle(session.sid, text)
            if kind == DISCONNECT and not self.has_joined(session.sid):
                # Whoever leaves and joins again on one transport would begin with a fresh allowance each time.
                internals.close(session, self._server.reason.CLIENT_DISCONNECT)
        elif namespace != "/":
            self._server.eio.send(session.sid, invalid_namespace(namespace))
        else:
            self._join(session, text)

    def _join(self, session: Any, text: str) -> None:
        if self.has_joined(session.sid):
            raise ValueError("a second CONNECT")
        self._handle(session.sid, text)
        if self.has_joined(session.sid):
            # Whose it is has been found out: from now on only its tokens say so.
            internals.environ(self._server, session.sid).pop("HTTP_COOKIE", None)
        else:
            refused = self._refused[session.sid] = 1 + self._refused.get(session.sid, 0)
            if refused >= MOST_REFUSED:
                raise ValueError("refused too often")

    def has_joined(self, eio_sid: str) -> bool:
        """Tell whether a session has a Socket.IO connection."""
        return internals.connection(self._server, eio_sid) is not None

    def forget_gone(self) -> None:
        """Drop what is kept of sessions that have gone."""
        here = internals.sessions(self._server)
        self._refused = {sid: times for sid, times in self._refused.items() if sid in here}
