"""A client's WebSocket on the server's side: what it says comes out whole, what breaks the protocol ends it."""

import pytest
from wsproto.frame_protocol import CloseReason

from racing.realtime.transport import line
from tests.realtime.transport.line_stand import LARGEST, Punter, Stand, close_frame
from tests.support.websocket_frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close, frame

NORMAL = close_frame(1000)


def said(lines: Stand, punter: Punter, data: bytes) -> list[str | bytes]:
    """Let a client say this; return what its owner got by it."""
    before = len(punter.owner.received)
    punter.send(data)
    lines.hub.run()
    return punter.owner.received[before:]


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


# --- the end ----------------------------------------------------------------------------------------------------------


def test_after_its_last_word_the_server_says_nothing_and_waits_for_the_client_to_hang_up(lines: Stand) -> None:
    punter = lines.connect()
    punter.line.finish()
    punter.line.finish()
    punter.line.write(b"one more thing")
    lines.hub.run()
    assert not punter.line.is_dropped
    assert punter.came() == NORMAL

    punter.send(close(1000))
    punter.end.close()
    lines.hub.run()

    assert punter.line.is_dropped


def test_who_does_not_hang_up_is_hung_up_on_in_time(lines: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    punter = lines.connect()
    monkeypatch.setattr(line, "LINGER_S", 0.0)

    punter.line.finish()
    lines.hub.run()
    assert not punter.line.is_dropped

    lines.lines.hang_up()
    assert punter.line.is_dropped
    assert lines.lines.deadlines == {}


def test_a_deadline_may_be_taken_back(lines: Stand) -> None:
    punter = lines.connect()

    punter.line.end_within(0)
    punter.line.end_within(None)

    lines.lines.hang_up()
    assert not punter.line.is_dropped


def test_a_client_that_goes_without_a_word_is_heard_of_after_what_it_said(lines: Stand) -> None:
    punter = lines.connect()
    punter.send(frame(TEXT, b"last words"))
    punter.end.close()

    lines.hub.run()

    assert punter.owner.received == ["last words"]
    assert punter.owner.is_gone


def test_dropped_is_dropped(lines: Stand) -> None:
    punter = lines.connect()

    punter.line.drop()
    punter.line.drop()
    punter.line.finish()
    punter.line.write(b"after")
    lines.hub.run()

    assert punter.came() == b""
    assert punter.has_ended


def test_a_client_that_says_too_much_is_held_up_by_its_own_network(lines: Stand) -> None:
    punter = lines.connect()
    punter.line.listen(wanted=False)
    assert said(lines, punter, frame(TEXT, b"wait")) == []

    punter.line.listen(wanted=True)
    lines.hub.run()

    assert punter.owner.received == ["wait"]


def test_who_is_not_listened_to_is_written_to(lines: Stand) -> None:
    punter = lines.connect()
    punter.line.write(bytes(250_000))
    lines.hub.run()
    assert punter.line.backlog is not None

    punter.line.listen(wanted=False)
    came = 0
    while more := len(punter.came()):
        came += more
        lines.hub.run()

    assert came == 250_000


def test_an_idle_line_holds_no_parser(lines: Stand) -> None:
    punter = lines.connect()
    said(lines, punter, frame(TEXT, b"half", final=False))
    assert punter.line._parser is not None

    said(lines, punter, frame(CONTINUATION, b"whole"))

    assert punter.line._parser is None


def test_a_close_of_ours_tells_why(lines: Stand) -> None:
    punter = lines.connect()

    punter.line.finish(CloseReason.POLICY_VIOLATION)
    lines.hub.run()

    assert punter.came() == close_frame(1008)
