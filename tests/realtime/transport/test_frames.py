"""Frames to clients are read by wsproto's client as what they were made of, whatever their length; compressed ones too,
each by itself."""

import os
import zlib
from typing import Any

import pytest
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameProtocol, Opcode

from racing.realtime.transport import frames
from racing.realtime.transport.frames import WORTH_COMPRESSING, Framed
from racing.realtime.transport.handshake import AGREED

LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]
FLUSHED = b"\x00\x00\xff\xff"


def read(wire: bytes, *, inflates: bool = False) -> list[tuple[Opcode, Any]]:
    """What a client reads of this, message by message; with compression as the handshake agrees on it."""
    deflate = PerMessageDeflate()
    deflate.finalize(AGREED)
    protocol = FrameProtocol(client=True, extensions=[deflate] if inflates else [])
    protocol.receive_bytes(wire)
    came: list[tuple[Opcode, Any]] = []
    parts: list[Any] = []
    for frame in protocol.received_frames():
        parts.append(frame.payload)
        if frame.message_finished:
            came.append((frame.opcode, type(parts[0])().join(parts)))
            parts = []
    assert parts == []
    return came


@pytest.mark.parametrize("length", LENGTHS)
def test_text_of_any_length_arrives(length: int) -> None:
    said = "é" * (length // 2) + "4" * (length % 2)

    assert read(frames.plain(said)) == [(Opcode.TEXT, said)]
    assert read(frames.compact(said), inflates=True) == [(Opcode.TEXT, said)]


@pytest.mark.parametrize("length", LENGTHS)
def test_bytes_of_any_length_arrive(length: int) -> None:
    packed = os.urandom(length)

    assert read(frames.plain(packed)) == [(Opcode.BINARY, packed)]
    assert read(frames.compact(packed), inflates=True) == [(Opcode.BINARY, packed)]


@pytest.mark.parametrize("length", LENGTHS)
def test_a_frame_says_its_length_in_as_few_bytes_as_will_do(length: int) -> None:
    head = 2 if length < 126 else 4 if length < 65_536 else 10

    assert len(frames.frame(bytes(length), frames.BINARY)) == head + length


def test_frames_to_clients_are_not_masked() -> None:
    assert frames.frame(b"42", frames.TEXT) == b"\x81\x0242"


def test_a_close_frame_tells_its_code() -> None:
    protocol = FrameProtocol(client=True, extensions=[])
    protocol.receive_bytes(frames.close(1002))

    [frame] = protocol.received_frames()

    assert (frame.opcode, tuple(frame.payload)) == (Opcode.CLOSE, (1002, ""))


def test_a_packed_update_is_a_placeholder_then_its_attachment_and_nothing_between() -> None:
    packed = os.urandom(1000)
    framed = Framed(['451-["odds_update",{"_placeholder":true,"num":0}]', packed])

    for wire, inflates in ((framed.plain, False), (framed.compact, True)):
        assert read(wire, inflates=inflates) == [
            (Opcode.TEXT, '451-["odds_update",{"_placeholder":true,"num":0}]'),
            (Opcode.BINARY, packed),
        ]


def test_frames_are_made_once() -> None:
    framed = Framed(["42" + "x" * 1000])

    assert framed.plain is framed.plain
    assert framed.compact is framed.compact


def test_a_short_message_is_not_compressed() -> None:
    short = "x" * (WORTH_COMPRESSING - 1)

    assert frames.compact(short) == frames.plain(short)
    assert len(frames.compact(short + "x")) < len(frames.plain(short)) / 4


def test_each_compressed_message_can_be_read_without_those_before_it() -> None:
    said = ["42" + f'["odds_update",{n}]' * 40 for n in range(3)]
    wires = [frames.compact(text) for text in said]

    for wire, text in zip(wires, said, strict=True):
        assert wire[0] == 0xC1
        assert read(wire, inflates=True) == [(Opcode.TEXT, text)]
    together = read(b"".join(wires), inflates=True)
    assert [told for _, told in together] == said


def test_a_reader_that_keeps_its_window_reads_them_as_well() -> None:
    """Browsers that did not ask for `server_no_context_takeover` may keep one inflater for the whole connection."""
    inflate = zlib.decompressobj(-15)
    said = [("42" + f'["odds_update",{n}]' * 40).encode() for n in range(3)]

    assert [inflate.decompress(frames.compressed(text) + FLUSHED) for text in said] == said
