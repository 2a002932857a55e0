"""A connection as the handlers of its events see it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask
from structlog.contextvars import bound_contextvars

from racing.errors import LimitReached
from racing.extensions import socketio
from racing.realtime.connections import Connections
from racing.realtime.identities import Identities
from racing.realtime.kept_boards import KeptBoards
from racing.realtime.outbox import Outbox
from racing.realtime.publisher import Publisher
from racing.realtime.rates import Rates
from racing.realtime.refused import Refused
from racing.views.request_log import REQUEST_ID

Answer = Mapping[str, Any]


class Client:
    """One connection to this worker, for the length of one event.

    A request context of Flask's is not pushed for it: for a subscription that would be most of the work.
    """

    __slots__ = ("app", "sid")

    def __init__(self, app: Flask, sid: str) -> None:
        """`app` is the application it is connected to, `sid` its id there."""
        self.app, self.sid = app, sid

    def answer(self, event: str, payload: Mapping[str, Any] | bytes) -> Answer:
        """Send an event to this connection alone, past the other workers; return it, for the acknowledgement."""
        socketio.emit(event, payload, to=self.sid, ignore_queue=True)
        return cast(Answer, payload)

    def spend(self, events: int) -> None:
        """Take so many events out of its allowance. Raises LimitReached where it does not hold them."""
        if wait_ms := self._wait_ms(events):
            raise LimitReached("Too many events: slow down.", wait_ms)

    def _wait_ms(self, events: int) -> int:
        rates: Rates = self.app.extensions["rates"]
        if wait_ms := rates.events.take(self.sid, events):
            return wait_ms
        if rates.address_events is not None and (address := self.connections.address_of(self.sid)):
            wait_ms = rates.address_events.take(address, events)
        if not wait_ms and (identity := self.identities.of(self.sid)) is not None:
            wait_ms = rates.user_events.take(str(identity.user_id), events)
        return wait_ms

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Push the application's context, for what asks the services; what they log names this connection."""
        with self.app.app_context(), bound_contextvars(**self.ids):
            yield

    def tell_refused(self, kind: str, event: str) -> None:
        """Log that this connection was refused an event, as `kind`."""
        refused: Refused = self.app.extensions["refused"]
        identity, environ = self.identities.of(self.sid), socketio.server.get_environ(self.sid) or {}
        with bound_contextvars(**self.ids):
            refused.tell(kind, "socket", event, environ.get("REMOTE_ADDR", ""), identity and identity.user_id)

    @property
    def ids(self) -> Mapping[str, str]:
        """What a line in the log names it by: its own id, and that of its handshake's request."""
        environ = socketio.server.get_environ(self.sid) or {}
        return {"sid": self.sid, **({"request_id": environ[REQUEST_ID]} if REQUEST_ID in environ else {})}

    @property
    def is_connected(self) -> bool:
        """Whether it is still there, and was not turned away."""
        return self.connections.is_connected(self.sid)

    # --- the worker it is connected to --------------------------------------------------------------------------------

    @property
    def connections(self) -> Connections:
        """Who is connected there."""
        return cast(Connections, self.app.extensions["connections"])

    @property
    def identities(self) -> Identities:
        """Who is signed in there."""
        return cast(Identities, self.app.extensions["identities"])

    @property
    def publisher(self) -> Publisher:
        """What keeps the races' rooms current."""
        return cast(Publisher, self.app.extensions["publisher"])

    @property
    def kept_boards(self) -> KeptBoards:
        """What subscriptions are answered with."""
        return cast(KeptBoards, self.app.extensions["kept_boards"])

    @property
    def outbox(self) -> Outbox:
        """What was published."""
        return cast(Outbox, self.app.extensions["outbox"])
