"""How a client's event is taken in: limited, checked, let through, handled; never left without an answer."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import structlog
from flask import Flask
from pydantic import BaseModel, ValidationError

from racing import metrics
from racing.access import Role, decide
from racing.errors import InvalidInput, LimitReached, RacingError, TooManyConnections
from racing.realtime import messages
from racing.realtime.events import CLIENT_EVENTS
from racing.realtime.requests import Nothing
from racing.realtime.shapes import Reason
from racing.views.live.client import Answer, Client

log = structlog.get_logger()
M = TypeVar("M", bound=BaseModel)
Handler = Callable[[Client, M], Answer]
# Anybody makes them, in any number, and means no harm: they are counted, not told.
_MISTAKES = ("invalid_payload", "unknown_race", "server_error")
_handlers: dict[str, Handler[Any]] = {}


def client_event(name: str) -> Callable[[Handler[M]], Handler[M]]:
    """Make this the handler of a client's event: its payload checked by the table, a refusal answered as `error`.

    What the handler returns is the acknowledgement.
    """
    if name not in CLIENT_EVENTS:
        raise LookupError(f"Say in racing/realtime/events.py what '{name}' is, and whom it is for.")

    def register(handler: Handler[M]) -> Handler[M]:
        _handlers[name] = handler
        return handler

    return register


def bind(server: Any, app: Flask) -> None:
    """Let `server`, a socketio.Server, take the clients' events to their handlers, on behalf of `app`.

    Not by way of Flask-SocketIO: it pushes a request context for each event, which costs more than the event.
    """
    for name, handler in _handlers.items():
        server.on(name, partial(_take_in, app, name, handler))


def _take_in(app: Flask, name: str, handler: Handler[Any], sid: str, *payload: Any) -> Answer:
    client, given = Client(app, sid), payload[0] if payload else {}
    try:
        if not client.is_connected:
            raise TooManyConnections("This connection was turned away.", 0)
        client.spend(1)
        event = CLIENT_EVENTS[name]
        asked = _read(event.payload, given)
        decide(_role_of(client), event.access_to(asked))
        return handler(client, asked)
    except RacingError as error:
        return _refuse(client, name, given, error)
    except Exception:
        # Whatever it is, this client gets an answer and everybody else keeps the service.
        log.exception("a client event failed", socket_event=name, **client.ids)
        return _refuse(client, name, given, RacingError("Something went wrong on our side."))


def _role_of(client: Client) -> Role | None:
    """Return the least that a connection's user may be: no event is for fewer than the signed-in."""
    return None if client.identities.of(client.sid) is None else Role.PUNTER


def _read(kind: type[BaseModel], given: Any) -> BaseModel:
    try:
        return kind.model_validate(given if kind is not Nothing else {})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        if wrong["type"] == "model_type":
            raise InvalidInput(f"The payload must be an object, as in {{{', '.join(kind.model_fields)}}}.") from error
        place = ".".join(str(part) for part in wrong["loc"]) or "payload"
        raise InvalidInput(f"{place[:80]}: {wrong['msg']}") from error


def _refuse(client: Client, event: str, given: Any, error: RacingError) -> Answer:
    race_id = given.get("raceId") if isinstance(given, dict) else None
    refusal = messages.error(
        cast(Reason, error.type),
        error.message,
        event=event,
        race_id=race_id[:64] if isinstance(race_id, str) else None,
        retry_after_ms=error.retry_after_ms if isinstance(error, LimitReached) else None,
    )
    metrics.REFUSED_EVENTS.labels(error.type).inc()
    if error.type not in _MISTAKES:
        client.tell_refused(error.type, event)
    return client.answer("error", refusal)
