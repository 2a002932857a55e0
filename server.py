"""The web server: one eventlet process, its listener, its limits and its end. Only wsgi.py imports this module."""

import gc
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, TypeVar

import eventlet
import eventlet.hubs
import eventlet.queue
import eventlet.wsgi
import structlog
from flask import Flask

from racing.config import SettingsError
from racing.extensions import db, socketio
from racing.models import sqlite_served
from racing.realtime import restart
from racing.realtime.lag import LoopLag
from racing.realtime.transport.door import Door

log = structlog.get_logger()
T = TypeVar("T")

BACKLOG = 4096  # eventlet listens with 50: a crowd that comes at once would be refused
MAX_SOCKETS = 65_000  # eventlet.wsgi stops answering, silently, at 1024 unless told otherwise
WATCH_SIGNALS_EVERY_S = 0.2
# Of the 10 s that a worker has to end in: all of it, and of that the last words to the other workers.
END_S, LINK_S = 7.5, 1.0
KEEPALIVE_S = 75
# Last words are waited for, but not for those who do not read.
WRITTEN_S, WATCH_OUTPUT_EVERY_S = 2.0, 0.01
JUST_COME_S = 0.2  # long enough for who was let in last to say what they want


class Server:
    """Serves one application until it is told to end."""

    def __init__(self, app: Flask) -> None:
        """Prepare to serve `app` on its HOST and PORT."""
        self._app = app
        self._signal: int | None = None

    def run(self) -> None:
        """Serve. Returns after SIGTERM or SIGINT, all clients let go, whatever waited published.

        Raises SettingsError where the database is a SQLite file that another process serves.
        """
        with self._app.app_context():
            self._held = sqlite_served.hold(db.engine)
        _raise_open_file_limit()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note_signal)
        # What has been made until now lasts: looked through again and again, it would hold up everybody for 50 ms each.
        gc.collect()
        gc.freeze()
        listener = _listen(self._app.config["HOST"], self._app.config["PORT"])
        loop = self._app.extensions["live_loop"]
        if (link := self._app.extensions["link"]) is not None:
            link.start()
        socketio.start_background_task(loop.run)
        socketio.start_background_task(self._app.extensions["cluster"].run, socketio.sleep)
        for told in ("history", "telling", "news_schedule"):
            socketio.start_background_task(self._app.extensions[told].run, socketio.sleep)
        socketio.start_background_task(LoopLag(socketio.sleep, time.monotonic).run)
        transports = self._app.extensions["transports"]
        door: Door | None = None
        if self._app.config["WEBSOCKET_TRANSPORT"] == "direct":
            transports.go_direct(EventletHub(), self._app.config["SEND_LOOP"])
            if transports.direct is not None:
                door = transports.direct.run(listener.fd, self._app.wsgi_app)
        serving = eventlet.spawn(self._serve, _Door(listener) if door is None else _BackDoor(door))
        host, port = listener.getsockname()[:2]
        log.info("serving", address=f"http://{'localhost' if ip_address(host).is_unspecified else host}:{port}")
        # A signal handler that spawns a greenlet is not run until the loop wakes: so it sets a flag, watched here.
        while self._signal is None and not serving.dead:
            eventlet.sleep(WATCH_SIGNALS_EVERY_S)
        self._end(serving, loop)

    def _note_signal(self, number: int, _frame: object) -> None:
        self._signal = number

    def _serve(self, door: Any) -> None:
        eventlet.wsgi.server(
            door,
            self._app,
            max_size=MAX_SOCKETS,
            keepalive=KEEPALIVE_S,
            log_output=False,
            debug=False,
            log=_ServerLog(),
        )

    def _end(self, serving: Any, loop: Any) -> None:
        serving.kill(SystemExit)  # eventlet.wsgi takes it as the word to accept no more and finish what it serves
        eventlet.sleep(JUST_COME_S)
        here, spread_ms = self._app.extensions["connections"].sids(), self._app.config["RESTART_SPREAD_MS"]
        log.info("ending", connections=len(here))
        until = time.monotonic() + END_S
        loop.stop()
        restart.announce(here, socketio.emit, spread_ms)
        transports = self._app.extensions["transports"]
        transports.close_all()
        self._app.extensions["cluster"].leave()
        with eventlet.Timeout(max(0.1, until - LINK_S - time.monotonic()), False):
            with eventlet.Timeout(WRITTEN_S, False):
                transports.await_written(WATCH_OUTPUT_EVERY_S)
            serving.wait()
        if (link := self._app.extensions["link"]) is not None:
            link.flush(LINK_S)
        log.info("ended")


