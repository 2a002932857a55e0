"""A turn that breaks off in its middle is not the last, and leaves nothing behind that the next would stumble over."""

import socket
from collections.abc import Sequence

import pytest

from racing.realtime.transport import output
from racing.realtime.transport.output import HOLD_S
from racing.realtime.transport.send_loop import Job, Part, Unsent
from tests.realtime.transport.line_stand import Punter, Stand

MANY = 100  # more than one slice reaches
LARGE = 250_000  # more than a socket takes


class BreaksOff:
    """A job that reaches some, so many slices long, and then fails."""

    is_done = False

    def __init__(self, job: Job, slices: int) -> None:
        self._job, self._slices = job, slices

    def run(self, _until_ns: int) -> list[Unsent]:
        assert self._job.run(0) == []
        assert not self._job.is_done
        self._slices -= 1
        if not self._slices:
            raise RuntimeError("broken off")
        return []


def break_off_once(lines: Stand, slices: int = 1) -> None:
    """Let the next turn fail in its last slice of so many."""
    loop = lines.output._loop
    begin = loop.begin

    def begin_and_break_off(parts: Sequence[Part]) -> Job:
        loop.begin = begin  # type: ignore[method-assign]
        return BreaksOff(begin(parts), slices)

    loop.begin = begin_and_break_off  # type: ignore[method-assign]


def fill(punter: Punter) -> None:
    """Let a client's socket take no more."""
    try:
        while True:
            punter.line.sock.send(bytes(65_536))
    except BlockingIOError:
        return


def next_turn(lines: Stand, *words: bytes) -> None:
    """Write these to everybody, in one turn."""
    for word in words:
        lines.tell(word, *lines.punters)
    lines.hub.run(2 * HOLD_S)


@pytest.mark.parametrize("broken", [[b"A"], [b"A", b"B"]])
@pytest.mark.parametrize("later", [[b"C"], [b"C", b"D"]])
def test_the_next_turn_reaches_everybody_in_full(lines: Stand, broken: list[bytes], later: list[bytes]) -> None:
    crowd = lines.crowd(MANY)
    break_off_once(lines)
    next_turn(lines, *broken)
    reached = [punter.came_at_once() for punter in crowd]
    assert [] in reached
    assert [b"".join(broken)] in reached

    next_turn(lines, *later)
    next_turn(lines, *later)

    assert [punter.came_at_once() for punter in crowd] == [[b"".join(later)] * 2] * MANY


def test_whoever_comes_after_it_gets_what_is_theirs_alone(lines: Stand) -> None:
    crowd = lines.crowd(MANY)
    break_off_once(lines)
    next_turn(lines, b"A", b"B")

    lines.tell(b"C", *crowd[MANY // 2 :])
    crowd[-1].line.write(b"D")
    lines.hub.run(2 * HOLD_S)

    assert [punter.came() for punter in crowd[MANY // 2 :]] == [*[b"C"] * (MANY // 2 - 1), b"CD"]


def test_what_fell_due_meanwhile_is_written_by_itself(lines: Stand) -> None:
    crowd = lines.crowd(MANY)
    break_off_once(lines, slices=3)
    lines.tell(b"A", *crowd)
    lines.hub.turn()
    assert not lines.output.is_idle

    next_turn(lines, b"C")

    assert lines.output.is_idle
    assert {punter.came() for punter in crowd} == {b"AC", b"C"}


def test_a_last_word_that_fell_due_meanwhile_is_followed_by_the_end(lines: Stand) -> None:
    crowd = lines.crowd(MANY)
    break_off_once(lines, slices=2)
    lines.tell(b"A", *crowd)
    lines.hub.turn()

    crowd[-1].line.finish()
    lines.hub.run(2 * HOLD_S)

    assert crowd[-1].came() == b"\x88\x02\x03\xe8"
    assert crowd[-1].has_ended


def test_the_next_turn_is_written_though_not_even_the_log_could_be(
    lines: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def exception(self, *_: object) -> None:
            raise OSError("no space left on device")

    crowd = lines.crowd(MANY)
    monkeypatch.setattr(output, "log", Full())
    break_off_once(lines)
    with pytest.raises(OSError, match="no space"):
        next_turn(lines, b"A", b"B")
    assert lines.output.is_idle

    next_turn(lines, b"C", b"D")

    assert {punter.came() for punter in crowd} == {b"ABCD", b"CD"}


@pytest.mark.parametrize("due_meanwhile", [False, True])
def test_sockets_that_were_buried_meanwhile_are_closed(lines: Stand, *, due_meanwhile: bool) -> None:
    crowd = lines.crowd(MANY)
    break_off_once(lines, slices=2)
    lines.tell(b"A", *crowd)
    lines.hub.turn()
    gone = crowd[-1].line
    gone.drop()
    assert gone.sock.fileno() >= 0

    if due_meanwhile:
        lines.tell(b"C", *crowd[:-1])
    lines.hub.run(2 * HOLD_S)

    assert gone.sock.fileno() == -1


@pytest.mark.parametrize("is_full", [True, False], ids=["nothing of it went", "a part of it went"])
def test_whose_rest_cannot_be_kept_is_dropped_and_the_others_get_theirs(
    lines: Stand, monkeypatch: pytest.MonkeyPatch, *, is_full: bool
) -> None:
    def no_memory() -> None:
        raise MemoryError

    slow = lines.connect(socket.SOCK_STREAM)
    crowd = lines.crowd(MANY)
    if is_full:
        fill(slow)
    monkeypatch.setattr(output, "Backlog", no_memory)
    monkeypatch.setattr(output, "SLICE_NS", 0)

    slow.line.write(bytes(LARGE))
    next_turn(lines, b"A", b"B")

    assert slow.owner.is_gone
    assert slow.line.is_dropped
    assert {punter.came() for punter in crowd} == {b"AB"}
