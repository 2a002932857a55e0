"""Ports of this machine: one that is free, and the wait for somebody to listen."""

import itertools
import os
import random
import socket
import time
from collections.abc import Callable

START_S = 30
# Below those that the system gives to whoever connects: a server that is started again finds its port free.
_FIRST, _LAST = 10_000, 32_000
_tried = itertools.count(random.Random(os.getpid()).randrange(_LAST - _FIRST))


def free_port() -> int:
    """Return a port nobody listens on, another each time."""
    for tried in itertools.islice(_tried, _LAST - _FIRST):
        port = _FIRST + tried % (_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


def wait_until_listening(port: int, still_runs: Callable[[], bool]) -> None:
    """Wait until somebody accepts connections there; fail where who should has ended, or takes too long."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert still_runs(), f"what was to listen on {port} has ended"
            time.sleep(0.05)  # no event tells that another process listens
    raise AssertionError(f"nobody listens on {port} after {START_S} s")
