"""WebSocket frames to clients: whole messages, unmasked (RFC 6455, section 5.2), each made once for all who get it."""

import struct
import zlib
from collections.abc import Sequence
from functools import cached_property

FINAL, COMPRESSED = 0x80, 0x40
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
# Below this a message is not worth compressing: see docs/adr/0010.
WORTH_COMPRESSING = 256
LEVEL = 6
# What every flushed block ends with; RFC 7692, section 7.2.1, takes it off.
EMPTY_BLOCK = b"\x00\x00\xff\xff"


def frame(payload: bytes, opcode: int, *, compressed: bool = False) -> bytes:
    """Return one frame that is a whole message; `payload` is compressed already where `compressed` says so."""
    first = FINAL | (COMPRESSED if compressed else 0) | opcode
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


def close(code: int, reason: str = "") -> bytes:
    """Return a Close frame; of the reason as much as fits is sent."""
    return frame(struct.pack("!H", code) + reason.encode()[:123], CLOSE)


def compressed(payload: bytes) -> bytes:
    """Return `payload` as permessage-deflate carries it (RFC 7692), owing nothing to any message before it."""
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    body = deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return body.removesuffix(EMPTY_BLOCK)


class Framed:
    """One Engine.IO message, or several that belong together (an event and its attachments), as bytes for the wire."""

    def __init__(self, packets: Sequence[str | bytes]) -> None:
        """`packets` are encoded: text for a Text frame, bytes for a Binary one."""
        self._packets = [(p.encode(), TEXT) if isinstance(p, str) else (bytes(p), BINARY) for p in packets]

    @property
    def count(self) -> int:
        """How many messages of WebSocket this is."""
        return len(self._packets)

    @cached_property
    def plain(self) -> bytes:
        """The frames for everybody."""
        return b"".join(frame(payload, opcode) for payload, opcode in self._packets)

    @cached_property
    def compact(self) -> bytes:
        """The frames for those with whom compression was agreed; short ones are as in `plain`."""
        return b"".join(self._smaller(payload, opcode) for payload, opcode in self._packets)

    @staticmethod
    def _smaller(payload: bytes, opcode: int) -> bytes:
        if len(payload) < WORTH_COMPRESSING:
            return frame(payload, opcode)
        return frame(compressed(payload), opcode, compressed=True)
