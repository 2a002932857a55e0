"""What goes on while something fails: writers and readers over HTTP, each with every answer it got."""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

STILL_S = 40.0


@dataclass(frozen=True)
class Answer:
    """What a request got: `status` 0 where the connection ended without one. Times in s on the monotonic clock."""

    path: str
    status: int
    body: str
    at: float
    took_s: float

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


class Line:
    """An HTTP connection that is kept alive, opened anew at the next address where it breaks."""

    def __init__(self, addresses: Sequence[str], token: str) -> None:
        self._addresses = itertools.cycle(addresses)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._open()

    def _open(self) -> None:
        self._http = http.client.HTTPConnection(urlsplit(next(self._addresses)).netloc, timeout=STILL_S)

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """Return the answer. A write is never sent twice: what a broken connection has done to it is not known."""
        began = time.monotonic()
        try:
            self._http.request(method, path, json.dumps(body) if body is not None else None, self._headers)
            response = self._http.getresponse()
            status, text = response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            status, text = 0, repr(error)
            self._http.close()
            self._open()
        now = time.monotonic()
        return Answer(path, status, text, now, now - began)

    def close(self) -> None:
        """Hang up."""
        self._http.close()


@dataclass(frozen=True)
class Write:
    """A price that was sent: one that nobody else writes, so that it can be found again."""

    bookmaker: str
    runner_id: str
    price: float
    answer: Answer

    @property
    def version(self) -> int:
        """The version it was answered with."""
        return int(self.answer.json()["version"])


class Background:
    """Something that goes on in a thread of its own until the context ends."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End it, and wait until it has. A second call does nothing."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        raise NotImplementedError


class Writer(Background):
    """A bookmaker of its own that moves one price after the other, `every_s` or as fast as it is answered."""

    def __init__(
        self,
        addresses: Sequence[str],
        token: str,
        race_id: str,
        bookmaker: str,
        *,
        every_s: float = 0,
        runners: int = 4,
    ) -> None:
        super().__init__()
        self.writes: list[Write] = []
        self._line, self._race_id, self._bookmaker = Line(addresses, token), race_id, bookmaker
        self._every_s, self._runners = every_s, runners

    def _run(self) -> None:
        for n in itertools.count():
            if self._over.is_set():
                break
            runner_id, price = str(1 + n % self._runners), round(2 + (n % 90_000) / 100, 2)
            quote = {"runnerId": runner_id, "bookmaker": self._bookmaker, "price": price}
            answer = self._line.ask("POST", f"/api/v1/races/{self._race_id}/odds", {"odds": [quote]})
            self.writes.append(Write(self._bookmaker, runner_id, price, answer))
            self._over.wait(max(0.0, self._every_s - answer.took_s) if answer.status else 0.05)
        self._line.close()

    def answered(self, status: int) -> list[Write]:
        """The writes that were answered so."""
        return [write for write in self.writes if write.answer.status == status]


class Reader(Background):
    """Asks for the same pages over and over, `every_s`."""

    def __init__(self, addresses: Sequence[str], token: str, paths: Sequence[str], *, every_s: float = 0.05) -> None:
        super().__init__()
        self.answers: list[Answer] = []
        self._line, self._paths, self._every_s = Line(addresses, token), paths, every_s

    def _run(self) -> None:
        for path in itertools.cycle(self._paths):
            if self._over.is_set():
                break
            self.answers.append(self._line.ask("GET", path))
            self._over.wait(self._every_s)
        self._line.close()


def p99(answers: Sequence[Answer], since: float = 0.0, until: float = float("inf")) -> float:
    """Return the 99th percentile of the time the answers of that period took, in s."""
    took = sorted(answer.took_s for answer in answers if since <= answer.at <= until)
    return took[min(len(took) - 1, int(0.99 * len(took)))]
