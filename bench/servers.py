"""The servers that are measured: how each is started, alone on its core."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.bodies import FILE as BODY_FILE
from bench.card import Card
from bench.programs import LIMIT, PEER
from tests.support.ports import free_port, wait_until_listening

ROOT = Path(__file__).parent.parent
SERVER_CORE, LOAD_CORE = 0, 1
# Heartbeats and bounds are ours alone: all do the same work, and nobody is cut for falling behind in a burst.
OURS = {
    "HOST": "127.0.0.1",
    "MAX_CONNECTIONS_PER_IP": "0",
    "HEARTBEAT_INTERVAL_MS": "600000",
    "UNREAD_MESSAGES": "200000",
    "UNREAD_BYTES": "250000000",
    "SEND_LOOP": "compiled",
    "WEBSOCKET_TRANSPORT": "direct",
}


@dataclass(frozen=True)
class Server:
    """One way to serve; `{port}`, `{image}` and `{redis}` are filled in when it is started."""

    words: str
    command: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    is_ours: bool = False
    wants_redis: bool = False


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    port: int
    pid: int
    log: Path


def _ours(words: str, *, redis: bool = False, **settings: str) -> Server:
    own = {**OURS, **settings, **({"REDIS_URL": "{redis}"} if redis else {})}
    return Server(words, (sys.executable, "-m", "bench.ours"), own, is_ours=True, wants_redis=redis)


def _node(words: str, *options: str) -> Server:
    command = ("node", str(PEER / "fan_out.mjs"), "{port}", str(BODY_FILE), *options)
    return Server(words, command, {"NODE_ENV": "production"}, wants_redis="redis={redis}" in options)


_STOCK = (sys.executable, "-m", "bench.stock", "{port}")
SERVERS = {
    "limit": Server("the limit, in C", (str(LIMIT), "{port}", str(BODY_FILE))),
    "limit-joined": Server("the limit, 5 messages a send()", (str(LIMIT), "{port}", str(BODY_FILE), "5")),
    "node": _node("Node socket.io", "answers={image}"),
    "node-bare": _node("Node socket.io, which only acknowledges"),
    "node-redis": _node("Node socket.io, redis-adapter", "answers={image}", "redis={redis}"),
    "node-deflate": _node("Node socket.io, perMessageDeflate", "answers={image}", "deflate"),
    "ours": _ours("ours"),
    "ours-python": _ours("ours, send loop in Python", SEND_LOOP="python"),
    "ours-redis": _ours("ours, Redis", redis=True),
    "ours-stock": _ours("ours, stock transport", WEBSOCKET_TRANSPORT="stock"),
    "ours-stock-redis": _ours("ours, stock transport, Redis", redis=True, WEBSOCKET_TRANSPORT="stock"),
    "stock": Server("Flask-SocketIO as it comes", _STOCK),
    "stock-raised": Server("Flask-SocketIO, bounds raised", (*_STOCK, "raised")),
}


@contextmanager
def started(server: Server, card: Card, redis_url: str = "", **settings: str) -> Iterator[Running]:
    """Run `server` on its core until the context is left. Exits with its log where it does not listen."""
    port = free_port()
    known = {"port": str(port), "image": str(card.image), "redis": redis_url}
    own = {name: value.format(**known) for name, value in server.settings.items()}
    inherited = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "REDIS_HOST", *OURS)}
    env = {**inherited, **own, **settings, "PORT": str(port)}
    env |= {"DATABASE_URL": card.database_url, "INSTANCE_PATH": str(card.instance)}
    command = ["taskset", "--cpu-list", str(SERVER_CORE), *(word.format(**known) for word in server.command)]
    with tempfile.NamedTemporaryFile(prefix="bench-", suffix=".log") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _await(process, port, Path(log.name), server)
            yield Running(port, process.pid, Path(log.name))
        finally:
            process.kill()
            process.wait()


def _await(process: "subprocess.Popen[bytes]", port: int, log: Path, server: Server) -> None:
    try:
        wait_until_listening(port, lambda: process.poll() is None)
    except AssertionError as error:
        sys.exit(f"{server.words}: {error}\n{log.read_text()[-2000:]}")