def bounded(do: Callable[[], T], seconds: float) -> T:
    """Return `do()`. Raises TimeoutError where it waits for longer than `seconds`."""
    try:
        with eventlet.Timeout(seconds):
            return do()
    except eventlet.Timeout as error:
        raise TimeoutError(f"no answer within {seconds} s") from error


class _Door:
    """The listening socket as eventlet.wsgi sees it. Told to end, it lets in who waits outside, then is shut at once.

    By itself eventlet.wsgi stands in the open door until its last client has gone, and lets nobody in: a router would
    go on sending, and each of them would be cut off at the end.
    """

    def __init__(self, listener: Any) -> None:
        self._listener, self._is_ending = listener, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._listener, name)

    def accept(self) -> Any:
        """Return the next client and its address. Raises SystemExit where there is none and none is to come."""
        if not self._is_ending:
            try:
                return self._listener.accept()
            except SystemExit:
                self._is_ending = True
        try:
            client, address = self._listener.fd.accept()
        except BlockingIOError:
            self._listener.close()
            eventlet.sleep(JUST_COME_S)  # eventlet.wsgi hangs up on who has said nothing yet
            raise SystemExit from None
        return eventlet.greenio.GreenSocket(client), address


class _BackDoor:
    """Where eventlet.wsgi gets what is no WebSocket. Told to end, it lets in who waits outside, then is shut."""

    def __init__(self, door: Door) -> None:
        self._door, self._somebody = door, eventlet.queue.LightQueue()
        self._is_ending = self._came_just_now = False
        door.wake = lambda: self._somebody.put(None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._door.listener, name)

    def close(self) -> None:
        """Do nothing: it is shut already."""

    def accept(self) -> Any:
        """Return the next client and its address. Raises SystemExit where there is none and none is to come."""
        while True:
            if (other := self._door.next_other()) is not None:
                client, address = other
                self._came_just_now = True
                return eventlet.greenio.GreenSocket(client), address
            if not self._is_ending:
                self._await_somebody()
            elif self._came_just_now:
                # The last of them are still to say what they want, here or at the door: who is silent is hung up on.
                self._door.shut()
                self._came_just_now = False
                eventlet.sleep(JUST_COME_S)
            else:
                raise SystemExit

    def _await_somebody(self) -> None:
        try:
            self._somebody.get()
        except SystemExit:
            self._is_ending = self._came_just_now = True


class EventletHub:
    """The loop as the transport sees it; see racing/realtime/transport/hub.py."""

    def __init__(self) -> None:
        """Be the hub of this thread."""
        self._hub = eventlet.hubs.get_hub()
        self.call_later = self._hub.schedule_call_global
        self.spawn, self.sleep = eventlet.spawn_n, eventlet.sleep

    def epoll(self) -> Any:
        """Return a new epoll object. Raises AttributeError where the system has none."""
        return eventlet.patcher.original("select").epoll()

    def wait_readable(self, descriptor: int) -> None:
        """Wait until the descriptor can be read."""
        eventlet.hubs.trampoline(descriptor, read=True)

    def take_over(self, environ: dict[str, Any]) -> Any:
        """Return the plain socket of a request; eventlet.wsgi is told that it has been answered, and closes nothing."""
        green = environ.pop("eventlet.input").get_socket()
        plain = green.fd
        descriptor = plain.detach()
        eventlet.wsgi.WSGI_LOCAL.already_handled = True
        taken = type(plain)(fileno=descriptor)
        taken.setblocking(False)
        return taken


class _ServerLog:
    """Where eventlet.wsgi writes: it has only lines of text, and only errors get here."""

    def write(self, line: str) -> None:
        """Log one line."""
        if line.strip():
            log.warning("server", line=line.strip())


def _listen(host: str, port: int) -> Any:
    try:
        listener = eventlet.listen((host, port), backlog=BACKLOG, reuse_addr=True, reuse_port=False)
    except OSError as error:
        raise SettingsError(f"cannot listen on {host}:{port}: {error.strerror}. Set PORT to a free one.") from error
    # Inherited by every accepted socket; without it a small message may wait for the one before to be acknowledged.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _raise_open_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit("Run wsgi.py.")
