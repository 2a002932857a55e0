"""Who is connected to this worker, and which races each of them follows."""

import pytest

from racing.realtime.connections import Connections
from racing.realtime.rooms import Variant

FULL, DELTA = Variant("full"), Variant("delta")


@pytest.fixture
def connections() -> Connections:
    connected = Connections()
    connected.connect("ann")
    connected.connect("bob")
    return connected


def test_a_punter_follows_races_in_the_order_they_were_asked_for(connections: Connections) -> None:
    assert connections.follow("ann", "wexmoor", DELTA) is None
    assert connections.follow("ann", "ayr", FULL) is None

    assert connections.races_of("ann") == ["wexmoor", "ayr"]
    assert connections.races_of("bob") == []


def test_a_second_subscription_replaces_the_mode(connections: Connections) -> None:
    connections.follow("ann", "wexmoor", FULL)

    assert connections.follow("ann", "wexmoor", DELTA) == FULL

    assert connections.variants_of("wexmoor") == {DELTA}
    assert connections.races_of("ann") == ["wexmoor"]


def test_a_mode_stays_while_anybody_uses_it(connections: Connections) -> None:
    connections.follow("ann", "wexmoor", FULL)
    connections.follow("bob", "wexmoor", FULL)
    connections.follow("bob", "wexmoor", DELTA)
    assert connections.variants_of("wexmoor") == {FULL, DELTA}

    assert connections.unfollow("ann", "wexmoor") == FULL
    assert connections.variants_of("wexmoor") == {DELTA}

    assert connections.unfollow("bob", "wexmoor") == DELTA
    assert connections.variants_of("wexmoor") == set()


def test_to_stop_following_what_one_does_not_follow_is_no_error(connections: Connections) -> None:
    assert connections.unfollow("ann", "wexmoor") is None
    assert connections.unfollow("nobody", "wexmoor") is None


def test_a_punter_who_leaves_follows_nothing_any_more(connections: Connections) -> None:
    connections.follow("ann", "wexmoor", FULL)
    connections.follow("ann", "ayr", DELTA)

    assert connections.disconnect("ann") == ["wexmoor", "ayr"]

    assert not connections.is_connected("ann")
    assert connections.count() == 1
    assert connections.variants_of("wexmoor") == connections.variants_of("ayr") == set()
    assert connections.disconnect("ann") == []
