"""Counting together: what another worker counted counts here too, unless it is told too late to be true any more."""

import json
import time
from collections.abc import Callable

import pytest
import socketio
from redis import Redis

from racing.realtime.link import CHANNEL, OURS, RedisLink
from racing.realtime.shared_limits import LATEST_S, SharedStorage

WITHIN_S = 5.0
Tell = Callable[..., None]


class Worker:
    """One worker's counters, joined to the others over Redis."""

    def __init__(self, url: str) -> None:
        self.counters, self.link = SharedStorage(), RedisLink(url, verify_tls=False)
        self.server = socketio.Server(async_mode="threading", client_manager=self.link)
        self.counters.join(self.link)
        self.link.start()

    def counts(self, key: str, hits: int) -> bool:
        deadline = time.monotonic() + WITHIN_S
        while self.counters.get(key) != hits and time.monotonic() < deadline:
            time.sleep(0.01)  # counters tell nobody that they have moved
        return self.counters.get(key) == hits

    def listens(self) -> bool:
        deadline = time.monotonic() + WITHIN_S
        while not self.link.is_up and time.monotonic() < deadline:
            time.sleep(0.01)  # nor does the link
        return self.link.is_up


@pytest.fixture
def tell(redis_url: str) -> Tell:
    """Says over Redis what a worker counted, so many seconds ago."""

    def say(key: str, expiry: float, *, ago_s: float = 0.0) -> None:
        hit = {"key": key, "expiry": expiry, "amount": 1, "at": time.time() - ago_s}
        Redis.from_url(redis_url).publish(CHANNEL, json.dumps({"method": OURS, "kind": "hit", "host_id": "x", **hit}))

    return say


def test_what_one_worker_counts_the_other_counts_too(redis_url: str) -> None:
    one, other = Worker(redis_url), Worker(redis_url)
    assert one.listens()
    assert other.listens()

    one.counters.incr("user:1", 60)
    other.counters.incr("user:1", 60)

    assert one.counts("user:1", 2)
    assert other.counts("user:1", 2)

    other.counters.clear("user:1")

    assert one.counts("user:1", 0)


def test_what_a_hung_redis_tells_late_shuts_no_writer_out(redis_url: str, tell: Tell) -> None:
    worker = Worker(redis_url)
    assert worker.listens()

    tell("address", 60, ago_s=LATEST_S + 0.1)
    tell("writer", 1, ago_s=1.1)  # in the second after the one it was counted in
    tell("told last", 60)

    assert worker.counts("told last", 1)
    assert worker.counters.get("address") == worker.counters.get("writer") == 0
