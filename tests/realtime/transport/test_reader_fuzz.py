"""Whatever a client's bytes are, the reader gives messages, or a ProtocolError with a code, and keeps little."""

import tracemalloc
import zlib
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from racing.realtime.transport.reader import Parser, ProtocolError
from tests.support.websocket_frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close, frame

MOST = 1000
CODES = {1002, 1007, 1009}
# The machine that runs all tests at once is slow, and the first text that is drawn takes seconds.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(patient, max_examples=500)
Said = tuple[int, str | bytes | tuple[int, str]]

controls = st.tuples(st.sampled_from((PING, PONG)), st.binary(max_size=125))
texts = st.text(st.characters(codec="utf-8"), max_size=MOST // 4).map(lambda text: (TEXT, text))
messages = texts | st.binary(max_size=MOST).map(lambda payload: (BINARY, payload))
splits = st.lists(st.integers(1, 40), min_size=1, max_size=20)
nearly_frames = st.builds(
    frame,
    st.integers(0, 15),
    st.binary(max_size=200),
    final=st.booleans(),
    reserved=st.sampled_from((0, 0, 0, 4, 2, 1)),
    masked=st.sampled_from((True, True, True, False)),
    length_bytes=st.just(8) | st.none(),
    claims=st.none() | st.integers(0, 125),
)
closes = st.integers(0, 65_535).map(close) | st.binary(max_size=125).map(lambda payload: frame(CLOSE, payload))


@st.composite
def fragmented(draw: st.DrawFn) -> tuple[bytes, list[Said]]:
    """Draw a message and what goes between its pieces: as bytes, and as what is to come out."""
    opcode, said = draw(messages)
    payload = said.encode() if isinstance(said, str) else said
    cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=4)))
    wire, out = b"", []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(payload)], strict=True)):
        is_last = number == len(cuts)
        wire += frame(CONTINUATION if number else opcode, payload[start:end], final=is_last)
        between = [] if is_last else draw(st.lists(controls, max_size=2))
        wire += b"".join(frame(*control) for control in between)
        out += between
    return wire, [*out, (opcode, said)]


def read(data: bytes, lengths: Sequence[int], *, inflates: bool = False) -> tuple[list[Said], int | None]:
    """Feed a parser in pieces of these lengths, over and over; return what came out, and the code it ended with."""
    parser, came, position = Parser(MOST, inflates=inflates), [], 0
    try:
        for turn in range(len(data)):
            piece = data[position : position + lengths[turn % len(lengths)]]
            position += len(piece)
            for one in parser.read(piece):
                came.append((int(one.opcode), one.payload))  # one by one: what came before an error came
            if position == len(data):
                break
    except ProtocolError as error:
        return came, error.code
    return came, None


@patient
@given(st.lists(fragmented() | controls.map(lambda one: (frame(*one), [one])), max_size=6), splits)
def test_what_is_said_comes_out_however_it_is_cut(said: list[tuple[bytes, list[Said]]], lengths: list[int]) -> None:
    whole = b"".join(wire for wire, _ in said)

    assert read(whole, lengths) == ([one for _, out in said for one in out], None)


@many
@given(st.lists(nearly_frames | closes | fragmented().map(lambda one: one[0]), max_size=6).map(b"".join), splits)
@example(frame(TEXT, b"4", claims=2**62), [100])
@example(frame(TEXT, b"4", claims=2**63 + 1), [100])
@example(frame(TEXT, b"", final=False) * 1000, [1000])
@pytest.mark.parametrize("inflates", [False, True])
def test_what_is_nearly_right_ends_in_a_code_and_tells_the_same_however_it_is_cut(
    inflates: bool, wire: bytes, lengths: list[int]
) -> None:
    came, code = read(wire, lengths, inflates=inflates)

    assert code is None or code in CODES
    assert read(wire, [len(wire) + 1], inflates=inflates) == (came, code)
    assert all(len(payload) <= MOST for opcode, payload in came if opcode != CLOSE)


@many
@given(st.binary(max_size=300), splits, st.booleans())
def test_noise_ends_in_a_code(noise: bytes, lengths: list[int], inflates: bool) -> None:
    _, code = read(noise, lengths, inflates=inflates)

    assert code is None or code in CODES


@patient
@given(messages, st.lists(st.integers(0, 300), max_size=3), splits)
def test_what_was_compressed_comes_out(said: Said, cuts: list[int], lengths: list[int]) -> None:
    opcode, plain = said
    deflate = zlib.compressobj(wbits=-15)
    payload = plain.encode() if isinstance(plain, str) else bytes(plain)  # type: ignore[arg-type]
    body = (deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    wire = b"".join(
        frame(CONTINUATION if n else opcode, body[start:end], final=n == len(cuts), reserved=0 if n else 4)
        + (b"" if n == len(cuts) else frame(PING, b"?"))
        for n, (start, end) in enumerate(pairwise(edges))
    )

    assert read(wire, lengths, inflates=True) == ([*[(PING, b"?")] * len(cuts), (opcode, plain)], None)


@patient
@given(st.binary(max_size=300), splits)
def test_what_only_pretends_to_be_compressed_ends_in_a_code(noise: bytes, lengths: list[int]) -> None:
    came, code = read(frame(BINARY, noise, reserved=4), lengths, inflates=True)

    assert code in CODES or len(came) == 1


def test_a_message_that_would_fill_the_memory_is_refused_before_it_is_made() -> None:
    deflate = zlib.compressobj(9, wbits=-15)
    body = deflate.compress(bytes(100_000_000)) + deflate.flush()
    tracemalloc.start()

    assert read(frame(BINARY, body, reserved=4), [4096], inflates=True) == ([], 1009)

    most_at_once = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most_at_once < 10 * len(body)
