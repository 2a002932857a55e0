"""Coming, going, and whose a connection is."""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

import structlog
from flask import Flask
from flask_socketio import ConnectionRefusedError
from werkzeug.sansio.http import parse_cookie

from racing import metrics
from racing.errors import RacingError
from racing.extensions import socketio
from racing.networks import network_of
from racing.realtime import messages, rooms
from racing.realtime.identities import Identity
from racing.realtime.requests import Authenticate
from racing.realtime.shapes import Reason
from racing.views.identity import identity_of, page_identity
from racing.views.live.client import Answer, Client
from racing.views.live.handling import client_event
from racing.views.live.origins import is_own

log = structlog.get_logger()
COME_BACK_MS = 10_000
LAPSED = "The page's cookie is over: renew it, and connect again."


def bind(server: Any, app: Flask) -> None:
    """Let `server`, a socketio.Server, tell of those who come and go, on behalf of `app`."""
    server.on("connect", partial(_connected, app))
    server.on("disconnect", partial(_disconnected, app))


def _connected(app: Flask, sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
    """Let a connection in, signed in where it brings a token or, on a page of ours, the page's cookie."""
    client = Client(app, sid)
    address, most = network_of(environ.get("REMOTE_ADDR", "")), app.config["MAX_CONNECTIONS_PER_IP"]
    cluster = app.extensions["cluster"]
    if most and cluster.count_from(address) >= most:
        metrics.REFUSED_CONNECTIONS.labels("too_many_connections").inc()
        client.tell_refused("too_many_connections", "connect")
        # After its CONNECT has left: a client that is refused at CONNECT itself would not come back by itself.
        socketio.start_background_task(_turn_away, client, most)
        return
    client.connections.connect(sid, address)  # counted before anything yields
    if most and 2 * cluster.workers() * client.connections.count_from(address) >= most:
        cluster.announce()  # near the limit the other workers are to know at once
    try:
        identity = _identity(client, environ, auth)
    except RacingError as error:
        client.connections.disconnect(sid)
        client.tell_refused(error.type, "connect")
        raise _refusal(error) from error
    except Exception as error:
        log.exception("a connection failed", **client.ids)
        client.connections.disconnect(sid)
        raise _refusal(RacingError("Something went wrong on our side.")) from error
    if not socketio.server.manager.is_here(sid):
        # It went while the database was asked, before it had joined: nobody else tells that it did.
        client.connections.disconnect(sid)
    elif client.is_connected:
        socketio.server.enter_room(sid, rooms.NEWS)
        if identity is not None:
            client.identities.sign_in(sid, identity)


def _identity(client: Client, environ: Mapping[str, Any], auth: Any) -> Identity | None:
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is not None:
        with client.asking():
            return identity_of(token)
    if "HTTP_COOKIE" not in environ or not is_own(environ.get("HTTP_ORIGIN"), environ):
        return None
    cookies = parse_cookie(environ["HTTP_COOKIE"])
    with client.asking():
        identity = page_identity(cookies.get(client.app.config["JWT_ACCESS_COOKIE_NAME"]))
    if identity is None and client.app.config["JWT_REFRESH_COOKIE_NAME"] in cookies:
        # After its CONNECT has left. As on the pages it may read all that others may; its page can have new cookies.
        socketio.start_background_task(client.answer, "error", messages.error("token_expired", LAPSED))
    return identity


def _refusal(error: RacingError) -> ConnectionRefusedError:
    metrics.REFUSED_CONNECTIONS.labels(error.type).inc()
    return ConnectionRefusedError(error.message, messages.error(cast(Reason, error.type), error.message))


def _turn_away(client: Client, most: int) -> None:
    sentence = f"There are {most} connections from this address already."
    client.answer("error", messages.error("too_many_connections", sentence, retry_after_ms=COME_BACK_MS))
    client.app.extensions["transports"].close(client.sid, "too_many_connections")


def _disconnected(app: Flask, sid: str, _reason: Any = None) -> None:
    """Forget a connection. Socket.IO takes it out of its rooms by itself."""
    client = Client(app, sid)
    for race_id in client.connections.disconnect(sid):
        client.publisher.forget(race_id)
    client.identities.forget(sid)
    client.outbox.news.forget(sid)
    client.outbox.notifications.forget(sid)
    app.extensions["rates"].events.forget(sid)


@client_event("authenticate")
def authenticate(client: Client, asked: Authenticate) -> Answer:
    """Let this connection be the token's user from now on; a token that is refused changes nothing."""
    with client.asking():
        identity = identity_of(asked.token)
    if client.is_connected:
        before = client.identities.of(client.sid)
        if before is not None and before.user_id != identity.user_id:
            # What was replayed to the one says nothing of what the other has been sent.
            client.outbox.notifications.forget(client.sid)
        client.identities.sign_in(client.sid, identity)
    return client.answer("authenticated", messages.authenticated(identity.user_id, identity.expires_at))
