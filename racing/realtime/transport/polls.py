"""What a client of HTTP long-polling is answered: polls it can read, and the end of a session in words."""

import socket
from typing import Any

from engineio import exceptions
from engineio.packet import CLOSE, MESSAGE, NOOP, Packet

from racing.realtime.transport import internals
from racing.realtime.transport.idle_words import IdleWords

# The stock Python client refuses an answer to a poll that holds more.
MOST_A_POLL = 16
LOOK_EVERY_S = 1.0


class Polls:
    """Stands for `poll` of one Engine.IO session, which also feeds its WebSocket once it has one."""

    def __init__(self, session: Any) -> None:
        """Take over `session`, which nobody has polled yet."""
        self._session, self._is_waiting = session, False
        self._asks_on: Any = None
        self._stock_poll, self._stock_get, self._stock_post = internals.take_polls(session, self)
        self._stock_receive, self._idle_words = internals.take_packets(session, self.receive), IdleWords()

    def get(self, environ: dict[str, Any], start_response: Any) -> Any:
        """As the library's `handle_get_request`."""
        if not self._is_waiting and "eventlet.input" in environ:
            self._asks_on = environ["eventlet.input"].get_socket()
        return self._stock_get(environ, start_response)

    def post(self, environ: dict[str, Any]) -> None:
        """As the library's `handle_post_request`. Raises EngineIOError, closing the session, for what is no payload."""
        if self._is_waiting and self._has_gone():
            raise exceptions.EngineIOError
        if environ.get("CONTENT_LENGTH", "0") in ("", "0"):
            raise exceptions.EngineIOError
        try:
            self._stock_post(environ)
        except (ValueError, LookupError, OSError) as error:
            raise exceptions.EngineIOError from error

    def receive(self, packet: Packet) -> None:
        """As the library's. Raises EngineIOError for more than anybody needs of what is no message."""
        if packet.packet_type != MESSAGE and self._idle_words.are_too_many(self):
            raise exceptions.EngineIOError
        self._stock_receive(packet)

    def poll(self) -> list[Packet]:
        """Return the next packets, at most MOST_A_POLL for a client that polls. None at all ends a WebSocket.

        Raises EngineIOError where the client has gone, or asks twice at once.
        """
        if self._session.upgraded:
            return self._for_websocket()
        if self._is_waiting:
            # Nobody knows which of the two is read: what they are answered would be lost.
            internals.queue(self._session, Packet(CLOSE))
            raise exceptions.EngineIOError
        self._is_waiting = True
        try:
            return self._next_packets()
        finally:
            self._is_waiting, self._asks_on = False, None

    def _for_websocket(self) -> list[Packet]:
        while packets := self._stock_poll():
            # What was to end a poll that nobody had under way is nothing to a WebSocket.
            if told := [_own(packet) for packet in packets if packet.packet_type != NOOP]:
                return told
        return []

    def _next_packets(self) -> list[Packet]:
        session, empty = self._session, self._session.server.get_queue_empty_exception()
        packets = [self._first(empty)]
        # Of a session that is closed this is the last poll.
        while packets[-1] is not None and (len(packets) < MOST_A_POLL or session.closed):
            try:
                packets.append(internals.next_queued(session))
            except empty:
                return packets
        if packets[-1] is None and len(packets) > 1:
            internals.queue(session, None)  # the end is for the next poll
        return [_own(packet) for packet in packets if packet is not None] or [Packet(NOOP)]

    def _first(self, empty: type[Exception]) -> Any:
        """Wait for a packet as long as the client is there to wait for it."""
        session, looks = self._session, 0
        longest_s = session.server.ping_interval + session.server.ping_timeout
        while (left_s := longest_s - looks * LOOK_EVERY_S) > 0 and not self._has_gone():
            try:
                return internals.next_queued(session, min(LOOK_EVERY_S, left_s))
            except empty:
                looks += 1
        raise exceptions.QueueEmpty

    def _has_gone(self) -> bool:
        return self._asks_on is not None and has_ended(self._asks_on)


def _own(packet: Packet) -> Packet:
    """Return a packet that this client has for itself, where it makes a difference.

    One packet is sent to a whole room, and keeps how it was first encoded: raw or in base 64, not asking which is due.
    """
    return Packet(MESSAGE, packet.data) if packet.binary else packet


def has_ended(connection: Any) -> bool:
    """Tell, without waiting, whether the other side of a connection has closed it."""
    try:
        return internals.plain_socket(connection).recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
