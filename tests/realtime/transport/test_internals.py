"""What is reached into in the libraries is where it was; where one thing is not, it is named, and nothing is served
directly."""

import inspect
from collections.abc import Callable
from typing import Any

import engineio
import pytest
import socketio
import structlog
from socketio.base_manager import BaseManager
from wsproto.frame_protocol import FrameProtocol

from racing.realtime.packets import ClientPacket
from racing.realtime.transport import internals
from racing.realtime.transport.manager import FanOutManager
from racing.realtime.transport.transports import Transports
from tests.realtime.transport.hub import StepHub

Patch = pytest.MonkeyPatch


@pytest.fixture
def server() -> socketio.Server:
    return socketio.Server(async_mode="threading", client_manager=FanOutManager(), serializer=ClientPacket)


def test_with_the_pinned_versions_nothing_is_missing(server: socketio.Server) -> None:
    assert list(internals.missing(server)) == []


def test_each_private_thing_is_where_it_was(server: socketio.Server) -> None:
    engine, session = server.eio, inspect.getsource(engineio.socket.Socket)
    handshake = inspect.getsource(engineio.Server._handle_connect)

    assert engine.sockets == {}
    assert {"connect", "message", "disconnect"} <= engine.handlers.keys()
    assert callable(engine._async["websocket"])
    assert "self._handle_connect(environ, start_response," in inspect.getsource(engineio.Server.handle_request)
    assert "self._trigger_event('connect', sid, environ," in handshake
    for told in ("sid", "upgrades", "pingTimeout", "pingInterval", "maxPayload"):
        assert f"'{told}'" in handshake
    assert "self.start_service_task" in handshake
    assert "self.ping_interval + self.ping_interval_grace_period" in handshake
    assert "self.upgrading = True" in session
    assert "self.upgrading or self.upgraded" in session
    assert "self.queue.get(" in session
    assert "self.queue.put(" in session
    assert "self.server._async['websocket'](" in session
    assert issubclass(engine.get_queue_empty_exception(), Exception)


def test_each_private_thing_of_the_rooms_is_where_it_was(server: socketio.Server) -> None:
    assert server.manager.rooms == {}
    assert "eio_pkt" in inspect.signature(socketio.Server._send_eio_packet).parameters
    assert "._fwdm.copy()" in inspect.getsource(BaseManager.get_participants)
    assert "self.rooms[namespace][None]._invm[" in inspect.getsource(BaseManager.sid_from_eio_sid)
    assert "self.rooms[namespace][room][sid] = eio_sid" in inspect.getsource(BaseManager.basic_enter_room)
    assert "del self.rooms[namespace][room][sid]" in inspect.getsource(BaseManager.basic_leave_room)


def test_a_parser_tells_whether_it_is_between_messages() -> None:
    protocol = FrameProtocol(client=False, extensions=[])
    wire = b"\x01\x81\x00\x00\x00\x00a" + b"\x80\x81\x00\x00\x00\x00b"  # one message in two frames

    between = []
    for byte in wire:
        protocol.receive_bytes(bytes([byte]))
        list(protocol.received_frames())
        between.append(internals.is_between_messages(protocol))

    assert between == [False] * (len(wire) - 1) + [True]


# --- what is missing is named -----------------------------------------------------------------------------------------


class OtherSession(engineio.socket.Socket):  # type: ignore[misc]
    """A session of a library that has been written anew."""

    def poll(self) -> list[Any]:
        return []

    def _upgrade_websocket(self, environ: Any, start_response: Any) -> Any:
        return []


