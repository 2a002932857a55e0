"""What a client does not take at once is kept for it, in order, up to a bound."""

import os

import pytest

from racing.realtime.transport.backlog import MOST_JOINED
from tests.realtime.transport.line_stand import MOST_BYTES, MOST_MESSAGES, Punter, Stand

LARGE = 250_000  # more than a socket takes, less than the bound


def a_slow_one(lines: Stand) -> tuple[Punter, bytes]:
    """Somebody of whom the last bytes of a message wait, and that message."""
    slow = lines.connect()
    large = os.urandom(LARGE)
    slow.line.write(large)
    lines.hub.run()
    assert slow.line.backlog is not None
    return slow, large


def read_all(lines: Stand, punter: Punter) -> bytes:
    """What comes until nothing more does."""
    came = b""
    while more := punter.came():
        came += more
        lines.hub.run()
    return came


def test_what_did_not_fit_comes_when_there_is_room(lines: Stand) -> None:
    slow, large = a_slow_one(lines)

    assert read_all(lines, slow) == large
    assert slow.line.backlog is None


def test_what_is_written_meanwhile_comes_after_it(lines: Stand) -> None:
    slow, large = a_slow_one(lines)
    quick = lines.connect()
    lines.tell(b"one", slow, quick)
    slow.line.write(b"two")
    lines.hub.run()
    assert quick.came() == b"one"

    assert read_all(lines, slow) == large + b"onetwo"


def test_more_rests_than_are_joined_at_once_keep_their_order(lines: Stand) -> None:
    lines.output._most_messages = 10 * MOST_JOINED
    slow, large = a_slow_one(lines)
    words = [b"%d;" % n for n in range(3 * MOST_JOINED + 1)]
    for word in words:
        lines.tell(word, slow)
        lines.hub.run()

    assert read_all(lines, slow) == large + b"".join(words)


def test_who_has_caught_up_is_written_to_at_once_again(lines: Stand) -> None:
    slow, _ = a_slow_one(lines)
    read_all(lines, slow)

    lines.tell(b"now", slow)
    lines.hub.run()

    assert slow.came() == b"now"


def test_what_waits_is_counted_over_all_and_for_the_slowest(lines: Stand) -> None:
    slow, slower = a_slow_one(lines)[0], a_slow_one(lines)[0]
    lines.tell(b"one", slow, slower)
    lines.tell(b"two", slower)
    lines.hub.run()

    assert lines.output.unread() == (5, 3)
    read_all(lines, slow)
    read_all(lines, slower)
    assert lines.output.unread() == (0, 0)


@pytest.mark.parametrize(("size", "fit"), [(10, MOST_MESSAGES), (MOST_BYTES // 10, 10)])
def test_who_leaves_too_much_unread_is_told_of_once(lines: Stand, size: int, fit: int) -> None:
    slow = lines.connect()
    slow.line.sock.send(bytes(100))  # something to read, so that the client is not idle
    while slow.line.backlog is None:
        slow.line.write(bytes(size))
        lines.hub.run()
    assert slow.owner.overflows == []

    for _ in range(3 * fit):
        slow.line.write(bytes(size))
        lines.hub.run()

    [waiting] = slow.owner.overflows
    assert fit - 1 <= waiting <= fit + 1


def test_for_who_left_too_much_unread_no_more_is_kept_and_nothing_is_sent_behind_the_gap(lines: Stand) -> None:
    slow, large = a_slow_one(lines)
    for n in range(2 * MOST_MESSAGES):
        slow.line.write(b"%d;" % n)
        lines.hub.run()
    assert slow.line.backlog is not None
    kept = slow.line.backlog.bytes

    slow.line.write(bytes(1000))
    lines.hub.run()
    slow.line.listen(wanted=False)
    slow.line.listen(wanted=True)

    assert slow.line.backlog.bytes == kept
    came = read_all(lines, slow)
    lines.output.resume(slow.line)
    assert large.startswith(came + slow.came())


def test_a_client_that_does_not_read_is_no_hindrance_to_the_others(lines: Stand) -> None:
    slow, quick = a_slow_one(lines)[0], lines.connect()
    for n in range(2 * MOST_MESSAGES):
        lines.tell(b"%d;" % n, slow, quick)
        lines.hub.run()

    assert quick.came() == b"".join(b"%d;" % n for n in range(2 * MOST_MESSAGES))


# --- the end ----------------------------------------------------------------------------------------------------------


def test_a_last_word_is_followed_by_the_end(lines: Stand) -> None:
    punter = lines.connect()
    punter.line.write(b"before")

    punter.line.finish()
    assert punter.came() == b""
    lines.hub.run()

    assert punter.came() == b"before\x88\x02\x03\xe8"
    assert punter.has_ended


def test_a_last_word_waits_for_what_a_slow_client_has_not_taken(lines: Stand) -> None:
    slow, large = a_slow_one(lines)
    slow.line.write(b"after")

    slow.line.finish()
    lines.hub.run()

    assert read_all(lines, slow) == large + b"after\x88\x02\x03\xe8"
    assert slow.has_ended


def test_who_is_dropped_is_sent_no_more_and_nothing_is_kept(lines: Stand) -> None:
    slow, large = a_slow_one(lines)

    slow.line.drop()

    assert lines.output.unread() == (0, 0)
    assert large.startswith(read_all(lines, slow))
    assert slow.has_ended


def test_everything_is_written_once_the_last_has_taken_it(lines: Stand) -> None:
    slow, _ = a_slow_one(lines)
    assert lines.output.is_idle
    assert not lines.output.is_written

    read_all(lines, slow)

    assert lines.output.is_written
