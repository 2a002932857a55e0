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
from engineio.payload import Payload
from wsproto.frame_protocol import FrameProtocol

MOST_PACKETS = 2000
"""In one POST of a client that polls: by itself the library drops all where there are more than 16."""
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


# --- python-engineio: what goes through it ----------------------------------------------------------------------------


def sessions(server: Any) -> MutableMapping[str, Any]:
    """Return Engine.IO session id -> session, its own and ours."""
    return server.eio.sockets  # type: ignore[no-any-return]


def take_requests(server: Any, answer: Callable[[Environ, Any], Any]) -> Callable[[Environ, Any], Any]:
    """Let `answer(environ, start_response)` answer all HTTP; return what answered it until now."""
    stock, server.eio.handle_request = server.eio.handle_request, answer
    return stock  # type: ignore[no-any-return]


def take_openings(server: Any, opened: Callable[[str, Environ], Any]) -> Callable[[str, Environ], Any]:
    """Let `opened(eio_sid, environ)` hear of each new session; return what heard of it until now."""
    stock = server.eio.handlers["connect"]
    server.eio.on("connect", opened)
    return stock  # type: ignore[no-any-return]


def take_messages(server: Any, receive: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """Let `receive(eio_sid, data)` have each message of a client; return what had it until now."""
    stock = server.eio.handlers["message"]
    server.eio.on("message", receive)
    Payload.max_decode_packets = MOST_PACKETS
    return stock  # type: ignore[no-any-return]


def take_output(server: Any, send: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    """Let `send(eio_sid, packet)` have each packet for a client; return what had it until now."""
    stock, server.eio.send_packet = server.eio.send_packet, send
    return stock  # type: ignore[no-any-return]


def take_disconnects(server: Any, disconnect: Callable[[str], None]) -> None:
    """Let `disconnect(eio_sid)` end a session whose poll is no good. The library's waits for its queue: for ever."""
    server.eio.disconnect = disconnect


# --- python-engineio: its sessions ------------------------------------------------------------------------------------


def close(session: Any, reason: str) -> None:
    """Close a session, its own or ours. Without a CLOSE packet, after which the stock Python client never returns."""
    session.close(wait=False, abort=True, reason=reason)


def queue(session: Any, packet: Any) -> None:
    """Let a packet wait for a client; None is the end."""
    session.queue.put(packet)


def next_queued(session: Any, within_s: float | None = None) -> Any:
    """Return the next packet, waiting for one at most so long. Raises the server's "queue empty"."""
    packet = session.queue.get(block=within_s is not None, timeout=within_s)
    session.queue.task_done()
    return packet


def queued(session: Any) -> int:
    """Return how many packets wait for a client, on a session of the library's."""
    return int(session.queue.qsize())


def queued_bytes(session: Any) -> int:
    """Return how large they are."""
    return sum(len(packet.data or "") for packet in session.queue.queue if packet is not None)


def waiting(session: Any, empty: type[Exception]) -> Iterator[Any]:
    """Take the packets that wait for a session that polls, without waiting for more."""
    while True:
        try:
            packet = next_queued(session)
        except empty:
            return
        if packet is not None and packet.packet_type != NOOP:
            yield packet


def end_poll(session: Any) -> None:
    """Let a poll that waits come back with nothing."""
    queue(session, Packet(NOOP))


def take_polls(session: Any, polls: Any) -> tuple[Any, Any, Any]:
    """Let `polls` answer a session's HTTP (`poll`, `get`, `post`); return what answered it until now."""
    stock = session.poll, session.handle_get_request, session.handle_post_request
    session.poll, session.handle_get_request, session.handle_post_request = polls.poll, polls.get, polls.post
    return stock


def take_packets(session: Any, receive: Callable[[Any], None]) -> Callable[[Any], None]:
    """Let `receive(packet)` have each packet of a session's client; return what had it until now."""
    stock, session.receive = session.receive, receive
    return stock  # type: ignore[no-any-return]


def take_frames(websocket: Any, looked: Callable[[Any], None]) -> None:
    """Let `looked(message)` hear of each frame of a WebSocket of eventlet's, with what has come of its message."""
    if (stock := getattr(websocket, "_recv_frame", None)) is None:
        return  # Hixie 76, which no client speaks any more

    def receive_frame(message: Any = None) -> Any:
        came = stock(message=message)
        looked(came)
        return came

    websocket._recv_frame = receive_frame


def plain_socket(green: Any) -> Any:
    """Return the real socket: the green one would wait for something to read."""
    return green.fd


# --- python-engineio: its WebSockets ----------------------------------------------------------------------------------


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


def handle_websocket_handshakes(server: Any, handle: Callable[[Environ, Any], Any]) -> None:
    """Let `handle(environ, start_response)` answer, as WSGI has it, each WebSocket that begins a session."""
    engine = server.eio
    stock = engine._handle_connect

    def handle_connect(environ: Environ, start_response: Any, transport: str, jsonp_index: int | None = None) -> Any:
        if transport == "websocket":
            return handle(environ, start_response)
        return stock(environ, start_response, transport, jsonp_index)

    engine._handle_connect = handle_connect


def wrap_websockets(server: Any, wrap: Callable[[Any, Callable[..., Any]], Callable[..., Any]]) -> None:
    """Let `wrap(session, serve)` return the WSGI application that serves a WebSocket of a session of the library's.

    `serve(handle)` returns the library's, which calls `handle(websocket, stock)` once hands are shaken.
    """
    engine = server.eio
    stock = engine._async["websocket"]

    def websocket(handler: Any, eio_server: Any) -> Callable[..., Any]:
        def serve(handle: Callable[[Any, Callable[[Any], Any]], Any] | None = None) -> Callable[..., Any]:
            return stock(handler if handle is None else lambda opened: handle(opened, handler), eio_server)  # type: ignore[no-any-return]

        return wrap(handler.__self__, serve)

    engine._async = {**engine._async, "websocket": websocket}


def watch_nobody(server: Any) -> None:
    """Keep the library from waking up for each session in turn: the pinger looks after all of them."""
    server.eio.start_service_task = False


# --- python-socketio --------------------------------------------------------------------------------------------------


def members(manager: Any, namespace: str, room: str) -> Mapping[str, str] | None:
    """Return connection -> Engine.IO session of a room; None where nobody is in it."""
    return manager.rooms.get(namespace, {}).get(room)  # type: ignore[no-any-return]


def manager_session(server: Any, sid: str) -> Any:
    """Return the Engine.IO session of a connection; None where it has gone."""
    return server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, "/"))


