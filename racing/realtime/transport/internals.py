"""The one file that reaches into the libraries, for what they do not offer.

Versions are pinned exactly (requirements.txt). `missing` looks at the start whether all is where it was; each thing has
a test that names it (tests/realtime/transport/test_internals.py).
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

import engineio
import socketio
from engineio import packet as engine_packets
from wsproto.frame_protocol import FrameProtocol

OPEN, PING, MESSAGE, NOOP = engine_packets.OPEN, engine_packets.PING, engine_packets.MESSAGE, engine_packets.NOOP
Packet = engine_packets.Packet
Environ = dict[str, Any]


def missing(server: Any) -> Iterator[str]:
    """Yield what of `server`, a socketio.Server, is not as this file takes it to be."""
    engine = server.eio
    expected: dict[str, Callable[[], bool]] = {
        "engineio.Server.sockets": lambda: isinstance(engine.sockets, dict),
        "engineio.Server.handlers": lambda: {"connect", "message", "disconnect"} <= engine.handlers.keys(),
        "engineio.Server._async['websocket']": lambda: callable(engine._async["websocket"]),
        "engineio.Server._handle_connect": lambda: _takes(
            engineio.Server._handle_connect, "self", "environ", "start_response", "transport", "jsonp_index"
        ),
        "engineio.Server._trigger_event": lambda: _takes(
            engineio.Server._trigger_event, "self", "event", "args", "kwargs"
        ),
        "engineio.Server.start_service_task": lambda: engine.start_service_task is True,
        "engineio.Server.ping_interval_grace_period": lambda: engine.ping_interval_grace_period >= 0,
        "engineio.Socket.upgrading": lambda: "self.upgrading = True" in inspect.getsource(engineio.socket.Socket),
        "engineio.Socket.queue": lambda: "self.queue.get(" in inspect.getsource(engineio.socket.Socket.poll),
        "engineio.Socket asks for _async['websocket']": lambda: (
            "self.server._async['websocket'](" in inspect.getsource(engineio.socket.Socket._upgrade_websocket)
        ),
        "socketio.Server._send_eio_packet": lambda: _takes(
            socketio.Server._send_eio_packet, "self", "eio_sid", "eio_pkt"
        ),
        "socketio.Manager.rooms": lambda: server.manager.rooms == {},
        "wsproto.FrameProtocol": lambda: is_between_messages(FrameProtocol(client=False, extensions=[])),
    }
    for name, is_there in expected.items():
        try:
            if not is_there():
                yield name
        except (AttributeError, KeyError, TypeError, OSError) as error:
            yield f"{name} ({error})"


def _takes(function: Callable[..., Any], *names: str) -> bool:
    return tuple(inspect.signature(function).parameters) == names


# --- python-engineio --------------------------------------------------------------------------------------------------


def sessions(server: Any) -> MutableMapping[str, Any]:
    """Return Engine.IO session id -> session, its own and ours."""
    return server.eio.sockets  # type: ignore[no-any-return]


def open_packet(server: Any, sid: str) -> Any:
    """Return the packet that tells a WebSocket client its session, as `_handle_connect` makes it."""
    engine = server.eio
    handshake = {
        "sid": sid,
        "upgrades": [],
        "pingTimeout": int(engine.ping_timeout * 1000),
        "pingInterval": int((engine.ping_interval + engine.ping_interval_grace_period) * 1000),
        "maxPayload": engine.max_http_buffer_size,
    }
    return Packet(OPEN, handshake)


def trigger(server: Any, event: str, *args: Any) -> Any:
    """Call the handler of an Engine.IO event; what it raises is logged by the library."""
    return server.eio._trigger_event(event, *args, run_async=False)


def handle_websocket_handshakes(server: Any, handle: Callable[[Environ], Any]) -> None:
    """Let `handle` answer each handshake of a WebSocket that begins a session. It returns a WSGI body.

    None from it leaves the handshake to the library.
    """
    engine = server.eio
    stock = engine._handle_connect

    def handle_connect(environ: Environ, start_response: Any, transport: str, jsonp_index: int | None = None) -> Any:
        if transport == "websocket" and (body := handle(environ)) is not None:
            return body
        return stock(environ, start_response, transport, jsonp_index)

    engine._handle_connect = handle_connect


def handle_websocket_upgrades(server: Any, handle: Callable[[Any, Environ], Any]) -> None:
    """Let `handle(session, environ)` answer each WebSocket of a session that polls until then; None as above."""
    engine = server.eio
    stock = engine._async["websocket"]

    def websocket(handler: Any, eio_server: Any) -> Callable[..., Any]:
        application = stock(handler, eio_server)

        def upgrade(environ: Environ, start_response: Any) -> Any:
            body = handle(handler.__self__, environ)
            return application(environ, start_response) if body is None else body

        return upgrade

    engine._async = {**engine._async, "websocket": websocket}


def watch_nobody(server: Any) -> None:
    """Keep the library from waking up for each session in turn: the pinger looks after all of them."""
    server.eio.start_service_task = False


def waiting(session: Any, empty: type[Exception]) -> Iterator[Any]:
    """Take the packets that wait for a session that polls, without waiting for more."""
    while True:
        try:
            packet = session.queue.get(block=False)
        except empty:
            return
        if packet is not None and packet.packet_type != NOOP:
            yield packet


def end_poll(session: Any) -> None:
    """Let a poll that waits come back with nothing."""
    session.queue.put(Packet(NOOP))


# --- python-socketio --------------------------------------------------------------------------------------------------


def members(manager: Any, namespace: str, room: str) -> Mapping[str, str] | None:
    """Return connection -> Engine.IO session of a room; None where nobody is in it."""
    return manager.rooms.get(namespace, {}).get(room)  # type: ignore[no-any-return]


def send(server: Any, eio_sid: str, packet: Any) -> None:
    """Send one packet to one session, on whatever it is connected."""
    server._send_eio_packet(eio_sid, packet)


# --- wsproto ----------------------------------------------------------------------------------------------------------


def is_between_messages(protocol: FrameProtocol) -> bool:
    """Tell whether nothing of a frame or a message is half read."""
    frames = protocol._frame_decoder
    return not len(frames.buffer) and frames.header is None and protocol._message_decoder.opcode is None
