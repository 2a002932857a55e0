"""Real processes for the tests: the web server, the command line."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import requests
from argon2 import PasswordHasher

from tests.support.ports import START_S, free_port
from tests.support.ways import strayed

ROOT = Path(__file__).parent.parent.parent
STAFF_EMAIL, STAFF_PASSWORD = "staff@example.org", "correct horse battery"
STOP_S = 12


class RunningServer:
    """A web process of its own, with a staff user; use it as a context. `settings` are environment variables."""

    def __init__(self, database_url: str, instance: Path, **settings: str) -> None:
        self.staff_email, self.staff_password = STAFF_EMAIL, STAFF_PASSWORD
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        instance.mkdir(parents=True, exist_ok=True)
        self.log_file = instance / "server.log"
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "FLASK_APP")},
            "DATABASE_URL": database_url,
            "INSTANCE_PATH": str(instance),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "MAX_CONNECTIONS_PER_IP": "0",
            **settings,
        }
        self.mended_at = 0  # so many characters of its log are of journeys that are over
        self.program, self.root = "wsgi.py", ROOT  # another entry, or another version of the whole
        self.process: subprocess.Popen[bytes] | None = None
        self._token: str | None = None

    def __enter__(self) -> "RunningServer":
        if self.env["DATABASE_URL"].startswith("sqlite:///"):
            _insert_staff(self.env["DATABASE_URL"].removeprefix("sqlite:///"))
        else:
            self.flask("users", "create", STAFF_EMAIL, "--role", "staff", "--password-stdin", stdin=STAFF_PASSWORD)
        self.start()
        if self.root == ROOT and (astray := strayed(self.url, self.env)):
            raise AssertionError(f"{astray}:\n{self.log}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.kill()

    def start(self) -> None:
        """Start the process and wait until it answers."""
        with self.log_file.open("ab") as log:
            command = [sys.executable, self.program]
            self.process = subprocess.Popen(command, cwd=self.root, env=self.env, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended at once:\n{self.log}")
            try:
                requests.get(f"{self.url}/health", timeout=2)
                return
            except requests.ConnectionError:
                time.sleep(0.05)  # no event tells that another process listens
        self.kill()  # nobody else would: it has not been entered
        raise AssertionError(f"the server does not answer:\n{self.log}")

    def stop(self) -> int:
        """Send SIGTERM; return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_S)
        self.process = None
        return code

    def kill(self) -> None:
        """End the process without a word."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(STOP_S)
        self.process = None

    @property
    def log(self) -> str:
        """What the process has logged."""
        return self.log_file.read_text()

    def flask(self, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run `flask --app wsgi ...` on the same database; raise where it fails."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=self.root, env=self.env, input=stdin, text=True, capture_output=True, timeout=180, check=True,
        )  # fmt: skip

    @property
    def token(self) -> str:
        """A staff token."""
        if self._token is None:
            answer = self.api("POST", "/auth/login", {"email": STAFF_EMAIL, "password": STAFF_PASSWORD}, token="")
            self._token = answer.json()["accessToken"]
        return self._token

    def sign_in_again(self) -> None:
        """Have a new staff token at the next call: where tokens do not last as long as the test."""
        self._token = None

    def api(
        self, method: str, path: str, json: Any = None, *, token: str | None = None, **headers: str
    ) -> requests.Response:
        """Call `/api/v1` + `path` as staff (as nobody with `token=""`)."""
        bearer = self.token if token is None else token
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        return requests.request(method, f"{self.url}/api/v1{path}", json=json, headers=headers, timeout=30)

    def declare(self, race_id: str = "wexmoor-1405", runners: int = 4, **more: Any) -> str:
        """Put a race on the site; return its id."""
        body = {
            "raceId": race_id,
            "course": "Wexmoor",
            "offTime": "2030-06-01T13:05:00Z",
            "title": "The Harbour Lights Stakes",
            "runners": [{"runnerId": str(n), "number": n, "name": f"Horse {n}"} for n in range(1, runners + 1)],
            **more,
        }
        answer = self.api("POST", "/races", body)
        assert answer.status_code == 201, answer.text
        return race_id

    def price(self, race_id: str, **prices: float | None) -> int:
        """Write prices (`r1=2.5` is runner 1); return the version."""
        quotes = [{"runnerId": runner.removeprefix("r"), "price": price} for runner, price in prices.items()]
        answer = self.api("POST", f"/races/{race_id}/odds", {"odds": quotes})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["version"])


@cache
def _staff_hash() -> str:
    return PasswordHasher().hash(STAFF_PASSWORD)


def _insert_staff(file: str) -> None:
    """As `flask users create`, whose start takes two of the seconds that a hundred tests have not."""
    row = (STAFF_EMAIL, _staff_hash(), "staff", datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO users (email, password_hash, role, created_at) VALUES (?, ?, ?, ?)", row)
