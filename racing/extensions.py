"""The extensions, made unbound here and bound to an application in app.py."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from flask import current_app, request
from flask_jwt_extended import get_jwt_identity
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from racing.config import ROOT
from racing.networks import network_of
from racing.token_keys import KeyedTokens

T = TypeVar("T")


class Base(DeclarativeBase):
    """The base of every model; constraints are named, so that migrations can drop them on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def writer_or_address() -> str:
    """Whom a limit counts: the signed-in user, else the address."""
    identity = get_jwt_identity() if request.headers.get("Authorization") else None
    return f"user:{identity}" if identity else asking_network()


def asking_network() -> str:
    """Return where this request comes from, as limits count it."""
    return network_of(get_remote_address())


def off_the_loop(work: Callable[..., T], *args: object) -> T:
    """Return `work(*args)`, run in a real thread where a server's loop would stand still meanwhile (see wsgi.py)."""
    run: Callable[..., T] | None = current_app.config.get("OFF_THE_LOOP")
    return run(work, *args) if run else work(*args)


TURN_S = 0.01


def in_turns(things: Iterable[T]) -> Iterator[T]:
    """Yield the things; where they are long in the making, others of the loop go on between two of them.

    Not for what happens between the first write of a transaction and its end.
    """
    began = time.monotonic()
    for thing in things:
        yield thing
        if time.monotonic() - began >= TURN_S:
            socketio.sleep(0)
            began = time.monotonic()


db = SQLAlchemy(model_class=Base)
migrate = Migrate(directory=str(ROOT / "migrations"), compare_type=True, render_as_batch=True)
socketio = SocketIO()
jwt = KeyedTokens()
csrf = CSRFProtect()
limiter = Limiter(key_func=asking_network)
