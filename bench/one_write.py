"""How long after a write's HTTP answer the last of a hundred punters has it: ours, beside Node's socket.io.

Both servers run at once and are written to in turn, so that both meet the same noise of the machine.
`python -m bench one-write` ends with exit code 1 where our median is not below LIMIT_MS.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import requests

from bench.contender import Contender, report
from tests.support import node
from tests.support.ports import free_port
from tests.support.servers import RunningServer

HERE = Path(__file__).parent
PUNTERS, ROUNDS, WARM_UP, RUNNERS = 100, 30, 3, 8
INTERVAL_MS = 200
SPACING_S = 1.25 * INTERVAL_MS / 1000  # the race has been quiet for an interval
LIMIT_MS = 50
RACE = "bench-1405"


@contextmanager
def process(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a program; leaving the context ends it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def crowd_at(stack: ExitStack, port: int) -> "subprocess.Popen[str]":
    """Return a crowd that follows the race at `port`."""
    return stack.enter_context(process(sys.executable, str(HERE / "crowd.py"), str(port), RACE, str(PUNTERS)))


def price(number: int, runner: int) -> float:
    """Return another price than in the round before."""
    return round(2 + runner + (number % 50) / 100, 2)


def ours(stack: ExitStack, folder: Path) -> tuple[Contender, RunningServer]:
    """Start our server on a fresh SQLite database, with its crowd."""
    settings = {"BROADCAST_INTERVAL_MS": str(INTERVAL_MS)}
    server = RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **settings)
    server.flask("db", "upgrade")
    stack.enter_context(server)
    server.declare(RACE, RUNNERS)
    server.price(RACE, **{f"r{n}": price(0, n) for n in range(1, RUNNERS + 1)})
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {server.token}"

    def write(number: int) -> None:
        body: Any = {"odds": [{"runnerId": "1", "price": price(number, 1)}]}
        session.post(f"{server.url}/api/v1/races/{RACE}/odds", json=body).raise_for_status()

    assert server.process is not None
    return Contender("ours", write, crowd_at(stack, server.port), server.process.pid, SPACING_S), server


def peer(stack: ExitStack, folder: Path, message: dict[str, object]) -> Contender | None:
    """Start Node's socket.io, which sends the same message, with its crowd; None (and a sentence) where it cannot."""
    if not shutil.which("node") or not shutil.which("npm"):
        print("Node or npm is not installed here: ours is measured without its peer.")
        return None
    if wrong := node.install(HERE / "peer"):
        print(f"The peer cannot be installed ({wrong}): ours is measured without it.")
        return None
    (folder / "message.json").write_text(json.dumps(message))
    port, session = free_port(), requests.Session()
    url = f"http://127.0.0.1:{port}/"
    program = ("node", str(HERE / "peer" / "one_write.mjs"), str(port), str(folder / "message.json"))
    running = stack.enter_context(process(*program))
    await_answer(url)

    def write(number: int) -> None:
        body: Any = {"odds": [{"runnerId": "1", "price": price(number, 1)}]}
        session.post(url, json=body).raise_for_status()

    return Contender("Node socket.io 4.8.4", write, crowd_at(stack, port), running.pid, SPACING_S)


def await_answer(url: str) -> None:
    """Return as soon as something answers there."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            requests.get(url, timeout=2)
            return
        except requests.ConnectionError:
            time.sleep(0.05)  # no event tells that another process listens
    sys.exit("The peer does not answer.")


def main() -> int:
    """Measure and report; return the exit code."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        mine, server = ours(stack, folder)
        board = server.api("GET", f"/races/{RACE}/odds").json()
        message = {"type": "odds_update", "raceId": RACE, "payload": board, "timestamp": board["updatedAt"]}
        theirs = peer(stack, folder, message)
        contenders = [one for one in (mine, theirs) if one is not None]
        for one in contenders:
            one.await_crowd()
        for number in range(WARM_UP + ROUNDS):
            for one in contenders:
                if number == WARM_UP:
                    one.start_measuring()
                one.round(number + 1)
        for one in contenders:
            one.stop_measuring()
    report(contenders, PUNTERS)
    median = statistics.median(mine.from_answer)
    print(f"\nOurs has {'' if median < LIMIT_MS else 'NOT '}kept its limit: a median below {LIMIT_MS} ms.")
    return 0 if median < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
