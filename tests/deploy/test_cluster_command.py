"""`make cluster`, as somebody at a terminal runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.needs import need_program
from tests.support.nginx_server import PLACES
from tests.support.ports import free_port
from tests.support.servers import ROOT

pytestmark = pytest.mark.soak

PRICES_WITHIN_S = 30


def is_listening(address: str) -> bool:
    place = urlsplit(address)
    with socket.socket() as probe:
        return probe.connect_ex((str(place.hostname), int(place.port or 0))) == 0


def test_it_serves_a_card_whose_prices_move_through_the_router_and_leaves_nothing_running() -> None:
    need_program(PLACES, "nginx")
    command, port = [sys.executable, "tools/cluster"], free_port()
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert running.stdout
        said = []
        for line in running.stdout:  # ends with the process, or here
            said.append(line)
            if "Ctrl-C" in line:
                break
        addresses = re.findall(r"\w+://[\w.@]+:\d+", "".join(said))
        assert len(set(addresses)) == 5, said
        assert all(is_listening(address) for address in addresses)

        deadline = time.monotonic() + PRICES_WITHIN_S
        while not (races := requests.get(f"http://127.0.0.1:{port}/api/v1/races").json()["races"]):
            assert time.monotonic() < deadline
        assert "Wexmoor" in {race["course"] for race in races}
    finally:
        os.killpg(running.pid, signal.SIGINT)  # Ctrl-C is for everybody in front of the terminal

    assert running.wait(30) == 0
    assert not any(is_listening(address) for address in addresses)


def test_a_port_that_somebody_has_is_told_and_nothing_is_started() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = str(somebody.getsockname()[1])

        env = {**os.environ, "PORT": port}
        ran = subprocess.run(
            [sys.executable, "tools/cluster"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
        )

    assert ran.returncode == 1
    assert ran.stderr.startswith(f"Something listens on 127.0.0.1:{port} already.")
    assert ran.stdout == ""
