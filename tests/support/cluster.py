"""Several workers on one machine, with a Redis and a PostgreSQL of their own that can be made to fail, and nginx."""

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.nginx_server import RunningNginx
from tests.support.postgres_server import RunningPostgres
from tests.support.redis_server import RunningRedis
from tests.support.servers import STAFF_EMAIL, STAFF_PASSWORD, RunningServer

SECRETS = {"SECRET_KEY": "of all workers and for signed cookies", "JWT_SECRET": "of all workers and for signed tokens"}


class RunningCluster:
    """Workers that share one Redis and one PostgreSQL; use it as a context. `settings` are environment variables.

    Every worker keeps its port when it is started again, so do Redis and PostgreSQL. A staff user is there.
    `nginx` stands in front of the workers once it was asked for.
    """

    def __init__(self, folder: Path, workers: int = 2, *, nginx_port: int | None = None, **settings: str) -> None:
        self._folder, self._count, self._nginx_port, self._settings = folder, workers, nginx_port, settings
        self._running = ExitStack()
        self.workers: list[RunningServer] = []

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self.redis = starting.enter_context(RunningRedis(self._folder / "redis"))
            self.postgres = starting.enter_context(RunningPostgres(self._folder / "postgres"))
            self.workers = [self._worker(number) for number in range(1, self._count + 1)]
            self.workers[0].flask("db", "upgrade")
            who = ("users", "create", STAFF_EMAIL, "--role", "staff", "--password-stdin")
            self.workers[0].flask(*who, stdin=STAFF_PASSWORD)
            for worker in self.workers:
                starting.callback(worker.__exit__, None, None, None)
                worker.start()
            self._running = starting.pop_all()
        return self

    @cached_property
    def nginx(self) -> RunningNginx:
        """The router, started by whoever asks first."""
        ports = [worker.port for worker in self.workers]
        return self._running.enter_context(RunningNginx(self._folder / "nginx", ports, self._nginx_port))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def _worker(self, number: int) -> RunningServer:
        settings = {"REDIS_URL": self.redis.url, "TRUSTED_PROXIES": "1", **SECRETS, **self._settings}
        return RunningServer(self.postgres.url, self._folder / f"worker-{number}", **settings)
