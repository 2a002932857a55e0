"""One client's WebSocket after the handshake: its socket, what is half read and half written, and its end."""

import socket
import time
from typing import Protocol, cast

import structlog
from wsproto.frame_protocol import CloseReason, Opcode

from racing.realtime.transport import frames
from racing.realtime.transport.backlog import Backlog
from racing.realtime.transport.idle_words import IdleWords
from racing.realtime.transport.output import Output
from racing.realtime.transport.poller import READ, WRITE, Poller
from racing.realtime.transport.reader import Parser, Parsers, ProtocolError

log = structlog.get_logger()
# A client that always has more to say must not have the loop for itself: this holds 170 frames at most.
MOST_READ = 1024
# To hang up on somebody before they have read our last word may take it from them.
LINGER_S = 5.0
MESSAGE = "4"  # of Engine.IO


class Owner(Protocol):
    """Whose messages these are."""

    line: "Line"
    """Set by the line itself."""

    def receive(self, message: str | bytes) -> None:
        """Act on a message. Must not wait."""

    def gone(self) -> None:
        """Note that the client hung up, or was hung up on. Must not wait."""

    def overflow(self, waiting: int) -> None:
        """Note that the client leaves too much unread."""


class Lines:
    """What all lines of a worker share."""

    def __init__(self, poller: Poller, output: Output, most_bytes: int) -> None:
        """A client's message has at most `most_bytes`."""
        self.poller, self.output, self.parsers = poller, output, Parsers(most_bytes)
        self.deadlines: dict[Line, float] = {}
        self.idle_words = IdleWords()

    def open(self, sock: socket.socket, owner: "Owner", *, inflates: bool) -> "Line":
        """Return the line of a socket that has shaken hands; whoever watched it hands it on."""
        line = Line(self, sock, owner, inflates=inflates)
        self.output.admit(line.fd)
        if line.fd in self.poller.watched:
            self.poller.hand_on(line.fd, line)
        else:
            self.poller.watch(line.fd, line)
        return line

    def hang_up(self) -> None:
        """Drop those whose time is up."""
        now = time.monotonic()
        for line in [line for line, until in self.deadlines.items() if until <= now]:
            line.drop()


class Line:
    """A WebSocket. While it is idle it holds a socket and nothing else."""

    __slots__ = (
        "_deafness", "_lines", "_parser", "backlog", "fd", "inflates", "is_dropped", "is_over", "listens", "owner",
        "sock",
    )  # fmt: skip

    def __init__(self, lines: Lines, sock: socket.socket, owner: Owner, *, inflates: bool) -> None:
        """Serve `sock`, which does not wait; `inflates` tells that compression was agreed on."""
        self._lines, self.sock, self.owner, self.inflates = lines, sock, owner, inflates
        self.fd = sock.fileno()
        self.backlog: Backlog | None = None
        self._parser: Parser | None = None
        self._deafness = ""
        self.is_dropped = self.is_over = False
        self.listens = True
        owner.line = self

    # --- in ---------------------------------------------------------------------------------------------------------

    def ready(self, events: int) -> None:
        """Read, or write on; see Poller."""
        if events & WRITE:
            self._lines.output.resume(self)
        if events & ~WRITE and not self.is_dropped:
            self._read()

    def _read(self) -> None:
        try:
            data = self.sock.recv(MOST_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self.drop()
        elif not self._deafness:
            try:
                self._parse(data)
            except ProtocolError as error:
                log.info("a client broke the protocol", code=int(error.code), error=str(error)[:200])
                self.finish(error.code)
        # Else it was told that it is over: what it says until it hangs up is of no interest.

    def _parse(self, data: bytes) -> None:
        parsers = self._lines.parsers
        parser = self._parser or parsers.lend(inflates=self.inflates)
        self._parser = None  # of one that raises no more use can be made
        pinged: bytes | None = None
        parser.idle_words = 0
        for opcode, payload in parser.read(data):
            if self._deafness:
                return
            if opcode is Opcode.PING:
                pinged = cast(bytes, payload)
            elif opcode is Opcode.CLOSE:
                self.finish(payload[0])  # type: ignore[arg-type]
            elif opcode is not Opcode.PONG:
                parser.idle_words += payload[:1] != MESSAGE and opcode is Opcode.TEXT
                self.owner.receive(payload)  # type: ignore[arg-type]
        if (idle_words := parser.idle_words) and self._lines.idle_words.are_too_many(self, idle_words):
            raise ProtocolError(CloseReason.POLICY_VIOLATION, "too many frames without a message")
        if pinged is not None:
            self.write(frames.frame(pinged, frames.PONG))  # the latest stands for those before it: RFC 6455, 5.5.3
        if parser.is_idle:
            parsers.take_back(parser, inflates=self.inflates)
        else:
            self._parser = parser

    def listen(self, *, wanted: bool) -> None:
        """Read on, or stop for a while: then the client's own network holds it up."""
        if wanted != self.listens:
            self.listens = wanted
            self._watch(room=self.backlog is not None and not self.backlog.is_full)

    def _watch(self, *, room: bool) -> None:
        if not self.is_dropped:
            self._lines.poller.change(self.fd, (READ if self.listens else 0) | (WRITE if room else 0))

    # --- out --------------------------------------------------------------------------------------------------------

    def write(self, framed: bytes) -> None:
        """Send frames to this client alone."""
        if self.is_open:
            self._lines.output.to_one(self, framed)

    @property
    def is_open(self) -> bool:
        """Tell whether anything more may be written: after a Close frame nothing may."""
        return not self._deafness

    def want_room(self, wanted: bool) -> None:
        """See Output."""
        self._watch(room=wanted)

    def overflow(self, waiting: int) -> None:
        """See Output."""
        self.owner.overflow(waiting)

    # --- the end ----------------------------------------------------------------------------------------------------

    def finish(self, code: int = CloseReason.NORMAL_CLOSURE) -> None:
        """Close with a last word, after all that was written before it; see RFC 6455, section 7."""
        if not self.is_open:
            return
        answer = code if code not in (CloseReason.NO_STATUS_RCVD, CloseReason.ABNORMAL_CLOSURE) else None
        self._lines.output.to_one_last(
            self, frames.frame(b"", frames.CLOSE) if answer is None else frames.close(answer)
        )
        self._deafness = "finished"
        self.end_within(LINGER_S)
        self.listen(wanted=True)
        self.owner.gone()

    def end_within(self, seconds: float | None) -> None:
        """Drop it after so long, whatever happens; None takes that back."""
        if seconds is None:
            self._lines.deadlines.pop(self, None)
        else:
            self._lines.deadlines[self] = time.monotonic() + seconds

    def written(self) -> None:
        """See Output."""
        if self.is_over and not self.is_dropped:
            try:
                self.sock.shutdown(socket.SHUT_WR)
            except OSError:
                self.drop()

    def drop(self) -> None:
        """Close at once, whatever still waits. The owner lets go of it once nobody can write to it any more."""
        if self.is_dropped:
            return
        self.is_dropped = True
        self._deafness = self._deafness or "dropped"
        lines = self._lines
        lines.output.release(self)
        lines.poller.forget(self.fd)
        self.end_within(None)
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("the socket was gone already", error=str(error))
        self.owner.gone()

    def let_go(self) -> None:
        """Give the descriptor back, to be somebody else's: what is written to it from now on would be theirs."""
        if self.fd >= 0:
            self._lines.output.bury(self.sock)
            self.fd = -1

    def __repr__(self) -> str:
        """Tell what it is doing."""
        return f"<Line {self.fd} {self._deafness or 'open'}>"
