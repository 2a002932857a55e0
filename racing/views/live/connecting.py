"""Coming, going, and whose a connection is."""

from typing import Any, cast

import structlog
from flask import current_app, request
from flask_socketio import ConnectionRefusedError
from structlog.contextvars import bind_contextvars

from racing import metrics
from racing.errors import RacingError, TokenExpired, TokenInvalid
from racing.extensions import socketio
from racing.realtime import messages, rooms
from racing.realtime.identities import Identity
from racing.realtime.outbox import Cursor
from racing.realtime.requests import Authenticate
from racing.realtime.shapes import Reason
from racing.views.identity import identity_of
from racing.views.live.handling import Answer, answer, client_event, connections, identities, sid
from racing.views.live.origins import is_own

log = structlog.get_logger()
COME_BACK_MS = 10_000


@socketio.on("connect")
def connected(auth: Any = None) -> None:
    """Let a connection in, signed in where it brings a token or, on a page of ours, the page's cookie."""
    bind_contextvars(sid=sid())
    address, most = request.remote_addr or "", current_app.config["MAX_CONNECTIONS_PER_IP"]
    cluster = current_app.extensions["cluster"]
    if most and cluster.count_from(address) >= most:
        metrics.REFUSED_CONNECTIONS.labels("too_many_connections").inc()
        # After its CONNECT has left: a client that is refused at CONNECT itself would not come back by itself.
        socketio.start_background_task(_turn_away, current_app.extensions["transports"], sid(), most)
        return
    connections().connect(sid(), address)  # counted before anything yields
    if most and 2 * cluster.workers() * connections().count_from(address) >= most:
        cluster.announce()  # near the limit the other workers are to know at once
    try:
        identity = _identity(auth)
    except RacingError as error:
        connections().disconnect(sid())
        raise _refusal(error) from error
    except Exception as error:
        log.exception("a connection failed")
        connections().disconnect(sid())
        raise _refusal(RacingError("Something went wrong on our side.")) from error
    if connections().is_connected(sid()):  # it may have gone while the database was asked
        socketio.server.enter_room(sid(), rooms.NEWS)
        if identity is not None:
            identities().sign_in(sid(), identity)


def _identity(auth: Any) -> Identity | None:
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is not None:
        return identity_of(token)
    cookie = request.cookies.get(current_app.config["JWT_ACCESS_COOKIE_NAME"])
    if cookie is None or not is_own(request.headers.get("Origin"), request.environ):
        return None
    try:
        return identity_of(cookie)
    except (TokenExpired, TokenInvalid):
        # As on the pages: whoever holds an old cookie is simply signed out, and may read all that others may.
        return None


def _refusal(error: RacingError) -> ConnectionRefusedError:
    metrics.REFUSED_CONNECTIONS.labels(error.type).inc()
    return ConnectionRefusedError(error.message, messages.error(cast(Reason, error.type), error.message))


def _turn_away(transports: Any, refused: str, most: int) -> None:
    sentence = f"There are {most} connections from this address already."
    refusal = messages.error("too_many_connections", sentence, retry_after_ms=COME_BACK_MS)
    socketio.emit("error", refusal, to=refused, ignore_queue=True)
    transports.close(refused, "too_many_connections")


@socketio.on("disconnect")
def disconnected(_reason: Any = None) -> None:
    """Forget a connection. Socket.IO takes it out of its rooms by itself."""
    for race_id in connections().disconnect(sid()):
        current_app.extensions["publisher"].forget(race_id)
    identities().forget(sid())
    for cursor in _cursors():
        cursor.forget(sid())
    current_app.extensions["allowance"].forget(sid())


def _cursors() -> tuple[Cursor, Cursor]:
    outbox = current_app.extensions["outbox"]
    return outbox.news, outbox.notifications


@client_event("authenticate")
def authenticate(asked: Authenticate) -> Answer:
    """Let this connection be the token's user from now on; a token that is refused changes nothing."""
    identity = identity_of(asked.token)
    if connections().is_connected(sid()):
        before = identities().of(sid())
        if before is not None and before.user_id != identity.user_id:
            # What was replayed to the one says nothing of what the other has been sent.
            current_app.extensions["outbox"].notifications.forget(sid())
        identities().sign_in(sid(), identity)
    return answer("authenticated", messages.authenticated(identity.user_id, identity.expires_at))