class OtherFrames(FrameProtocol):
    """A parser of a library that has been written anew."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self._frame_decoder


def renamed(owner: Callable[[Any], Any], name: str) -> Callable[[Patch, Any], None]:
    """Return what takes this from an owner, which is found by the server."""
    return lambda patch, server: patch.delattr(owner(server), name)


def changed(owner: Callable[[Any], Any], name: str, to: Any) -> Callable[[Patch, Any], None]:
    """Return what makes something else of it."""
    return lambda patch, server: patch.setattr(owner(server), name, to)


def of_the_engine(server: Any) -> Any:
    return server.eio


def with_one_more(self: Any, environ: Any, start_response: Any, transport: Any, jsonp_index: Any, more: Any) -> None:
    """A method that takes something else than it did."""


LOST: list[tuple[str, Callable[[Patch, Any], None]]] = [
    ("engineio.Server.sockets", renamed(of_the_engine, "sockets")),
    ("engineio.Server.sockets", changed(of_the_engine, "sockets", [])),
    ("engineio.Server.handlers", renamed(of_the_engine, "handlers")),
    ("engineio.Server.handlers", changed(of_the_engine, "handlers", {"connect": print, "message": print})),
    ("engineio.Server._async['websocket']", renamed(of_the_engine, "_async")),
    ("engineio.Server._async['websocket']", changed(of_the_engine, "_async", {"websocket": None})),
    ("engineio.Server._handle_connect", renamed(lambda _: engineio.Server, "_handle_connect")),
    ("engineio.Server._handle_connect", changed(lambda _: engineio.Server, "_handle_connect", with_one_more)),
    ("engineio.Server._trigger_event", renamed(lambda _: engineio.Server, "_trigger_event")),
    ("engineio.Server._trigger_event", changed(lambda _: engineio.Server, "_trigger_event", with_one_more)),
    ("engineio.Server.start_service_task", renamed(of_the_engine, "start_service_task")),
    ("engineio.Server.ping_interval_grace_period", renamed(of_the_engine, "ping_interval_grace_period")),
    ("engineio.Socket.upgrading", changed(lambda _: engineio.socket, "Socket", OtherSession)),
    ("engineio.Socket.queue", changed(lambda _: engineio.socket.Socket, "poll", OtherSession.poll)),
    ("engineio.Socket.queue", renamed(lambda _: engineio.socket.Socket, "poll")),
    (
        "engineio.Socket asks for _async['websocket']",
        changed(lambda _: engineio.socket.Socket, "_upgrade_websocket", OtherSession._upgrade_websocket),
    ),
    ("socketio.Server._send_eio_packet", renamed(lambda _: socketio.Server, "_send_eio_packet")),
    ("socketio.Server._send_eio_packet", changed(lambda _: socketio.Server, "_send_eio_packet", with_one_more)),
    ("socketio.Manager.rooms", renamed(lambda server: server.manager, "rooms")),
    ("socketio.Manager.rooms", changed(lambda server: server.manager, "rooms", None)),
    ("wsproto.FrameProtocol", changed(lambda _: internals, "FrameProtocol", OtherFrames)),
]
lost = pytest.mark.parametrize(("name", "take"), LOST)


@lost
def test_whatever_is_taken_away_is_named(
    server: socketio.Server, name: str, take: Callable[[Patch, Any], None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        take(patch, server)

        named = list(internals.missing(server))

    assert any(one == name or one.startswith(f"{name} (") for one in named), named


def test_everything_that_is_looked_at_has_been_taken_away_once(server: socketio.Server) -> None:
    looked_at = inspect.getsource(internals.missing).count(": lambda: ")

    assert len({name for name, _ in LOST}) == looked_at


@pytest.mark.parametrize(("name", "take"), LOST[2:3] + LOST[7:8] + LOST[-1:])
def test_without_it_the_library_serves_websockets_and_one_line_says_so(
    server: socketio.Server, name: str, take: Callable[[Patch, Any], None]
) -> None:
    transports = Transports(server, 50, 10_000)
    with pytest.MonkeyPatch.context() as patch, structlog.testing.capture_logs() as logs:
        take(patch, server)
        transports.go_direct(StepHub(), "auto")

    [line] = logs
    assert line["log_level"] == "warning"
    assert name in line["missing"][0]
    assert (transports.kind, transports.send_loop, transports.direct) == ("stock", "python", None)
    assert server.manager.output is None


@pytest.mark.parametrize("send_loop", ["python", "auto"])
def test_with_all_of_it_websockets_are_served_by_ourselves(server: socketio.Server, send_loop: str) -> None:
    transports = Transports(server, 50, 10_000)
    with structlog.testing.capture_logs() as logs:
        transports.go_direct(StepHub(), send_loop)

    assert transports.kind == "direct"
    assert transports.direct is not None
    assert transports.send_loop == transports.direct.send_loop.name
    assert logs == []
