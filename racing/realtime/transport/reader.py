"""What a client sends, frame by frame: parsed by wsproto, put together to messages, bounded.

A parser weighs 1 kB and is of use only while a message is half there, so that all connections share a few.
"""

import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from wsproto.extensions import Extension
from wsproto.frame_protocol import CloseReason, FrameDecoder, FrameProtocol, Opcode, ParseFailed, RsvBits

from racing.realtime.transport.frames import EMPTY_BLOCK
from racing.realtime.transport.internals import is_between_messages

NO_RSV = RsvBits(rsv1=False, rsv2=False, rsv3=False)
RSV1 = NO_RSV._replace(rsv1=True)
MOST_KEPT = 16


class ProtocolError(Exception):
    """The client broke the protocol; the connection is to be closed with `code`."""

    def __init__(self, code: int, sentence: str) -> None:
        """`code` is one of RFC 6455, section 7.4.1."""
        super().__init__(sentence)
        self.code = code


class Received(NamedTuple):
    """A whole message or control frame. `payload` is text or bytes; of a Close frame it is (code, reason)."""

    opcode: Opcode
    payload: str | bytes | tuple[int, str]


class Bound(Extension):
    """Refuses a frame that says it is too long, before any of it has come: an extension is where wsproto asks."""

    name = "bound"

    def __init__(self, most: int) -> None:
        """A message may hold `most` bytes."""
        self._most = most

    def offer(self) -> bool | str:
        """Offer nothing: this is the server's side."""
        return False

    def enabled(self) -> bool:
        """Tell that it is to be asked."""
        return True

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """Look at the frame that begins. Asked twice where its header comes in two pieces."""
        return CloseReason.MESSAGE_TOO_BIG if payload_length > self._most else NO_RSV


class Inflate(Bound):
    """The client's half of permessage-deflate without context takeover (RFC 7692), bounded.

    wsproto's own would blow a message up to any size.
    """

    name = "permessage-deflate"

    def __init__(self, most: int) -> None:
        """A message may hold `most` bytes, compressed and once it is plain again."""
        super().__init__(most)
        self._size = 0
        self._inflate: Any = None
        self._is_control = False

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """Note whether the message that begins is compressed."""
        self._is_control = opcode.iscontrol()
        if rsv.rsv1 and (self._is_control or opcode is Opcode.CONTINUATION):
            return CloseReason.PROTOCOL_ERROR
        if opcode in (Opcode.TEXT, Opcode.BINARY):
            self._size, self._inflate = 0, zlib.decompressobj(-15) if rsv.rsv1 else None
        looked = super().frame_inbound_header(proto, opcode, rsv, payload_length)
        return RSV1 if looked is NO_RSV else looked

    def frame_inbound_payload_data(self, proto: FrameDecoder | FrameProtocol, data: bytes) -> bytes | CloseReason:
        """Return what `data` says."""
        if self._inflate is None or self._is_control:
            return data
        try:
            plain: bytes = self._inflate.decompress(data, self._most - self._size + 1)
        except zlib.error:
            return CloseReason.INVALID_FRAME_PAYLOAD_DATA
        self._size += len(plain)
        return CloseReason.MESSAGE_TOO_BIG if self._size > self._most else plain

    def frame_inbound_complete(self, proto: FrameDecoder | FrameProtocol, fin: bool) -> bytes | CloseReason | None:
        """Return the rest of a message whose last frame this was."""
        if self._is_control or not fin or self._inflate is None:
            return None
        rest = self.frame_inbound_payload_data(proto, EMPTY_BLOCK)
        self._inflate = None
        return rest


class Parser:
    """Where one connection is in what its client sends."""

    __slots__ = ("_is_spent", "_most", "_parts", "_protocol", "_size", "idle_words")

    def __init__(self, most: int, *, inflates: bool) -> None:
        """A message may have `most` bytes."""
        self._most = most
        self._protocol = FrameProtocol(client=False, extensions=[(Inflate if inflates else Bound)(most)])
        self._parts: list[str | bytes] = []
        self._size = 0
        self._is_spent = False
        self.idle_words = 0
        """How many frames came, since this was last set to 0, that carry no message of Engine.IO that is whole."""

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is half there: it could as well serve another connection."""
        return not self._parts and not self._is_spent and is_between_messages(self._protocol)

    def read(self, data: bytes) -> Iterator[Received]:
        """Yield what has become whole. Raises ProtocolError; the parser is of no use then."""
        try:
            self._protocol.receive_bytes(data)
            for opcode, payload, _, is_whole in self._protocol.received_frames():
                if opcode.iscontrol():
                    self.idle_words += 1
                    self._is_spent = opcode is Opcode.CLOSE  # after which wsproto reads nothing any more
                    yield Received(opcode, payload)
                elif (message := self._add(cast(str | bytes, payload), is_whole)) is not None:
                    yield Received(opcode, message)
        except ParseFailed as error:
            raise ProtocolError(error.code, str(error)) from error

    def _add(self, payload: str | bytes, is_whole: bool) -> str | bytes | None:
        if is_whole and not self._parts:
            return payload  # one frame, and that is bounded
        self._size += len(payload.encode() if isinstance(payload, str) else payload)
        if self._size > self._most:
            raise ProtocolError(CloseReason.MESSAGE_TOO_BIG, f"a message has at most {self._most} bytes")
        if payload:
            self._parts.append(payload)
        if not is_whole:
            self.idle_words += 1
            return None
        whole = type(payload)().join(self._parts)  # type: ignore[arg-type]  # wsproto gives text or bytes, never both
        self._parts, self._size = [], 0
        return whole


class Parsers:
    """The parsers that nobody needs right now."""

    def __init__(self, most: int) -> None:
        """A message may have `most` bytes."""
        self._most = most
        self._free: dict[bool, list[Parser]] = {True: [], False: []}

    def lend(self, *, inflates: bool) -> Parser:
        """Return a parser at the beginning of a message."""
        free = self._free[inflates]
        return free.pop() if free else Parser(self._most, inflates=inflates)

    def take_back(self, parser: Parser, *, inflates: bool) -> None:
        """Keep a parser that is idle for the next who needs one."""
        if len(self._free[inflates]) < MOST_KEPT:
            self._free[inflates].append(parser)
