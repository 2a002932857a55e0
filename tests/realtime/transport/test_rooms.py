"""Rooms are as python-socketio has them, though ours weigh less, and leaving does not look into every one."""

from itertools import count
from typing import Any

import pytest
import socketio
from hypothesis import example, given, settings
from hypothesis import strategies as st
from socketio.manager import Manager

from racing.realtime.transport.manager import FanOutManager

ROOMS = ["wexmoor", "ascot", "news"]
NAMESPACES = ["/", "/other"]


def managed(manager: Manager) -> Manager:
    """A manager whose connections are c0, c1 ..., of sessions e0, e1 ..."""
    server = socketio.Server(async_mode="threading", client_manager=manager)
    manager.set_server(server)
    ids = count()
    server.eio.generate_id = lambda: f"c{next(ids)}"
    return manager


def done(manager: Manager, step: tuple[Any, ...]) -> Any:
    """Do something; return what came of it, an error by its kind."""
    what, *args = step
    try:
        outcome = getattr(manager, what)(*args)
    except (ValueError, KeyError):
        return "refused"
    return sorted(outcome) if isinstance(outcome, list) else outcome


def seen(manager: Manager) -> dict[str, Any]:
    """All that a manager tells of who is where; rooms in which nobody is do not count."""
    return {
        "participants": {
            (namespace, room): sorted(manager.get_participants(namespace, room))
            for namespace in NAMESPACES
            for room in [None, *ROOMS, *(f"c{n}" for n in range(12)), ("wexmoor", "ascot"), ("news", "nowhere")]
        },
        "rooms": {
            (namespace, n): sorted(manager.get_rooms(f"c{n}", namespace)) for namespace in NAMESPACES for n in range(12)
        },
        "connected": {
            (namespace, n): manager.is_connected(f"c{n}", namespace) for namespace in NAMESPACES for n in range(12)
        },
        "sessions": {
            (namespace, n): manager.sid_from_eio_sid(f"e{n}", namespace) for namespace in NAMESPACES for n in range(6)
        },
        "pending": (manager.pending_connect, manager.pending_disconnect),
        "callbacks": sorted(manager.callbacks),
    }


connections = st.integers(0, 11).map(lambda n: f"c{n}")
namespaces = st.sampled_from(NAMESPACES)
rooms = st.sampled_from(ROOMS)
steps = st.lists(
    st.tuples(st.just("pre_connect"), st.integers(0, 5).map(lambda n: f"e{n}"), namespaces)
    | st.tuples(st.sampled_from(("enter_room", "enter_room", "leave_room")), connections, namespaces, rooms)
    | st.tuples(st.just("enter_room"), connections, namespaces, connections)
    | st.tuples(st.just("close_room"), rooms | connections, namespaces)
    | st.tuples(st.sampled_from(("disconnect", "pre_disconnect")), connections, namespaces)
    | st.tuples(st.just("_generate_ack_id"), connections, st.just(print)),
    max_size=50,
)


def connect_those_who_wait(manager: Manager) -> None:
    for namespace, waiting in list(manager.pending_connect.items()):
        for sid in list(waiting):
            manager.connect(sid, namespace)


@settings(deadline=None)
@given(steps, st.booleans())
def test_whatever_happens_ours_tells_the_same_as_the_librarys(steps: list[tuple[Any, ...]], is_quick: bool) -> None:
    ours, stock = managed(FanOutManager()), managed(Manager())

    for step in steps:
        assert done(ours, step) == done(stock, step), step
        if is_quick:
            connect_those_who_wait(ours)
            connect_those_who_wait(stock)
        assert seen(ours) == seen(stock), step


@settings(deadline=None)
@given(steps)
@example([("pre_connect", "e0", "/other"), ("pre_connect", "e0", "/"), ("enter_room", "c0", "/other", "c1")])
def test_when_everybody_has_gone_nothing_is_kept(steps: list[tuple[Any, ...]]) -> None:
    manager = managed(FanOutManager())
    for step in steps:
        done(manager, step)

    for namespace in NAMESPACES:
        for n in range(len(steps) + 1):
            manager.disconnect(f"c{n}", namespace)

    assert manager.rooms == {}
    assert manager._rooms_of == {}


@pytest.fixture
def manager() -> FanOutManager:
    """A manager that one connection has joined."""
    manager = managed(FanOutManager())
    manager.connect(manager.pre_connect("e0", "/"), "/")
    return manager


def test_a_connection_that_has_gone_enters_no_room_and_leaves_none_behind(manager: FanOutManager) -> None:
    with pytest.raises(ValueError, match="not connected"):
        manager.enter_room("gone", "/", "wexmoor")

    assert manager._rooms_of == {}
    assert "wexmoor" not in manager.rooms["/"]


def test_a_room_that_belongs_to_a_connection_is_not_entered(manager: FanOutManager) -> None:
    manager.connect(manager.pre_connect("e1", "/"), "/")

    with pytest.raises(ValueError, match="sid room"):
        manager.enter_room("c0", "/", "c1")

    assert manager.get_rooms("c0", "/") == ["c0"]


def test_a_connection_that_went_while_it_was_let_in_does_not_come_back(manager: FanOutManager) -> None:
    sid = manager.pre_connect("e1", "/")
    manager.disconnect(sid, "/")  # its transport was closed, while a handler asked the database who it is

    manager.connect(sid, "/")

    assert dict(manager.get_participants("/", None)) == {"c0": "e0"}


def test_a_session_may_be_connected_in_one_go(manager: FanOutManager) -> None:
    manager.server.eio.sockets["e1"] = object()

    assert manager.connect("e1", "/") == "c1"
    assert dict(manager.get_participants("/", None)) == {"c0": "e0", "c1": "e1"}


def test_leaving_takes_a_connection_out_of_its_own_rooms_and_nobody_else(manager: FanOutManager) -> None:
    manager.connect(manager.pre_connect("e1", "/"), "/")
    for sid in ("c0", "c1"):
        manager.enter_room(sid, "/", "wexmoor")

    manager.disconnect("c0", "/")

    assert dict(manager.get_participants("/", "wexmoor")) == {"c1": "e1"}
    assert manager.get_rooms("c0", "/") == []
