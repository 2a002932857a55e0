"""Builds the application: configures it, binds the extensions, registers the edges. No rule lives here."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from racing import cli
from racing.config import ROOT, Settings, flask_config, read_settings
from racing.extensions import csrf, db, jwt, limiter, migrate, socketio
from racing.models import sqlite
from racing.realtime import messages
from racing.realtime.connections import Connections
from racing.realtime.heartbeat import Heartbeat
from racing.realtime.loop import LiveLoop
from racing.realtime.publisher import Publisher, Standing
from racing.services import boards
from racing.views import api, auth, errors, ops, punters, staff
from racing.views import live as _live  # noqa: F401  # its handlers must be there before socketio.init_app

LARGEST_CLIENT_MESSAGE = 16 * 1024  # bytes


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
    for view in (punters, staff, auth, api, ops):
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
    _bind_live(app, settings)
    socketio.init_app(
        app,
        async_mode=async_mode,
        # One client's events are handled in the order it sent them; other clients do not wait for it.
        async_handlers=False,
        cors_allowed_origins=_origins(settings),
        max_http_buffer_size=LARGEST_CLIENT_MESSAGE,
        manage_session=False,
    )


def _bind_live(app: Flask, settings: Settings) -> None:
    """Hand the realtime side its readers: it never imports what it reads from."""

    def read_board(race_id: str, since: int | None) -> messages.Board:
        with app.app_context():
            return boards.board(race_id, since)

    def read_standings(race_ids: Collection[str]) -> Mapping[str, Standing]:
        with app.app_context():
            return boards.standings(race_ids)

    clock, wake, connections = time.monotonic, threading.Event(), Connections()
    interval_s = settings.broadcast_interval_ms / 1000
    publisher = Publisher(connections, read_board, read_standings, socketio.emit, clock, interval_s, wake.set)
    heartbeat = Heartbeat(publisher, read_standings, socketio.emit)
    loop = LiveLoop(publisher, heartbeat, clock, wake, settings.heartbeat_interval_ms / 1000)
    app.extensions.update(connections=connections, publisher=publisher, live_loop=loop)


def _origins(settings: Settings) -> Callable[[str | None, dict[str, Any]], bool] | None:
    allowed = settings.origins
    if allowed is None:
        return None  # engineio's own rule: our host only

    def may_connect(origin: str | None, environ: dict[str, Any]) -> bool:
        own = environ.get("HTTP_X_FORWARDED_HOST", environ.get("HTTP_HOST", "")).split(",")[0].strip()
        return origin is None or origin in allowed or urlsplit(origin).netloc == own

    return may_connect


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
