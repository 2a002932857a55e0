"""How many events all connections of a user, or of an address, may send together."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import create_app
from racing.errors import LimitReached
from racing.realtime.identities import Identity
from racing.views.live.client import Client

PER_SECOND = 2
AT_ONCE = 10 * PER_SECOND
Connect = Callable[..., Client]


@pytest.fixture
def connect(sqlite_url: str, tmp_path: Path) -> Connect:
    """Lets somebody connect from an address, signed in where `user` says so."""
    limits = {"user_events_per_second": PER_SECOND, "address_events_per_second": 2 * PER_SECOND}
    apps = {most: create_app(database_url=sqlite_url, instance_path=tmp_path, max_connections_per_ip=most, **limits)
            for most in (0, 100)}  # fmt: skip

    def come(sid: str, address: str, user: int | None = None, *, most: int = 100) -> Client:
        client = Client(apps[most], sid)
        client.connections.connect(sid, address)
        if user is not None:
            until = datetime.now(UTC) + timedelta(hours=1)
            client.identities._held[sid] = Identity(user, until, ())
        return client

    return come


def test_of_a_user_all_connections_count_together_from_wherever_they_come(connect: Connect) -> None:
    one, other = connect("a", "198.51.100.1", 7), connect("b", "198.51.100.2", 7)
    one.spend(AT_ONCE)

    with pytest.raises(LimitReached) as refused:
        other.spend(1)

    assert 0 < refused.value.retry_after_ms <= 1000 / PER_SECOND
    connect("c", "198.51.100.2", 8).spend(1)
    connect("d", "198.51.100.2").spend(1)


def test_of_an_address_all_connections_count_together_whoever_they_are(connect: Connect) -> None:
    for sid in "ab":
        connect(sid, "198.51.100.1").spend(AT_ONCE)

    with pytest.raises(LimitReached):
        connect("c", "198.51.100.1", 7).spend(1)

    connect("d", "198.51.100.2").spend(1)


def test_by_address_nothing_is_counted_where_connections_are_not(connect: Connect) -> None:
    for sid in "abc":
        connect(sid, "198.51.100.1", most=0).spend(AT_ONCE)
