"""What is reached into in python-engineio and python-socketio: each private thing by its name, so that an upgrade that
moves one fails here and not on a punter's screen."""

import inspect
from typing import Any

import engineio
import pytest
import socketio
from eventlet.queue import Queue

from racing import metrics
from racing.realtime.packets import ClientPacket
from racing.realtime.transport.transports import Transports
from tests.realtime.counted import counted

MOST_MESSAGES, MOST_BYTES = 50, 10_000


class Session:
    """As much of an Engine.IO session as output goes through; the queue is the real one."""

    def __init__(self, sid: str) -> None:
        self.sid, self.closed, self.queue = sid, False, Queue()
        self.reasons: list[str] = []

    def send(self, packet: Any) -> None:
        self.queue.put(packet)

    def close(self, *, wait: bool, abort: bool, reason: str) -> None:
        assert not wait
        assert abort
        self.closed = True
        self.reasons.append(reason)


@pytest.fixture
def server() -> socketio.Server:
    return socketio.Server(async_mode="threading", serializer=ClientPacket)


@pytest.fixture
def transports(server: socketio.Server) -> Transports:
    server.start_background_task = lambda target, *args: target(*args)
    return Transports(server, MOST_MESSAGES, MOST_BYTES)


def test_the_private_attributes_are_where_they_were(server: socketio.Server) -> None:
    assert isinstance(server.eio.sockets, dict)
    assert callable(server.eio.handlers["message"])
    assert "websocket" in server.eio._async
    assert isinstance(server._binary_packet, dict)
    assert "self.eio.handle_request(environ, start_response)" in inspect.getsource(socketio.Server.handle_request)
    assert "socket.handle_get_request(" in inspect.getsource(engineio.Server.handle_request)
    assert "socket.handle_post_request(environ)" in inspect.getsource(engineio.Server.handle_request)
    assert "self.poll()" in inspect.getsource(engineio.socket.Socket.handle_get_request)
    assert "self.poll()" in inspect.getsource(engineio.socket.Socket._websocket_handler)
    assert inspect.signature(engineio.Server.send_packet).parameters.keys() == {"self", "sid", "pkt"}
    assert "sid" in inspect.signature(engineio.Server.disconnect).parameters
    assert inspect.signature(engineio.socket.Socket.close).parameters.keys() == {"self", "wait", "abort", "reason"}
    assert "self.server._async['websocket'](" in inspect.getsource(engineio.socket.Socket._upgrade_websocket)
    assert callable(server.manager.sid_from_eio_sid)
    assert callable(server.manager.eio_sid_from_sid)


def test_every_output_of_the_library_passes_the_bound() -> None:
    assert "self.send_packet(" in inspect.getsource(engineio.Server.send)
    assert "self.eio.send_packet(" in inspect.getsource(socketio.Server._send_eio_packet)
    assert "self.eio.send(" in inspect.getsource(socketio.Server._send_packet)


def a_session(server: socketio.Server) -> Session:
    session = Session("slow")
    server.eio.sockets["slow"] = session
    return session


def send(server: socketio.Server, size: int = 10) -> None:
    server.eio.send("slow", "x" * size)


def test_a_client_that_reads_is_sent_everything(server: socketio.Server, transports: Transports) -> None:
    session = a_session(server)
    for _ in range(10 * MOST_MESSAGES):
        send(server)
        session.queue.get()

    assert not session.closed


@pytest.mark.parametrize("size", [1, MOST_BYTES // 10])
def test_a_client_that_does_not_read_is_cut_at_the_bound(
    server: socketio.Server, transports: Transports, size: int
) -> None:
    session = a_session(server)
    for _ in range(10 * MOST_MESSAGES):
        send(server, size)

    assert session.closed
    assert "slow" not in server.eio.sockets
    assert session.queue.qsize() <= MOST_MESSAGES
    assert session.queue.qsize() * size <= MOST_BYTES + size


def test_what_is_handed_to_sockets_and_what_they_leave_unread_is_counted(
    server: socketio.Server, transports: Transports
) -> None:
    session = a_session(server)
    server.eio.sockets["reader"] = reader = Session("reader")
    with counted() as counts:
        for _ in range(5):
            send(server)
            server.eio.send("reader", "x")
        reader.queue.get()
        session.queue.get()
        session.queue.get()
        transports.poll()

    assert counts("racing_delivered_total") == 10
    assert metrics.total(metrics.UNREAD_MESSAGES) == 7
    assert metrics.total(metrics.UNREAD_MOST) == 4


def test_what_is_not_handed_on_is_not_counted_as_delivered(server: socketio.Server, transports: Transports) -> None:
    with counted() as counts:
        send(server)
        transports.poll()

    assert counts("racing_delivered_total") == 0


def test_who_never_joins_is_cut_in_the_end(server: socketio.Server, transports: Transports) -> None:
    session = a_session(server)
    for _ in range(15):
        transports.poll()
    assert not session.closed

    transports.poll()

    assert session.closed


@pytest.mark.parametrize(
    "encoded", ["2", "2{}", "2[]", "2[5]", '2["connect"]', '2["disconnect",1]', '55-["ping"]', '61-{"a":1}', "2[", "x"]
)
def test_what_is_no_packet_of_a_client_is_refused(encoded: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ClientPacket(encoded_packet=encoded)


def test_what_is_one_is_taken() -> None:
    packet = ClientPacket(encoded_packet='27["subscribe_race",{"raceId":"wexmoor"}]')

    assert (packet.id, packet.data) == (7, ["subscribe_race", {"raceId": "wexmoor"}])


def test_bytes_are_attached_wherever_they_are_in_a_message() -> None:
    assert ClientPacket(data=["x", b"1"]).encode() == ['51-["x",{"_placeholder":true,"num":0}]', b"1"]
    assert ClientPacket(data=["x", {"a": [b"1"]}]).encode() == [
        '51-["x",{"a":[{"_placeholder":true,"num":0}]}]',
        b"1",
    ]
    with pytest.raises(TypeError, match="not JSON serializable"):
        ClientPacket(data=["x", {"a": object()}]).encode()
