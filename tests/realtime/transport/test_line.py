"""A client's WebSocket on the server's side: what it says comes out whole, what breaks the protocol ends it."""

import tracemalloc

import pytest

from racing.realtime.transport.frames import compressed
from racing.realtime.transport.idle_words import MOST_A_SECOND
from tests.realtime.transport.line_stand import LARGEST, Stand, close_frame, said
from tests.support.websocket_frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close, frame

NORMAL = close_frame(1000)


# --- what is said -----------------------------------------------------------------------------------------------------


def test_messages_come_out_in_their_order(lines: Stand) -> None:
    punter = lines.connect()

    assert said(lines, punter, frame(TEXT, b"40") + frame(BINARY, b"\x00") + frame(TEXT, "é".encode())) == [
        "40", b"\x00", "é",
    ]  # fmt: skip


def test_a_message_in_pieces_that_comes_byte_by_byte_is_one(lines: Stand) -> None:
    punter = lines.connect()
    wire = frame(TEXT, b"42[", final=False) + frame(CONTINUATION, "é".encode(), final=False) + frame(CONTINUATION, b"]")

    came = [message for byte in wire for message in said(lines, punter, bytes([byte]))]

    assert came == ["42[é]"]


def test_the_pieces_of_two_clients_are_not_mixed_up(lines: Stand) -> None:
    one, other = lines.connect(), lines.connect()
    said(lines, one, frame(TEXT, b"one", final=False))
    said(lines, other, frame(TEXT, b"other", final=False))

    assert said(lines, one, frame(CONTINUATION, b"!")) == ["one!"]
    assert said(lines, other, frame(CONTINUATION, b"!")) == ["other!"]


def test_a_client_in_the_middle_of_a_message_leaves_nothing_to_the_next(lines: Stand) -> None:
    gone = lines.connect()
    said(lines, gone, frame(TEXT, b"half", final=False) + frame(TEXT, b"a message inside a message"))
    assert gone.owner.is_gone

    assert said(lines, lines.connect(), frame(TEXT, b"whole")) == ["whole"]


def test_a_ping_is_answered_with_its_own_words_also_inside_a_message(lines: Stand) -> None:
    punter = lines.connect()

    came = said(lines, punter, frame(TEXT, b"a", final=False) + frame(PING, b"there?") + frame(CONTINUATION, b"b"))

    assert came == ["ab"]
    assert punter.came() == b"\x8a\x06there?"


def test_a_pong_that_nobody_asked_for_is_passed_over(lines: Stand) -> None:
    punter = lines.connect()

    assert said(lines, punter, frame(PONG, b"here")) == []
    assert punter.came() == b""


def test_what_is_compressed_is_read_where_that_was_agreed_on(lines: Stand) -> None:
    punter = lines.connect(inflates=True)

    assert said(lines, punter, frame(TEXT, b"\xf2\x48\xcd\xc9\xc9\x07\x00", reserved=4)) == ["Hello"]  # RFC 7692, 7.2.3


# --- what is wrong ----------------------------------------------------------------------------------------------------


FLOODS = [
    frame(PING, b"here"), frame(PONG), frame(TEXT, b"3"), frame(TEXT, b"6"), frame(TEXT, b""),
    frame(TEXT, b"4", final=False) + frame(CONTINUATION, b"x", final=False) + frame(CONTINUATION, b"x"),
]  # fmt: skip


@pytest.mark.parametrize("flood", FLOODS)
def test_nobody_may_go_on_for_ever_with_what_is_no_message(lines: Stand, flood: bytes) -> None:
    punter, other = lines.connect(), lines.connect()
    said(lines, other, flood * (MOST_A_SECOND // 4))

    said(lines, punter, flood * (2 * MOST_A_SECOND + 1))

    assert punter.came().endswith(close_frame(1008))
    assert punter.owner.is_gone
    assert not other.owner.is_gone


def test_messages_are_bounded_by_whoever_they_are_for(lines: Stand) -> None:
    punter = lines.connect()

    assert len(said(lines, punter, frame(TEXT, b"42") * (2 * MOST_A_SECOND))) == 2 * MOST_A_SECOND


def test_a_message_that_swells_is_cut_while_it_is_inflated(lines: Stand) -> None:
    bomb = compressed(bytes(5_000_000))
    pieces = [bomb[n : n + 500] for n in range(0, len(bomb), 500)]
    punter = lines.connect(inflates=True)
    tracemalloc.start()
    try:
        said(lines, punter, frame(TEXT, pieces[0], reserved=4, final=False) + frame(CONTINUATION, pieces[1]))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert punter.came() == close_frame(1009)
    assert most < 20 * LARGEST


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (frame(TEXT, b"x", masked=False), 1002),
        (frame(TEXT, b"x", reserved=4), 1002),
        (frame(CONTINUATION, b"x"), 1002),
        (frame(3, b"x"), 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(PING, b"x", final=False), 1002),
        (frame(TEXT, b"\xff"), 1007),
        (frame(BINARY, bytes(LARGEST + 1)), 1009),
        (frame(BINARY, bytes(LARGEST), final=False) + frame(CONTINUATION, b"x"), 1009),
        (close(1005), 1002),
        (frame(CLOSE, b"\x03"), 1002),
        (close(1000, b"\xff"), 1007),
    ],
)
def test_whoever_breaks_the_protocol_is_told_the_code_and_heard_no_more(lines: Stand, wrong: bytes, code: int) -> None:
    punter = lines.connect()

    came = said(lines, punter, frame(TEXT, b"before") + wrong + frame(TEXT, b"after"))

    assert came == ["before"]
    assert punter.came() == close_frame(code)
    assert punter.has_ended
    assert punter.owner.is_gone


@pytest.mark.parametrize("code", [1000, 1001, 1011, 3000, 4999])
def test_a_close_is_answered_with_its_code(lines: Stand, code: int) -> None:
    punter = lines.connect()

    said(lines, punter, close(code, b"bye"))

    assert punter.came() == close_frame(code)
    assert punter.has_ended


def test_a_close_without_a_code_is_answered_without_one(lines: Stand) -> None:
    punter = lines.connect()

    said(lines, punter, frame(CLOSE))

    assert punter.came() == b"\x88\x00"
    assert punter.has_ended


def test_what_comes_after_a_close_is_not_listened_to(lines: Stand) -> None:
    punter = lines.connect()

    assert said(lines, punter, close(1000) + frame(TEXT, b"after")) == []
    assert said(lines, punter, frame(TEXT, b"much later") + close(1000)) == []
    assert punter.came() == NORMAL
