"""Where connections come in: handshakes of WebSockets are answered right here, all other HTTP goes to the WSGI server.

A visitor is looked at without taking anything from its socket (MSG_PEEK), so that the WSGI server finds all of it.
Until the head of its request is complete it costs a descriptor and no green thread.
"""

import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import copy_context
from typing import Any

import structlog

from racing.networks import network_of
from racing.realtime.packets import DebugStream
from racing.realtime.transport import handshake
from racing.realtime.transport.first_words import LARGEST_HEAD, begins_session, is_unfinished, is_websocket
from racing.realtime.transport.http_pace import REQUEST_WITHIN_S, TOO_LATE
from racing.realtime.transport.poller import NEWS, READ, SLICE_S, Poller
from racing.realtime.transport.waiting import Waiting

log = structlog.get_logger()
KEY = "racing.visitor"

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
Refuse = Callable[[str], bytes | None]


def welcome_all(_address: str) -> None:
    """Let sessions begin from any address."""


class Door:
    """Accepts, and tells WebSockets from the rest."""

    def __init__(
        self,
        listener: socket.socket,
        poller: Poller,
        application: Application,
        refuse: Refuse = welcome_all,
        most_unfinished: int = 0,
    ) -> None:
        """Stand at `listener`, which does not wait. `application` is WSGI; a visitor is under KEY in its environ.

        It may `let_in` the visitor; otherwise what it answers is sent, and the connection closed. `refuse(peer)` is
        what a peer that begins a session of Socket.IO is answered without asking; None: it may ask. At most
        `most_unfinished` of a peer may be about to say what they want; 0 is no bound.
        """
        self.listener, self._poller, self._application = listener, poller, application
        self._refuse, self._unfinished = refuse, Waiting(most_unfinished)
        self.address = listener.getsockname()
        self._visitors: dict[Visitor, float] = {}
        self._is_full = False
        self._others: deque[tuple[socket.socket, Any]] = deque()
        self.wake: Callable[[], None] = lambda: None
        """Called when there is somebody for the WSGI server."""
        poller.watch(listener.fileno(), self)

    # --- coming in --------------------------------------------------------------------------------------------------

    def ready(self, _events: int) -> None:
        """Accept whoever waits outside, for a moment; see Poller."""
        until = time.monotonic() + SLICE_S
        while self._accept() and time.monotonic() < until:
            pass

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
            self._visitors[visitor] = time.monotonic() + REQUEST_WITHIN_S
            self._poller.watch(sock.fileno(), visitor, NEWS)
            self._unfinished.begin(visitor.peer, visitor)
            self.look(visitor)  # most have said it by now
            return True

    def look(self, visitor: "Visitor") -> None:
        """Find out what a visitor wants, who has said something."""
        try:
            said = visitor.sock.recv(LARGEST_HEAD, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            said = b""
        if is_unfinished(said):
            visitor.has_begun = True
            return
        self._forget(visitor)
        try:
            self._serve(visitor, said)
        except Exception:
            self.hang_up(visitor)  # else nobody would ever hear of it again
            raise

    def _forget(self, visitor: "Visitor") -> None:
        self._visitors.pop(visitor, None)
        self._unfinished.end(visitor.peer, visitor)

    def _serve(self, visitor: "Visitor", said: bytes) -> None:
        if not said:
            self.hang_up(visitor)
        elif begins_session(said) and (refusal := self._refuse(visitor.peer)) is not None:
            # Before anything is parsed: of these there may be thousands a second.
            visitor.sock.recv(LARGEST_HEAD)  # what is left unread when a connection is closed takes the answer with it
            visitor.turn_away(refusal)
            self.hang_up(visitor)
        else:
            end = said.find(handshake.END)
            asked = handshake.request(said[: end + 4]) if end >= 0 and is_websocket(said) else None
            if asked is None:
                self._hand_over(visitor)
                return
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
            self.hang_up(visitor)

    def hang_up(self, visitor: "Visitor") -> None:
        """Close the connection of a visitor who is not in."""
        self._forget(visitor)
        if not visitor.is_in:
            self._poller.forget(visitor.sock.fileno())
            visitor.sock.close()

    def in_full(self, visitor: "Visitor") -> None:
        """Hear all of a visitor who is in, who may have said more than a handshake: until now it was news alone."""
        self._poller.change(visitor.sock.fileno(), READ)

    # --- the others -------------------------------------------------------------------------------------------------

    def _hand_over(self, visitor: "Visitor") -> None:
        self._poller.forget(visitor.sock.fileno())
        self._others.append((visitor.sock, visitor.address))
        self.wake()

    def next_other(self) -> tuple[socket.socket, Any] | None:
        """Return the next connection for the WSGI server, and its address; None where there is none yet."""
        return self._others.popleft() if self._others else None

    def look_round(self) -> None:
        """Hang up on those who never said what they want; let in again where nobody could be let in."""
        if self._is_full:
            self._is_full = False
            self._poller.change(self.listener.fileno(), READ)
        now = time.monotonic()
        for visitor in [visitor for visitor, until in self._visitors.items() if until <= now]:
            if visitor.has_begun:  # a browser that only stands by takes an answer for that to its next question
                visitor.turn_away(TOO_LATE)
            self.hang_up(visitor)

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

    __slots__ = ("_door", "address", "has_begun", "is_in", "peer", "sock")

    def __init__(self, door: Door, sock: socket.socket, address: tuple[Any, ...]) -> None:
        """Wait for its first words."""
        self._door, self.sock, self.address, self.is_in = door, sock, address, False
        self.peer, self.has_begun = network_of(str(address[0])), False

    def ready(self, _events: int) -> None:
        """Listen to its first words; see Poller."""
        self._door.look(self)

    def let_in(self) -> socket.socket:
        """Return the socket, which is no longer the door's."""
        self.is_in = True
        self._door.in_full(self)
        return self.sock

    def hang_up(self) -> None:
        """See Waited."""
        self._door.hang_up(self)

    def turn_away(self, answer: bytes) -> None:
        """Send a last word."""
        try:
            self.sock.send(answer)
        except OSError as error:
            log.debug("it did not wait for the answer", error=str(error))


_ERRORS = DebugStream()
