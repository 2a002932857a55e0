"""Ports of this machine: one that is free, and the wait for somebody to listen."""

import socket
import time
from collections.abc import Callable

START_S = 30


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
