"""The router of deploy/, in front of workers on this machine."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.needs import need_program
from tests.support.ports import free_port, wait_until_listening

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
# Debian keeps it where only root looks.
PLACES = ("nginx", "/usr/sbin/nginx")


class RunningNginx:
    """nginx with deploy/nginx.conf as it is; only the places (site/) are this machine's. Use it as a context."""

    def __init__(self, folder: Path, worker_ports: Sequence[int], port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_file = folder / "nginx.log"
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "site").mkdir(parents=True)
        shutil.copy(DEPLOY / "nginx.conf", folder)
        lines = [f"server 127.0.0.1:{worker} max_fails=0;\n" for worker in worker_ports]
        (folder / "site" / "workers.conf").write_text("".join(lines))
        (folder / "site" / "listen.conf").write_text(f"listen 127.0.0.1:{self.port};\n")
        # As root its workers would be somebody who may not look into our folder.
        how = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
        run_here = ("-p", f"{folder}/", "-c", str(folder / "nginx.conf"), "-g", how)
        self._command = [need_program(PLACES, "nginx"), *run_here]

    def __enter__(self) -> Self:
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(self._command, stdout=log, stderr=log)
        self.process = process
        try:
            wait_until_listening(self.port, lambda: process.poll() is None)
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.log}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    @property
    def log(self) -> str:
        """What it has logged, requests and errors."""
        return self.log_file.read_text()
