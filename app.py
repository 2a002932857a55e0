"""Builds the application: configures it, binds the extensions, registers the edges. No rule lives here."""

import atexit
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

import structlog
from flask import Flask
from sqlalchemy import make_url

from racing import cli, cli_keys, logs
from racing.config import LARGEST_CLIENT_MESSAGE, ROOT, Settings, read_settings
from racing.extensions import csrf, db, jwt, limiter, migrate, socketio
from racing.flask_config import flask_config
from racing.models import sqlite
from racing.realtime.bounds import Bounded, unbounded
from racing.realtime.cluster import Cluster
from racing.realtime.connections import Connections
from racing.realtime.election import RedisElection
from racing.realtime.heartbeat import Heartbeat
from racing.realtime.history import History
from racing.realtime.identities import Identities
from racing.realtime.kept_boards import KeptBoards
from racing.realtime.link import RedisLink
from racing.realtime.loop import LiveLoop
from racing.realtime.outbox import Outbox, Tables
from racing.realtime.packets import ClientPacket, quiet_logger
from racing.realtime.publisher import Publisher
from racing.realtime.rates import Rates
from racing.realtime.refused import Refused
from racing.realtime.shared_limits import SharedStorage
from racing.realtime.tally import Tally
from racing.realtime.telling import Telling
from racing.realtime.transport.http_pace import MOST_IDLE, MOST_UNFINISHED
from racing.realtime.transport.manager import FanOutManager
from racing.realtime.transport.transports import Transports
from racing.release import release
from racing.services import alerts, boards, drafts, news, notifications, revocations
from racing.services.feed_ages import FeedAges
from racing.services.price_charts import KeptCharts
from racing.views import (
    api,
    api_docs,
    auth,
    bodies,
    compression,
    crawlers,
    cross_origin,
    errors,
    frame,
    guard,
    hosts,
    live,
    mine,
    modules,
    ops,
    page_session,
    page_turns,
    previews,
    punters,
    refusals,
    request_origin,
    resets,
    site_address,
    staff,
    static_files,
)
from racing.views import news as news_pages
from racing.views import notifications as notification_pages
from racing.views.api import limits
from racing.views.bodies import Bodies
from racing.views.hosts import Hosts
from racing.views.kept_briefly import KeptBriefly
from racing.views.live.origins import may_connect
from racing.views.request_log import RequestLog
from racing.views.routers import Routers
from racing.views.security_headers import SecurityHeaders
from racing.views.site_address import Site

T = TypeVar("T")
log = structlog.get_logger()


def create_app(
    *,
    async_mode: str = "threading",
    off_the_loop: Callable[..., Any] | None = None,
    bounded: Bounded = unbounded,
    **given: Any,
) -> Flask:
    """Return the application for the environment's settings, `given` ones (lower-case names) first.

    `async_mode` is python-socketio's; `off_the_loop(work, *args)` runs work in a real thread where a loop serves;
    `bounded(do, seconds)` ends what waits for too long there.
    Raises SettingsError where the environment is wrong.
    """
    settings = read_settings(**given)
    worker = uuid4().hex
    logs.configure(
        level=settings.log_level,
        as_json=settings.logs_as_json,
        worker=worker,
        secrets=settings.known_secrets,
    )
    app = Site(__name__, instance_path=str(settings.instance_path.absolute()), root_path=str(ROOT), static_folder=None)
    app.config.update(flask_config(settings), OFF_THE_LOOP=off_the_loop, BOUNDED=bounded)
    app.json.compact, app.json.sort_keys = True, False  # type: ignore[attr-defined]
    app.extensions["refused"] = Refused(settings.secret_key, time.monotonic)
    _bind(app, settings, async_mode, worker)
    if async_mode != "threading" and not settings.smtp_url and settings.app_env == "production":
        log.warning("no mail is sent: SMTP_URL is not set, so nobody can reset a password")
    for view in (
        punters,
        news_pages,
        notification_pages,
        staff,
        auth,
        resets,
        mine,
        api,
        api_docs,
        crawlers,
        ops,
    ):
        app.register_blueprint(view.blueprint)
    refusals.register(app)
    site_address.register(app)
    hosts.register(app)
    bodies.register(app)
    cross_origin.register(app, settings.origins)
    page_session.register(app)
    request_origin.register(app)
    page_turns.register(app)
    limits.register(app)
    guard.register(app)  # behind the turns: who waits for one must not hold a connection
    frame.register(app)
    static_files.register(app)
    modules.register(app)
    previews.register(app)
    compression.register(app)
    errors.register(app)
    cli.register(app)
    cli_keys.register(app)
    guard.refuse_undeclared(app)
    # From the inside out: what a request is told to be by those in front stands before anybody reads it.
    guarded = SecurityHeaders(Hosts(Bodies(app.wsgi_app, app.config["MAX_CONTENT_LENGTH"]), app.extensions["refused"]))
    app.wsgi_app = Routers(RequestLog(guarded), settings.routers)  # type: ignore[method-assign]
    return app


