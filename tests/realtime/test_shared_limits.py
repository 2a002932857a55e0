"""Counting together: what another worker counted counts here too, unless it is told too late to be true any more."""

import json
import time
from collections.abc import Callable

import pytest
import socketio
from redis import Redis

from racing.realtime.link import CHANNEL, OURS, RedisLink
from racing.realtime.rates import SharedAllowance
from racing.realtime.shared_limits import MOST_KEYS, SharedStorage
from racing.realtime.tally import LATEST_S, Tally

WITHIN_S = 5.0
ADDRESS = "198.51.100.7"
Tell = Callable[..., None]


class Worker:
    """One worker's counters, joined to the others over Redis."""

    def __init__(self, url: str) -> None:
        self.counters, self.tally = SharedStorage(), Tally("of all workers")
        self.link = RedisLink(url, verify_tls=False)
        self.server = socketio.Server(async_mode="threading", client_manager=self.link)
        self.tally.join(self.link)
        self.counters.join(self.tally)
        self.allowance = SharedAllowance("reads", 0.001, 5, time.monotonic, self.tally)
        self.link.start()
        assert becomes(lambda: self.link.is_up)

    def counts(self, key: str, hits: int) -> bool:
        return becomes(lambda: self.counters.get(key) == hits)


def becomes(so: Callable[[], bool]) -> bool:
    """Wait until something is so: counters tell nobody that they have moved, nor does the link that it is up."""
    deadline = time.monotonic() + WITHIN_S
    while not so() and time.monotonic() < deadline:
        time.sleep(0.01)
    return so()


@pytest.fixture
def said(redis_url: str) -> Callable[[], list[str]]:
    """Returns what was said over Redis since the last time."""
    subscription = Redis.from_url(redis_url).pubsub(ignore_subscribe_messages=True)
    subscription.subscribe(CHANNEL)
    subscription.get_message(timeout=WITHIN_S)

    def since() -> list[str]:
        heard = []
        while (message := subscription.get_message(timeout=0.2)) is not None:
            heard.append(message["data"].decode())
        return heard

    return since


def test_what_one_worker_counts_the_other_counts_too_and_counts_anew(
    redis_url: str, said: Callable[[], list[str]]
) -> None:
    one, other = Worker(redis_url), Worker(redis_url)
    for _ in range(3):
        one.counters.incr(f"login/{ADDRESS}", 60)
        one.allowance.take(ADDRESS)
    other.counters.incr(f"login/{ADDRESS}", 60)
    one.tally.tell()
    other.tally.tell()

    assert one.counts(f"login/{ADDRESS}", 4)
    assert other.counts(f"login/{ADDRESS}", 4)
    assert becomes(lambda: other.allowance.left(ADDRESS) == 2)
    assert other.allowance.take(ADDRESS, 2) == 0
    assert other.allowance.take(ADDRESS) > 0
    heard = said()
    assert len(heard) == 2  # one message a worker, whatever it counted
    assert ADDRESS not in str(heard)

    other.counters.clear(f"login/{ADDRESS}")

    assert one.counts(f"login/{ADDRESS}", 0)
    assert other.counts(f"login/{ADDRESS}", 0)

    other.counters.clear("user:1")

    assert one.counts("user:1", 0)


def test_what_a_hung_redis_tells_late_shuts_no_writer_out(redis_url: str) -> None:
    worker = Worker(redis_url)

    def tell(key: str, expiry: float, ago_s: float) -> None:
        counted = {"hits": {f"{worker.tally.name(key)}/{expiry:g}": 1}}
        hit = {"at": time.time() - ago_s, "counted": counted}
        said = json.dumps({"method": OURS, "kind": "counted", "host_id": "x", **hit})
        Redis.from_url(redis_url).publish(CHANNEL, said)

    tell("address", 60, LATEST_S + 0.1)
    tell("writer", 1, 1.1)  # in the second after the one it was counted in
    tell("told last", 60, 0.0)

    assert worker.counts("told last", 1)
    assert worker.counters.get("address") == worker.counters.get("writer") == 0


def test_a_million_addresses_are_forgotten_and_cost_no_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("racing.realtime.shared_limits.MOST_KEYS", MOST_KEYS // 100)
    counters = SharedStorage()
    for n in range(MOST_KEYS // 50):
        counters.incr(f"address {n}", 3600)

    assert len(counters._counts) == len(counters._expiring) == MOST_KEYS // 100
    assert counters.get(f"address {MOST_KEYS // 50 - 1}") == 1
