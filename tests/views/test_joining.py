"""Whoever goes while they are let in is not counted: nobody else would tell that they went."""

from typing import Any

import pytest
from engineio.socket import Socket
from flask import Flask
from flask_jwt_extended import create_access_token
from flask_socketio import ConnectionRefusedError

from racing.extensions import socketio
from racing.models import Role
from racing.realtime import rooms
from tests.factories import a_user

EIO_SID = "its-transport"
ENVIRON = {"REMOTE_ADDR": "192.0.2.7"}


def let_in(sid: str, auth: Any = None) -> None:
    """Handle a CONNECT, as python-socketio calls for it."""
    socketio.server.handlers["/"]["connect"](sid, ENVIRON, auth)


@pytest.fixture
def sid(app: Flask) -> str:
    """A connection about to join."""
    engine = socketio.server.eio
    engine.sockets[EIO_SID] = Socket(engine, EIO_SID)
    return str(socketio.server.manager.connect(EIO_SID, "/"))


def test_who_has_gone_meanwhile_is_not_counted(app: Flask, sid: str) -> None:
    socketio.server.manager.basic_disconnect(sid, "/")

    let_in(sid)

    connections = app.extensions["connections"]
    assert connections.count() == 0
    assert connections.count_from("192.0.2.7") == 0
    assert not connections.is_connected(sid)
    assert rooms.NEWS not in socketio.server.manager.rooms.get("/", {})


def test_who_has_gone_meanwhile_is_signed_in_nowhere(app: Flask, sid: str) -> None:
    token = create_access_token(identity=str(a_user(Role.STAFF).id))
    socketio.server.manager.basic_disconnect(sid, "/")

    let_in(sid, {"token": token})

    assert app.extensions["connections"].count() == 0
    assert app.extensions["identities"].of(sid) is None


def test_who_is_still_there_is_counted_and_hears_the_news(app: Flask, sid: str) -> None:
    let_in(sid)

    connections = app.extensions["connections"]
    assert connections.count() == connections.count_from("192.0.2.7") == 1
    assert rooms.NEWS in socketio.server.manager.get_rooms(sid, "/")


def test_who_is_refused_is_not_counted(app: Flask, sid: str) -> None:
    with pytest.raises(ConnectionRefusedError):
        let_in(sid, {"token": "no token"})

    assert app.extensions["connections"].count() == 0
