"""Where connections come in: handshakes of WebSockets are answered right here, all other HTTP goes to the WSGI server.

A visitor is looked at without taking anything from its socket (MSG_PEEK), so that the WSGI server finds all of it.
"""

import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import copy_context
from typing import Any

import structlog

from racing.realtime.packets import DebugStream
from racing.realtime.transport import handshake
from racing.realtime.transport.poller import READ, Poller

log = structlog.get_logger()
MOST_AT_ONCE = 100
LARGEST_HEAD = 8192
PATIENCE_S = 2.0
"""Who has said nothing for so long is the WSGI server's."""
KEY = "racing.visitor"

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Door:
    """Accepts, and tells WebSockets from the rest."""

    def __init__(self, listener: socket.socket, poller: Poller, application: Application) -> None:
        """Stand at `listener`, which does not wait. `application` is WSGI; a visitor is under KEY in its environ.

        It may `let_in` the visitor; otherwise what it answers is sent, and the connection closed.
        """
        self.listener, self._poller, self._application = listener, poller, application
        self.address = listener.getsockname()
        self._visitors: dict[Visitor, float] = {}
        self._is_full = False
        self._others: deque[tuple[socket.socket, Any]] = deque()
        self.wake: Callable[[], None] = lambda: None
        """Called when there is somebody for the WSGI server."""
        poller.watch(listener.fileno(), self)

    # --- coming in --------------------------------------------------------------------------------------------------

    def ready(self, _events: int) -> None:
        """Accept whoever waits outside; see Poller."""
        for _ in range(MOST_AT_ONCE):
            if not self._accept():
                return

    def _accept(self) -> bool:
        try:
            sock, address = self.listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        except OSError as error:
            # No descriptors are left: the listener would be ready all the time. It is looked at again in a moment.
            log.warning("nobody can be let in", error=str(error), inside=len(self._poller.watched))
            self._poller.change(self.listener.fileno(), 0)
            self._is_full = True
            return False
        else:
            sock.setblocking(False)
            visitor = Visitor(self, sock, address)
            self._visitors[visitor] = time.monotonic() + PATIENCE_S
            self._poller.watch(sock.fileno(), visitor)
            return True

    def look(self, visitor: "Visitor") -> None:
        """Find out what a visitor wants, who has said something."""
        try:
            said = visitor.sock.recv(LARGEST_HEAD, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            said = b""
        self._visitors.pop(visitor, None)
        try:
            self._serve(visitor, said)
        except Exception:
            self._hang_up(visitor)  # else it would be heard of again and again
            raise

    def _serve(self, visitor: "Visitor", said: bytes) -> None:
        end = said.find(handshake.END)
        asked = handshake.request(said[: end + 4]) if end >= 0 and _is_websocket(said) else None
        if not said:
            self._hang_up(visitor)
        elif asked is None:
            self._hand_over(visitor)
        else:
            visitor.sock.recv(end + 4)
            copy_context().run(self._answer, visitor, asked)  # what the application binds to its log lines stays there

    def _answer(self, visitor: "Visitor", asked: Any) -> None:
        environ = handshake.environ(asked, visitor.address, self.address, _ERRORS)
        environ[KEY] = visitor
        said: list[Any] = ["500 Internal Server Error", []]

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            said[:] = status, headers

        try:
            body = b"".join(self._application(environ, start_response))
        except Exception:
            log.exception("a handshake failed")
            body = b""
        if not visitor.is_in:
            visitor.turn_away(handshake.refusal(said[0], said[1], body))
            self._hang_up(visitor)

    def _hang_up(self, visitor: "Visitor") -> None:
        if not visitor.is_in:
            self._poller.forget(visitor.sock.fileno())
            visitor.sock.close()

    # --- the others -------------------------------------------------------------------------------------------------

    def _hand_over(self, visitor: "Visitor") -> None:
        self._poller.forget(visitor.sock.fileno())
        self._others.append((visitor.sock, visitor.address))
        self.wake()

    def next_other(self) -> tuple[socket.socket, Any] | None:
        """Return the next connection for the WSGI server, and its address; None where there is none yet."""
        return self._others.popleft() if self._others else None

    def look_round(self) -> None:
        """Hand over those who have said nothing for too long; let in again where nobody could be let in."""
        if self._is_full:
            self._is_full = False
            self._poller.change(self.listener.fileno(), READ)
        now = time.monotonic()
        for visitor in [visitor for visitor, until in self._visitors.items() if until <= now]:
            del self._visitors[visitor]
            self._hand_over(visitor)

    def shut(self) -> None:
        """Let in who waits outside, then nobody any more; a second time does nothing."""
        if self.listener.fileno() < 0:
            return
        while self._accept():
            pass
        self._is_full = False
        self._poller.forget(self.listener.fileno())
        self.listener.close()


class Visitor:
    """A connection of which nobody knows yet what it wants."""

    __slots__ = ("_door", "address", "is_in", "sock")

    def __init__(self, door: Door, sock: socket.socket, address: tuple[Any, ...]) -> None:
        """Wait for its first words."""
        self._door, self.sock, self.address, self.is_in = door, sock, address, False

    def ready(self, _events: int) -> None:
        """Listen to its first words; see Poller."""
        self._door.look(self)

    def let_in(self) -> socket.socket:
        """Return the socket, which is no longer the door's."""
        self.is_in = True
        return self.sock

    def turn_away(self, answer: bytes) -> None:
        """Send a last word."""
        try:
            self.sock.send(answer)
        except OSError as error:
            log.debug("it did not wait for the answer", error=str(error))


_ERRORS = DebugStream()


def _is_websocket(said: bytes) -> bool:
    """Tell whether it is worth the parsing."""
    return said.startswith(b"GET /socket.io/") and b"upgrade: websocket" in said.lower()
