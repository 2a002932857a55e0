"""A client's WebSocket on the server's side: how it ends, whoever ends it, and who is held up until then."""

import pytest
from wsproto.frame_protocol import CloseReason

from racing.realtime.transport import line
from tests.realtime.transport.line_stand import Stand, close_frame, said
from tests.support.websocket_frames import CONTINUATION, TEXT, close, frame

NORMAL = close_frame(1000)


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


def test_what_was_not_listened_to_is_taken_at_the_end_or_hanging_up_would_take_back_the_last_word(lines: Stand) -> None:
    punter = lines.connect()
    punter.line.listen(wanted=False)
    punter.send(frame(TEXT, b"whatever"))
    lines.hub.run()

    punter.line.finish()
    lines.hub.run()

    with pytest.raises(BlockingIOError):
        punter.line.sock.recv(1)
    assert punter.owner.received == []


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