def _bind(app: Flask, settings: Settings, async_mode: str, worker: str) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    jwt.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    with app.app_context():
        sqlite.prepare(db.engine)
    link = _link(settings, worker, serving=async_mode != "threading")
    socketio.init_app(
        app,
        client_manager=link or FanOutManager(),
        async_mode=async_mode,
        # One client's events are handled in the order it sent them; other clients do not wait for it.
        async_handlers=False,
        cors_allowed_origins=may_connect(settings.origins, app.extensions["refused"]),
        ping_interval=settings.ping_interval_ms // 1000,
        ping_timeout=settings.ping_timeout_ms // 1000,
        max_http_buffer_size=LARGEST_CLIENT_MESSAGE,
        manage_session=False,
        serializer=ClientPacket,
        logger=quiet_logger("socketio"),
        engineio_logger=quiet_logger("engineio"),
    )
    _bind_live(app, settings, link)
    live.bind(socketio.server, app)


def _link(settings: Settings, worker: str, *, serving: bool) -> RedisLink | None:
    """Return the way to the other workers. A command (`replay`, a cron job) only talks; at its end all of it leaves."""
    if not settings.redis_url:
        return None
    database = make_url(settings.database_url)
    # Of one PostgreSQL all workers are one house. What another process says of another SQLite file is not true of ours.
    house = str(Path(database.database or "").resolve()) if database.drivername == "sqlite" else ""
    link = RedisLink(settings.redis_url, verify_tls=settings.redis_tls_verify, write_only=not serving, house=house)
    link.host_id = worker  # the log and the other workers know it by one name
    if not serving:
        atexit.register(link.flush)
    return link


def _bind_live(app: Flask, settings: Settings, link: RedisLink | None) -> None:
    """Hand the realtime side its readers: it never imports what it reads from."""
    read_boards, read_standings = _reading(app, boards.several), _reading(app, boards.standings)
    emit_here = partial(socketio.emit, ignore_queue=True)
    clock, wake, connections = time.monotonic, threading.Event(), Connections()
    interval_s = settings.broadcast_interval_ms / 1000
    tally = Tally(settings.secret_key)
    rates = Rates(settings, clock, tally)
    transports = Transports(socketio.server, settings.unread_messages, settings.unread_bytes, rates.turnstile)
    publisher = Publisher(
        connections, read_boards, read_standings, emit_here, clock, interval_s, wake.set, transports.together
    )
    cluster = Cluster(connections, publisher, clock, link, release(), tally.name)
    if link is not None:
        link.on("ended", partial(revocations.hear, app))
        publisher.join(cluster, RedisElection(link, interval_s, clock))
        tally.join(link)
    cast(SharedStorage, limiter.storage).join(tally)
    heartbeat = Heartbeat(publisher, read_standings, emit_here, transports.together)
    enter, leave = socketio.server.enter_room, socketio.server.leave_room
    identities = Identities(emit_here, enter, leave, _reading(app, revocations.ended_since), time.time)
    outbox = Outbox(_published_tables(app), emit_here, wake.set)
    duties = (identities, outbox, transports)
    app.extensions.update(
        link=link,
        cluster=cluster,
        history=History(cluster, link),
        feed_ages=FeedAges(clock),
        connections=connections,
        kept_boards=KeptBoards(publisher, _reading(app, boards.board), read_standings, clock),
        kept_charts=KeptCharts(clock),
        kept_lines=KeptBriefly(clock),
        kept_others=KeptBriefly(clock),
        publisher=publisher,
        identities=identities,
        revocations=revocations.KnownRevocations(clock),
        outbox=outbox,
        telling=Telling(_reading(app, alerts.tell_due), app.config["BOUNDED"]),
        news_schedule=Telling(
            _reading(app, drafts.publish_due), app.config["BOUNDED"], "publishing what was scheduled"
        ),
        transports=transports,
        tally=tally,
        rates=rates,
        most_waiting=_most_waiting(settings),
        live_loop=LiveLoop(
            publisher, heartbeat, clock, wake, settings.heartbeat_interval_ms / 1000, duties, app.config["BOUNDED"]
        ),
    )


def _most_waiting(settings: Settings) -> tuple[int, int]:
    """Return how many connections of an address may be in the middle of a request, and between two; 0 is no bound."""
    # Behind a router all of them are its own, and it looks after slow clients itself.
    is_bounded = settings.max_connections_per_ip and not settings.routers
    return (MOST_UNFINISHED, MOST_IDLE) if is_bounded else (0, 0)


def _published_tables(app: Flask) -> Tables:
    return Tables(
        news_after=_reading(app, news.after),
        newest_news=_reading(app, news.newest_id),
        notifications_after=_reading(app, notifications.after),
        newest_notification=_reading(app, notifications.newest_id),
    )


def _reading(app: Flask, read: Callable[..., T]) -> Callable[..., T]:
    """Return `read`, to be called where no request gives it the application."""

    def in_context(*args: Any) -> T:
        with app.app_context():
            return read(*args)

    return in_context
