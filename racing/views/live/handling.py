"""How a client's event is taken in: limited, checked, handled, answered; never left without an answer."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from flask import current_app, request
from flask_socketio import emit
from pydantic import BaseModel, ValidationError
from structlog.contextvars import bound_contextvars

from racing import metrics
from racing.errors import InvalidInput, LimitReached, RacingError, TooManyConnections
from racing.extensions import socketio
from racing.realtime import messages
from racing.realtime.allowance import Allowance
from racing.realtime.connections import Connections
from racing.realtime.events import CLIENT_EVENTS
from racing.realtime.identities import Identities
from racing.realtime.requests import Nothing
from racing.realtime.shapes import Reason

log = structlog.get_logger()
M = TypeVar("M", bound=BaseModel)
Answer = Mapping[str, Any]


def client_event(name: str) -> Callable[[Callable[[M], Answer]], Callable[..., Answer]]:
    """Register a handler for a client's event: its payload checked by the table, a refusal answered as `error`.

    What the handler returns is the acknowledgement.
    """
    kind = CLIENT_EVENTS[name].payload

    def register(handler: Callable[[M], Answer]) -> Callable[..., Answer]:
        @wraps(handler)
        def handle(*payload: Any) -> Answer:
            with bound_contextvars(sid=sid(), socket_event=name):
                return answered(payload[0] if payload else {})

        def answered(given: Any) -> Answer:
            try:
                if not connections().is_connected(sid()):
                    raise TooManyConnections("This connection was turned away.", 0)
                spend(1)
                return handler(cast(M, _read(kind, given)))
            except RacingError as error:
                return _refuse(name, given, error)
            except Exception:
                # Whatever it is, this client gets an answer and everybody else keeps the service.
                log.exception("a client event failed")
                return _refuse(name, given, RacingError("Something went wrong on our side."))

        socketio.on_event(name, handle)
        return handle

    return register


def spend(events: int) -> None:
    """Take so many events out of this connection's allowance. Raises LimitReached where it does not hold them."""
    wait_ms = cast(Allowance, current_app.extensions["allowance"]).take(sid(), events)
    if wait_ms:
        raise LimitReached("Too many events: slow down.", wait_ms)


def _read(kind: type[BaseModel], given: Any) -> BaseModel:
    try:
        return kind.model_validate(given if kind is not Nothing else {})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        if wrong["type"] == "model_type":
            raise InvalidInput(f"The payload must be an object, as in {{{', '.join(kind.model_fields)}}}.") from error
        place = ".".join(str(part) for part in wrong["loc"]) or "payload"
        raise InvalidInput(f"{place[:80]}: {wrong['msg']}") from error


def _refuse(event: str, given: Any, error: RacingError) -> Answer:
    race_id = given.get("raceId") if isinstance(given, dict) else None
    refusal = messages.error(
        cast(Reason, error.type),
        error.message,
        event=event,
        race_id=race_id[:64] if isinstance(race_id, str) else None,
        retry_after_ms=error.retry_after_ms if isinstance(error, LimitReached) else None,
    )
    metrics.REFUSED_EVENTS.labels(error.type).inc()
    return answer("error", refusal)


def answer(event: str, payload: Mapping[str, Any] | bytes) -> Answer:
    """Send an event to the connection that asks, and to no other worker; return it, for the acknowledgement."""
    emit(event, payload, ignore_queue=True)
    return cast(Answer, payload)


def connections() -> Connections:
    """Return who is connected to this worker."""
    return cast(Connections, current_app.extensions["connections"])


def identities() -> Identities:
    """Return who is signed in on this worker."""
    return cast(Identities, current_app.extensions["identities"])


def sid() -> str:
    """Return the id of the connection whose event is handled."""
    return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it
