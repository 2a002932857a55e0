"""A PostgreSQL that keeps its address and its data while it is stopped and started."""

import os
import pwd
import signal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pgserver import _commands, utils

from tests.support.ports import free_port

# PostgreSQL refuses to run as root; pgserver makes this user for it.
SYSTEM_USER = "pgserver"
TIMEOUT_S = 60


class RunningPostgres:
    """The PostgreSQL that pgserver carries, on a port and in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = self.url_of("postgres")
        self.is_running = False
        self.log_file = folder / "postgres.log"
        self._data = folder / "data"
        self._data.mkdir(parents=True)
        self._as_whom: dict[str, Any] = {"timeout": TIMEOUT_S}
        if os.geteuid() == 0:
            self._as_whom["user"] = SYSTEM_USER
            self._hand_over(folder)

    def __enter__(self) -> Self:
        arguments = ["--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres"]
        _commands.initdb(arguments, pgdata=self._data, **self._as_whom)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_running:
            self.stop("immediate")

    def url_of(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        options = f"-h 127.0.0.1 -p {self.port} -c unix_socket_directories="
        self._pg_ctl("-w", "-l", str(self.log_file), "-o", options, "start")
        self.is_running = True

    def stop(self, mode: str = "fast") -> None:
        """Stop it and wait for its end. `fast` rolls back what is open; `immediate` is as if it had crashed."""
        self._pg_ctl("-w", "-m", mode, "stop")
        self.is_running = False

    def restart(self, mode: str = "fast") -> None:
        """Stop it and start it again at the same address."""
        self.stop(mode)
        self.start()

    def pause(self) -> None:
        """Stop all its processes where they are: whoever asks it anything waits."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (postmaster, *map(int, children)):
            os.kill(process, number)

    def _pg_ctl(self, *arguments: str) -> None:
        if os.geteuid() == 0:
            # Another pytest that begins closes the folder above ours to everybody but root.
            utils.ensure_prefix_permissions(self._data)
        _commands.pg_ctl(list(arguments), pgdata=self._data, **self._as_whom)

    def _hand_over(self, folder: Path) -> None:
        utils.ensure_user_exists(SYSTEM_USER)
        owner = pwd.getpwnam(SYSTEM_USER)
        for path in (folder, self._data):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        for path in (folder, _commands.POSTGRES_BIN_PATH):
            utils.ensure_prefix_permissions(path)
        utils.ensure_folder_permissions(_commands.POSTGRES_BIN_PATH, 0o055)
        utils.ensure_folder_permissions(_commands.POSTGRES_BIN_PATH.parent / "lib", 0o044)
