"""One client that always has more to say, as fast as its network carries it, is no hindrance to the others.

Events are answered for as long as they come; with what is no message nobody may go on.
"""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.visits import RESET, Standing
from tests.support.ways import way_of
from tests.support.websocket_frames import CONTINUATION, PING, PONG, TEXT, frame
from tests.support.wire import all_is_quiet

pytestmark = pytest.mark.alone
EVENTS = "events"
FLOODS = {
    "pings": frame(PING),
    "pongs": frame(PONG),
    "pongs of Engine.IO": frame(TEXT, b"3"),
    "packets of nothing": frame(TEXT, b"6"),
    "empty pieces": frame(CONTINUATION, b"", final=False),
    EVENTS: frame(TEXT, b'42["ping"]'),
}
FIRST = {"empty pieces": frame(TEXT, b"", final=False)}
POLICY_VIOLATION = bytes((0x88, 2)) + (1008).to_bytes(2)
AT_ONCE = 4000
UNDER_WAY = 200_000  # bytes: by then the server has its hands full
TIMES, PACE_S, WITHIN_S = 10, 0.04, 2.0
MOST_GROWTH_KB = 20 * 1024


@pytest.fixture(scope="module", params=["compiled", "python"])
def busy(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """A web process, once with each send loop."""
    folder = tmp_path_factory.mktemp("busy")
    shutil.copy(migrated_sqlite, folder / "racing.db")
    settings = {"WEBSOCKET_TRANSPORT": "direct", "SEND_LOOP": request.param}
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **settings) as running:
        assert way_of(running.url) == ("direct", request.param)
        yield running


class Flooder:
    """Sends the same frame without end, and reads what it is answered."""

    def __init__(self, url: str, one: bytes, first: bytes = b"") -> None:
        self._client = RawClient(url)
        self._client.socket.sock.sendall(first)
        self.is_told_to_stop = threading.Event()
        self._client.socket.settimeout(None)
        self._socket, self._piece = self._client.socket.sock, one * AT_ONCE
        self._is_under_way = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self._send, self._read)]

    def begin(self) -> None:
        """Flood from now on; return when it is under way."""
        for thread in self._threads:
            thread.start()
        assert self._is_under_way.wait(10), "the flood does not get through"

    @property
    def goes_on(self) -> bool:
        """Tell whether it still floods: it sends, or waits for room, so that the server has more to read."""
        return all(thread.is_alive() for thread in self._threads)

    def end(self) -> None:
        """Hang up; what the server has not read is void."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._client.socket.shutdown()

    def _send(self) -> None:
        sent = 0
        with suppress(OSError):  # hung up
            while True:
                sent += self._socket.send(self._piece[sent % len(self._piece) :])
                if sent >= UNDER_WAY:
                    self._is_under_way.set()

    def _read(self) -> None:
        with suppress(OSError):
            last = b""
            while came := self._socket.recv(65_536):
                last = (last + came)[-len(POLICY_VIOLATION) :]
                if last == POLICY_VIOLATION:
                    self.is_told_to_stop.set()


@contextmanager
def flooded(url: str, flood: str) -> Iterator[Flooder]:
    """Have somebody flood the server for a while."""
    flooder = Flooder(url, FLOODS[flood], FIRST.get(flood, b""))
    flooder.begin()
    try:
        yield flooder
    finally:
        flooder.end()


def answered_in_s(client: RawClient) -> float:
    """Ask whether the server is there; return how long the answer took."""
    asked = time.monotonic()
    client.emit("ping")
    client.events_until("pong")
    return time.monotonic() - asked


@pytest.mark.parametrize("flood", FLOODS)
def test_the_others_are_answered_in_time_and_memory_does_not_grow(busy: RunningServer, flood: str) -> None:
    with RawClient(busy.url) as other:
        answered_in_s(other)
        before = Standing(busy)
        with flooded(busy.url, flood) as flooder:
            took = []
            for _ in range(TIMES):
                time.sleep(PACE_S)  # it asks now and then; the flood goes on meanwhile
                took.append(answered_in_s(other))
            meanwhile = Standing(busy)

            assert flooder.is_told_to_stop.wait(WITHIN_S) if flood != EVENTS else flooder.goes_on
        assert max(took) < WITHIN_S
        assert meanwhile.kilobytes - before.kilobytes < MOST_GROWTH_KB
        answered_in_s(other)
    assert all_is_quiet(busy), busy.log[-3000:]
