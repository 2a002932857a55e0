"""WebSocket frames to clients: whole messages, unmasked (RFC 6455, section 5.2), each made once for all who get it."""

import struct
import zlib
from collections.abc import Sequence

FINAL, COMPRESSED = 0x80, 0x40
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
# Below this a message is not worth compressing: see docs/adr/0012, also for what zlib is told.
WORTH_COMPRESSING = 256
LEVEL = 6
MEMORY = 6
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


def close(code: int) -> bytes:
    """Return a Close frame."""
    return frame(struct.pack("!H", code), CLOSE)


def compressed(payload: bytes) -> bytes:
    """Return `payload` as permessage-deflate carries it (RFC 7692), owing nothing to any message before it."""
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, MEMORY)
    body = deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return body.removesuffix(EMPTY_BLOCK)


def plain(packet: str | bytes) -> bytes:
    """Return the frame of one encoded Engine.IO packet: Text for text, Binary for bytes."""
    return frame(packet.encode(), TEXT) if isinstance(packet, str) else frame(packet, BINARY)


def compact(packet: str | bytes) -> bytes:
    """Return the frame for those with whom compression was agreed; a short one is as in `plain`."""
    payload, opcode = (packet.encode(), TEXT) if isinstance(packet, str) else (packet, BINARY)
    if len(payload) < WORTH_COMPRESSING:
        return frame(payload, opcode)
    return frame(compressed(payload), opcode, compressed=True)


class Framed:
    """Engine.IO packets that belong together (an event and its attachments), as the wire has them.

    Made once for all who get them, and for each kind of client when the first of its kind is met.
    """

    __slots__ = ("_compact", "_packets", "_plain")

    def __init__(self, packets: Sequence[str | bytes]) -> None:
        """`packets` are encoded."""
        self._packets, self._plain, self._compact = packets, b"", b""

    @property
    def plain(self) -> bytes:
        """The frames for everybody."""
        self._plain = self._plain or b"".join([plain(packet) for packet in self._packets])
        return self._plain

    @property
    def compact(self) -> bytes:
        """The frames for those with whom compression was agreed."""
        self._compact = self._compact or b"".join([compact(packet) for packet in self._packets])
        return self._compact
