"""Builds the application: configures it, binds the extensions, registers the edges. No rule lives here."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from racing import cli
from racing.config import LARGEST_CLIENT_MESSAGE, ROOT, Settings, flask_config, read_settings
from racing.extensions import csrf, db, jwt, limiter, migrate, socketio
from racing.models import sqlite
from racing.realtime import shapes
from racing.realtime.allowance import Allowance
from racing.realtime.connections import Connections
from racing.realtime.heartbeat import Heartbeat
from racing.realtime.identities import Ended, Identities
from racing.realtime.loop import LiveLoop
from racing.realtime.outbox import Outbox, Tables
from racing.realtime.packets import ClientPacket, quiet_logger
from racing.realtime.publisher import Publisher, Standing
from racing.realtime.transports import Transports
from racing.services import accounts, boards, news, notifications
from racing.views import api, auth, errors, ops, punters, staff, staff_news
from racing.views import live as _live  # noqa: F401  # its handlers must be there before socketio.init_app
from racing.views import news as news_pages
from racing.views import notifications as notification_pages
from racing.views.live.origins import may_connect


def create_app(*, async_mode: str = "threading", off_the_loop: Callable[..., Any] | None = None, **given: Any) -> Flask:
    """Return the application for the environment's settings, `given` ones (lower-case names) first.

    `async_mode` is python-socketio's; `off_the_loop(work, *args)` runs work in a real thread where a loop serves.
    Raises SettingsError where the environment is wrong.
    """
    settings = read_settings(**given)
    _configure_logging(settings)
    app = Flask(__name__, instance_path=str(settings.instance_path.absolute()), root_path=str(ROOT))
    app.config.update(flask_config(settings), OFF_THE_LOOP=off_the_loop)
    app.json.compact, app.json.sort_keys = True, False  # type: ignore[attr-defined]
    _bind(app, settings, async_mode)
    for view in (punters, news_pages, notification_pages, staff, staff_news, auth, api, ops):
        app.register_blueprint(view.blueprint)
    errors.register(app)
    cli.register(app)
    if settings.app_env == "production":
        # One router stands in front and says who asks, over what.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app


def _bind(app: Flask, settings: Settings, async_mode: str) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    jwt.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    with app.app_context():
        sqlite.prepare(db.engine)
    socketio.init_app(
        app,
        async_mode=async_mode,
        # One client's events are handled in the order it sent them; other clients do not wait for it.
        async_handlers=False,
        cors_allowed_origins=may_connect(settings.origins) if settings.origins else None,  # None: our own pages only
        max_http_buffer_size=LARGEST_CLIENT_MESSAGE,
        manage_session=False,
        serializer=ClientPacket,
        logger=quiet_logger("socketio"),
        engineio_logger=quiet_logger("engineio"),
    )
    _bind_live(app, settings)


def _bind_live(app: Flask, settings: Settings) -> None:
    """Hand the realtime side its readers: it never imports what it reads from."""

    def read_board(race_id: str, since: int | None) -> shapes.Board:
        with app.app_context():
            return boards.board(race_id, since)

    def read_standings(race_ids: Collection[str]) -> Mapping[str, Standing]:
        with app.app_context():
            return boards.standings(race_ids)

    def read_ended(since: datetime) -> Ended:
        with app.app_context():
            return accounts.ended_since(since)

    clock, wake, connections = time.monotonic, threading.Event(), Connections()
    interval_s = settings.broadcast_interval_ms / 1000
    publisher = Publisher(connections, read_board, read_standings, socketio.emit, clock, interval_s, wake.set)
    heartbeat = Heartbeat(publisher, read_standings, socketio.emit)
    enter, leave = socketio.server.enter_room, socketio.server.leave_room
    identities = Identities(socketio.emit, enter, leave, read_ended, time.time)
    outbox = Outbox(_published_tables(app), socketio.emit, wake.set)
    transports = Transports(socketio.server, settings.unread_messages, settings.unread_bytes)
    duties = (identities, outbox, transports)
    app.extensions.update(
        connections=connections,
        publisher=publisher,
        identities=identities,
        outbox=outbox,
        transports=transports,
        allowance=Allowance(settings.client_events_per_second, settings.client_events_burst, clock),
        live_loop=LiveLoop(publisher, heartbeat, clock, wake, settings.heartbeat_interval_ms / 1000, duties),
    )


def _published_tables(app: Flask) -> Tables:
    def reading(read: Callable[..., Any]) -> Callable[..., Any]:
        def in_context(*args: int) -> Any:
            with app.app_context():
                return read(*args)

        return in_context

    readers = (news.after, news.newest_id, notifications.after, notifications.newest_id)
    return Tables(*(reading(read) for read in readers))


def _configure_logging(settings: Settings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level]
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
