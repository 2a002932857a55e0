"""A real market that is replayed, another race that is written through every worker, and a crowd that follows both."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.support.board import Board
from tests.support.followers import Crowd
from tests.support.servers import ROOT, RunningServer
from tests.support.traffic import Reader, Writer

MARKET = "1.127236622.bz2"  # Randwick: busy
DECLARED_WITHIN_S = 30.0


class Replay:
    """`flask replay` in a process of its own. Use it as a context: it ends with it, wherever the market stands."""

    def __init__(self, server: RunningServer, file: Path, race_id: str, *options: str) -> None:
        self.race_id = race_id
        self._command = [sys.executable, "-m", "flask", "--app", "wsgi", "replay", str(file), "--race-id", race_id]
        self._command += options
        self._env, self._address = server.env, server.url
        self._said = Path(server.env["INSTANCE_PATH"]) / f"replay-{race_id}.log"

    def __enter__(self) -> "Replay":
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(self._command, cwd=ROOT, env=self._env, stdout=said, stderr=said)
        deadline = time.monotonic() + DECLARED_WITHIN_S
        while requests.get(f"{self._address}/api/v1/races/{self.race_id}", timeout=5).status_code != 200:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)  # no event tells that another process has declared a race
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def said(self) -> str:
        """What it has printed."""
        return self._said.read_text()

    @property
    def goes_on(self) -> bool:
        """Whether the market is still being replayed."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End it without a word, if it has not ended."""
        self.process.kill()
        self.process.wait()


@dataclass
class Stage:
    """What is under way: the replay, the writers of the other race (one a worker), a reader a worker, the crowd."""

    workers: Sequence[RunningServer]
    replay: Replay
    written: str
    writers: Sequence[Writer]
    readers: Sequence[Reader]
    crowd: Crowd

    def board(self, race_id: str) -> Board:
        """What the database holds of a race, as the first worker that answers tells it."""
        return board_at(self.workers, race_id)

    def hush(self) -> None:
        """End all that writes: nothing but the workers' own repair helps those who are behind now."""
        self.replay.stop()
        for writer in self.writers:
            writer.stop()


def board_at(workers: Sequence[RunningServer], race_id: str) -> Board:
    """Return what the database holds of a race, as the first worker that answers tells it."""
    return Board.of(answer_of(workers, f"/api/v1/races/{race_id}/odds"))


def answer_of(workers: Sequence[RunningServer], path: str) -> Any:
    """Return the JSON of the first worker that answers."""
    for worker in workers:
        if worker.process is not None:
            answer = requests.get(worker.url + path, timeout=10)
            assert answer.status_code == 200, answer.text
            return json.loads(answer.text)
    raise AssertionError("no worker runs")


@contextmanager
def on_stage(
    workers: Sequence[RunningServer], data: Path, name: str, *, writes_a_second: float = 5, from_minutes: int = 5
) -> Iterator[Stage]:
    """Begin all of it. `name` makes the races' ids; a writer goes to its own worker, to the next where that is gone."""
    addresses, token = [worker.url for worker in workers], workers[0].token
    written = workers[0].declare(f"{name}-written")
    with ExitStack() as stack:
        options = ("--speed", "10", "--from", str(from_minutes))
        replay = stack.enter_context(Replay(workers[0], data / "markets" / MARKET, f"{name}-market", *options))
        crowd = stack.enter_context(Crowd(addresses, [written, replay.race_id]))
        turned = [[*addresses[n:], *addresses[:n]] for n in range(len(addresses))]
        writers = [
            stack.enter_context(Writer(turn, token, written, f"maker-{n}", every_s=1 / writes_a_second))
            for n, turn in enumerate(turned)
        ]
        paths = ["/health", f"/races/{written}", f"/api/v1/races/{written}/odds", "/"]
        readers = [stack.enter_context(Reader([address], token, paths)) for address in addresses]
        yield Stage(workers, replay, written, writers, readers, crowd)


def told(what: str) -> None:
    """Print a figure that was measured, also where pytest captures."""
    os.write(2, f"\n    {what}\n".encode())