def joined(server: Any) -> Mapping[str, str]:
    """Return Engine.IO session -> connection, of those that have joined."""
    here = server.manager.rooms.get("/", {}).get(None)
    return here.inverse if here is not None else {}


def connection(server: Any, eio_sid: str, namespace: str = "/") -> str | None:
    """Return the connection that a session has to a namespace; None where it has not joined it."""
    return server.manager.sid_from_eio_sid(eio_sid, namespace)  # type: ignore[no-any-return]


def awaits_attachment(server: Any, eio_sid: str) -> bool:
    """Tell whether a session's next message must be bytes."""
    return eio_sid in server._binary_packet


def environ(server: Any, eio_sid: str) -> Environ:
    """Return the WSGI environment that is kept with a session; an empty one where it has gone."""
    return server.environ.get(eio_sid, {})  # type: ignore[no-any-return]


def send(server: Any, eio_sid: str, packet: Any) -> None:
    """Send one packet to one session, on whatever it is connected."""
    server._send_eio_packet(eio_sid, packet)


# --- wsproto ----------------------------------------------------------------------------------------------------------


def is_between_messages(protocol: FrameProtocol) -> bool:
    """Tell whether nothing of a frame or a message is half read."""
    frames = protocol._frame_decoder
    return not len(frames.buffer) and frames.header is None and protocol._message_decoder.opcode is None
