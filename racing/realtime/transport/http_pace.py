"""How long the WSGI server waits for a client: for a request, for its body, and until an answer is taken.

By itself eventlet.wsgi waits for ever, in a green thread a client: one byte now and then keeps each of them.
Only the waiting counts: while we are at work, or a poll has nothing to tell, nobody's time runs out. When it does, the
green thread just ends: to draw a page that says so would be more work than all that went before.
"""

import io
import socket
import time
from contextlib import suppress
from typing import Any, NoReturn

from greenlet import GreenletExit  # type: ignore[import-untyped]

from racing.networks import network_of
from racing.realtime.transport.handshake import refusal
from racing.realtime.transport.waiting import Waiting

REQUEST_WITHIN_S = 15.0
"""From its first byte to the end of its head."""
IDLE_S = 75.0
PATIENCE_S = 15.0
BYTES_PER_S = 2000
"""In the long run; a body or an answer may be `PATIENCE_S` behind that."""
TOO_LATE = refusal("408 Request Timeout", [], b"")
MOST_UNFINISHED, MOST_IDLE = 100, 600
"""Of an address: in the middle of a request, and between two, where a browser keeps six connections."""
MOST_BODY = 4 * 1024 * 1024
"""Far above what any page takes: what is behind it is not even thrown away, as eventlet would, but hung up on."""


class Patience:
    """How long a client may still keep us waiting. It grows with what it takes or gives."""

    __slots__ = ("_bytes_per_s", "_left_s", "_most_s")

    def __init__(self, seconds: float, bytes_per_s: int = 0) -> None:
        """Wait for `seconds` in all, and for as much longer as is due to bytes at `bytes_per_s`; 0: no longer."""
        self._left_s = self._most_s = seconds
        self._bytes_per_s = bytes_per_s

    @property
    def left_s(self) -> float:
        """How many seconds are left. Raises TimeoutError where none are."""
        if self._left_s <= 0:
            raise TimeoutError("the client keeps us waiting")
        return self._left_s

    def spend(self, seconds: float, gained: int) -> None:
        """Note that so many seconds were waited for so many bytes."""
        more_s = gained / self._bytes_per_s if self._bytes_per_s else 0.0
        self._left_s = min(self._most_s, self._left_s - seconds + more_s)


class PacedSocket(io.RawIOBase):
    """A green socket as a raw stream that does not wait for ever."""

    def __init__(self, sock: Any, address: str, unfinished: Waiting, idle: Waiting) -> None:
        """`sock` is of `address`, among the `unfinished` while it keeps us waiting, between requests the `idle`."""
        super().__init__()
        self._sock, self._address = sock, address
        self._unfinished, self._idle = unfinished, idle
        self._among: Waiting | None = None
        self._is_between = self._is_answered = self._is_over = self._is_looked_at = False
        self._in = self._out = Patience(PATIENCE_S)
        self._left = MOST_BODY

    def await_request(self, reader: Any, *, is_first: bool) -> None:
        """Wait for a request from now on, of which `reader` may have the beginning already."""
        self._wait_no_more()
        self._is_between, self._is_answered = not is_first and not self._has_kept(reader), False
        self._in = Patience(IDLE_S if self._is_between else REQUEST_WITHIN_S)
        self._left = MOST_BODY

    def await_body(self) -> None:
        """Wait for the body of a request from now on, and for its answer to be taken."""
        self._wait_no_more()
        self._is_between = self._is_answered = False
        self._in, self._out = Patience(PATIENCE_S, BYTES_PER_S), Patience(PATIENCE_S, BYTES_PER_S)

    def end(self) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()

    def hang_up(self) -> None:
        """See Waited."""
        self._among, self._is_over = None, True
        with suppress(OSError):  # it has ended already
            self._sock.shutdown(socket.SHUT_RDWR)

    def _wait_no_more(self) -> None:
        if self._among is not None:
            self._among.end(self._address, self)
            self._among = None

    # --- io.RawIOBase -----------------------------------------------------------------------------------------------

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what there is; wait for it as long as there is patience. Ends the green thread after that."""
        if self._is_looked_at:
            return None  # in a BufferedReader's words: nothing yet
        if self._is_over:
            raise GreenletExit  # eventlet would throw the rest of a body away first
        if self._among is None and not self._has_said():
            self._among = self._idle if self._is_between else self._unfinished
            self._among.begin(self._address, self)
        began = time.monotonic()
        try:
            self._sock.settimeout(self._in.left_s)
            came: int = self._sock.recv_into(buffer)
        except TimeoutError:
            self._give_up()
        finally:
            self._sock.settimeout(None)  # a WebSocket that takes over waits as long as it likes
        self._left -= came
        if self._is_over or self._left < 0:
            self._give_up()
        self._in.spend(time.monotonic() - began, came)
        if self._is_between and came:
            self._wait_no_more()
            self._is_between, self._in = False, Patience(REQUEST_WITHIN_S)
        return came

    def write(self, data: Any) -> int:
        """Write some of `data`; wait for room as long as there is patience. Raises TimeoutError after that."""
        began, self._is_answered = time.monotonic(), True
        try:
            self._sock.settimeout(self._out.left_s)
            gone: int = self._sock.send(data)
        finally:
            self._sock.settimeout(None)
        self._out.spend(time.monotonic() - began, gone)
        return gone

    def _give_up(self) -> NoReturn:
        if not self._is_answered and not self._is_between:
            with suppress(OSError):
                self._sock.fd.send(TOO_LATE)
        self.end()
        self._is_over = True
        raise GreenletExit

    def _has_kept(self, reader: Any) -> bool:
        self._is_looked_at = True
        try:
            return bool(reader.peek(1))
        finally:
            self._is_looked_at = False

    def _has_said(self) -> bool:
        try:
            self._sock.fd.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True  # it has ended, which is no waiting
        return True


def paced(protocol: type[Any], most_unfinished: int, most_idle: int) -> type[Any]:
    """Return `protocol`, eventlet.wsgi's HttpProtocol, with a bound to its patience and to who uses it at once.

    So many of an address may be in the middle of a request, and between two; 0 is no bound.
    """
    unfinished, idle = Waiting(most_unfinished), Waiting(most_idle)

    class PacedHttp(protocol):  # type: ignore[misc]
        """Serves one connection."""

        def setup(self) -> None:
            """As eventlet's, with streams that do not wait for ever."""
            self.connection = self.request
            self._paced = PacedSocket(self.request, network_of(str(self.client_address[0])), unfinished, idle)
            self.rfile, self.wfile = io.BufferedReader(self._paced), io.BufferedWriter(self._paced, self.wbufsize)
            # While it is open a WebSocket that is closed by its writer stays readable: its reader finds the end of it,
            # and would wait in vain for a socket that has gone.
            self._kept_open = self.connection.makefile("rb", buffering=0)
            self._requests = 0

        def _read_request_line(self) -> Any:
            self._paced.await_request(self.rfile, is_first=not self._requests)
            self._requests += 1
            return super()._read_request_line()

        def handle_one_response(self) -> None:
            """As eventlet's."""
            self._paced.await_body()
            super().handle_one_response()

        def finish(self) -> None:
            """As eventlet's."""
            self._paced.end()
            try:
                super().finish()
            finally:
                self._kept_open.close()

    return PacedHttp
