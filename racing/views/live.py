"""The Socket.IO edge: what a client asks for, and the answer it alone gets. Broadcasts come from realtime/."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from flask import current_app, request
from flask_socketio import emit
from pydantic import BaseModel, ValidationError

from racing import metrics
from racing.errors import InvalidInput, RaceNotFound, RacingError
from racing.extensions import socketio
from racing.realtime import messages, rooms
from racing.realtime.connections import Connections
from racing.realtime.publisher import Publisher, Standing
from racing.realtime.requests import Nothing, SubscribeRace, SubscribeRaces, UnsubscribeRace
from racing.realtime.rooms import Mode
from racing.services import boards

log = structlog.get_logger()
M = TypeVar("M", bound=BaseModel)
Answer = Mapping[str, Any]


class TooManySubscriptions(RacingError):
    """A connection asked to follow more races than MAX_SUBSCRIPTIONS."""

    type, status = "too_many_subscriptions", 429


def client_event(name: str, kind: type[M]) -> Callable[[Callable[[M], Answer]], Callable[..., Answer]]:
    """Register a handler for a client's event: its payload checked as `kind`, a refusal answered as `error`.

    What the handler returns is the acknowledgement.
    """

    def register(handler: Callable[[M], Answer]) -> Callable[..., Answer]:
        @wraps(handler)
        def handle(*payload: Any) -> Answer:
            given = payload[0] if payload else {}
            try:
                return handler(_read(kind, given))
            except RacingError as error:
                return _refuse(name, given, error.type, error.message)
            except Exception:
                # Whatever it is, this client gets an answer and everybody else keeps the service.
                log.exception("a client event failed", socket_event=name)
                return _refuse(name, given, "server_error", "Something went wrong on our side.")

        socketio.on_event(name, handle)
        return handle

    return register


def _read(kind: type[M], given: Any) -> M:
    try:
        return kind.model_validate(given if kind is not Nothing else {})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in wrong["loc"]) or "payload"
        raise InvalidInput(f"{place}: {wrong['msg']}") from error


def _refuse(event: str, given: Any, kind: str, message: str) -> Answer:
    error: messages.Error = {"type": kind, "message": message, "event": event}
    race_id = given.get("raceId") if isinstance(given, dict) else None
    if isinstance(race_id, str):
        error["raceId"] = race_id[:64]
    metrics.REFUSED_EVENTS.labels(kind).inc()
    emit("error", error)
    return cast(Answer, error)


def _connections() -> Connections:
    return cast(Connections, current_app.extensions["connections"])


def _publisher() -> Publisher:
    return cast(Publisher, current_app.extensions["publisher"])


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it


@socketio.on("connect")
def connected(_auth: Any = None) -> None:
    """Note a new connection."""
    _connections().connect(_sid())


@socketio.on("disconnect")
def disconnected(_reason: Any = None) -> None:
    """Forget a connection. Socket.IO takes it out of its rooms by itself."""
    for race_id in _connections().disconnect(_sid()):
        _publisher().forget(race_id)


@client_event("subscribe_race", SubscribeRace)
def subscribe_race(asked: SubscribeRace) -> Answer:
    """Follow one race: `subscribed`, then the board as it stands."""
    standing = boards.standings([asked.raceId]).get(asked.raceId)
    if standing is None:
        raise RaceNotFound(asked.raceId)
    _refuse_too_many([asked.raceId])
    _follow(asked.raceId, standing, asked.mode)
    answer = messages.subscribed_race(asked.raceId, standing.version, standing.status)
    emit("subscribed", answer)
    _catch_up(asked.raceId, asked.since, asked.mode)
    return cast(Answer, answer)


@client_event("subscribe_races", SubscribeRaces)
def subscribe_races(asked: SubscribeRaces) -> Answer:
    """Follow several races: one `subscribed`, then a board a race. Those that cannot be followed are named."""
    race_ids = list(dict.fromkeys(asked.raceIds))
    found = boards.standings(race_ids)
    standings: list[messages.Standing] = []
    rejected: list[messages.Rejected] = []
    for race_id in race_ids:
        try:
            if race_id not in found:
                raise RaceNotFound(race_id)
            _refuse_too_many([race_id])
        except RacingError as error:
            rejected.append({"raceId": race_id, "type": error.type})
            continue
        standing = found[race_id]
        _follow(race_id, standing, asked.mode)
        standings.append({"raceId": race_id, "version": standing.version, "status": standing.status})
    answer = messages.subscribed_races(standings, rejected)
    emit("subscribed", answer)
    for followed in standings:
        _catch_up(followed["raceId"], asked.since.get(followed["raceId"]), asked.mode)
    return cast(Answer, answer)


@client_event("unsubscribe_race", UnsubscribeRace)
def unsubscribe_race(asked: UnsubscribeRace) -> Answer:
    """Stop following a race; not following it is no error."""
    sid = _sid()
    mode = _connections().unfollow(sid, asked.raceId)
    if mode is not None:
        socketio.server.leave_room(sid, rooms.race(asked.raceId))
        socketio.server.leave_room(sid, rooms.variant(asked.raceId, mode))
        _publisher().forget(asked.raceId)
    answer = messages.unsubscribed(asked.raceId)
    emit("unsubscribed", answer)
    return cast(Answer, answer)


@client_event("get_subscriptions", Nothing)
def get_subscriptions(_asked: Nothing) -> Answer:
    """Name the races this connection follows."""
    answer = messages.subscriptions(_connections().races_of(_sid()))
    emit("subscriptions", answer)
    return cast(Answer, answer)


@client_event("ping", Nothing)
def ping(_asked: Nothing) -> Answer:
    """Tell the time."""
    answer = messages.pong()
    emit("pong", answer)
    return cast(Answer, answer)


def _refuse_too_many(race_ids: list[str]) -> None:
    held = _connections().races_of(_sid())
    most = current_app.config["MAX_SUBSCRIPTIONS"]
    if len({*held, *race_ids}) > most:
        raise TooManySubscriptions(f"A connection follows at most {most} races.")


def _follow(race_id: str, standing: Standing, mode: Mode) -> None:
    """Join the rooms before the board is read: a broadcast that overtakes the answer does no harm, a gap would."""
    sid = _sid()
    if not _connections().is_connected(sid):
        return  # it went while the database was asked
    before = _connections().follow(sid, race_id, mode)
    _publisher().follow(race_id, standing)
    if before is not None and before != mode:
        socketio.server.leave_room(sid, rooms.variant(race_id, before))
    socketio.server.enter_room(sid, rooms.race(race_id))
    socketio.server.enter_room(sid, rooms.variant(race_id, mode))


def _catch_up(race_id: str, since: int | None, mode: Mode) -> None:
    board = boards.board(race_id, since if mode == "delta" else None)
    if since is None or mode == "full" or board["full"] or board["version"] > since:
        emit("odds_update", messages.odds_update(race_id, board))
