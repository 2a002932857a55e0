"""Both send loops do the same: to each socket its messages, in order, as far as it takes them."""

import os
import socket
from array import array
from collections.abc import Iterator
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racing.realtime.transport.compiled_loop import MOST_PARTS, MOST_UNSENT
from racing.realtime.transport.send_loop import Part
from tests.realtime.transport.loop_stand import IN_A_WHILE, KINDS, LONG_AGO, Line, Stand, rest


@pytest.fixture(params=KINDS)
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    stand = Stand(request.param)
    yield stand
    stand.close()


def test_each_gets_its_messages_in_their_order(stand: Stand) -> None:
    first, second, third = stand.welcome(), stand.welcome(), stand.welcome()

    unsent = stand.write(stand.part(b"a", 0, 1), stand.part(b"b", 1, 2), stand.part(b"c", 0, 1, 2))

    assert unsent == []
    assert (first.came(), second.came(), third.came()) == (b"ac", b"abc", b"bc")


def test_a_zero_byte_ends_no_message(stand: Stand) -> None:
    punter = stand.welcome()

    stand.write(stand.part(b"\x82\x03a\x00b", 0), stand.part(b"\x00", 0))

    assert punter.came() == b"\x82\x03a\x00b\x00"


def test_all_that_a_client_gets_leaves_at_once(stand: Stand) -> None:
    """On a socket of whole messages each send() is one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        stand.lines[ours.fileno()] = Line(ours)
        stand.loop.admit(ours.fileno())

        stand.write(*(Part(array("i", [ours.fileno()]), bytes([n])) for n in range(MOST_PARTS)))

        assert theirs.recv(1000) == bytes(range(MOST_PARTS))


def test_more_parts_than_one_run_has_room_for_keep_their_order(stand: Stand) -> None:
    for _ in range(3):
        stand.welcome()
    parts = [stand.part(b"%d;" % n, *{n % 3, (n + 1) % 3}) for n in range(3 * MOST_PARTS + 5)]

    assert stand.write(*parts) == []

    for who, punter in enumerate(stand.punters):
        assert punter.came() == b"".join(b"%d;" % n for n in range(3 * MOST_PARTS + 5) if who in {n % 3, (n + 1) % 3})


def test_what_a_socket_does_not_take_comes_back(stand: Stand) -> None:
    slow, quick = stand.welcome(), stand.welcome()
    large = os.urandom(3_000_000)

    [unsent] = stand.write(stand.part(b"first", 0), stand.part(large, 0), stand.part(b"last", 0, 1))

    assert unsent.fd == slow.fd
    assert 0 < unsent.sent < len(large)
    assert slow.came() + rest(unsent) == b"first" + large + b"last"
    assert quick.came() == b"last"


def test_what_a_full_socket_is_to_get_comes_back_whole(stand: Stand) -> None:
    full = stand.welcome()
    full.fill()

    [unsent] = stand.write(stand.part(b"one", 0), stand.part(b"two", 0))

    assert (unsent.fd, unsent.sent, rest(unsent)) == (full.fd, 0, b"onetwo")


def test_a_busy_socket_is_left_alone(stand: Stand) -> None:
    busy = stand.welcome()
    stand.loop.set_busy(busy.fd, busy=True)

    [unsent] = stand.write(stand.part(b"one", 0), stand.part(b"two", 0))
    assert (unsent.fd, unsent.sent, unsent.frames) == (busy.fd, 0, [b"one", b"two"])

    stand.loop.set_busy(busy.fd, busy=False)
    assert stand.write(stand.part(b"three", 0)) == []
    assert busy.came() == b"three"


def test_a_socket_whose_client_has_gone_is_told_apart_from_a_slow_one(stand: Stand) -> None:
    gone, here = stand.welcome(), stand.welcome()
    gone.end.close()

    [unsent] = stand.write(stand.part(b"one", 0, 1), stand.part(b"two", 0, 1))

    assert unsent.fd == gone.fd
    assert unsent.sent < 0
    assert here.came() == b"onetwo"


def test_a_descriptor_that_is_closed_is_dead(stand: Stand) -> None:
    closed = stand.welcome()
    stand.lines.pop(closed.fd)
    closed.sock.close()

    [unsent] = stand.write(stand.part(b"one", 0))

    assert unsent.sent < 0


def test_nothing_is_written_before_the_job_runs_and_after_its_time_no_more_than_a_few(stand: Stand) -> None:
    for _ in range(100):
        stand.welcome()
    job = stand.loop.begin([stand.part(b"one", *range(100)), stand.part(b"two", *range(50))])
    assert not any(punter.came() for punter in stand.punters)

    reached, came = [], [b""] * 100
    for _ in count():
        assert job.run(LONG_AGO) == []
        came = [before + punter.came() for before, punter in zip(came, stand.punters, strict=True)]
        reached.append(sum(map(bool, came)))
        if job.is_done:
            break

    assert reached[0] <= 16
    assert all(after - before <= 16 for before, after in pairwise(reached))
    assert came == [b"onetwo"] * 50 + [b"one"] * 50


def test_more_slow_sockets_than_one_run_tells_are_all_told(stand: Stand) -> None:
    stand.welcome()
    for fd in range(100_000, 100_000 + 2 * MOST_UNSENT + 3):
        stand.loop.admit(fd)
        stand.loop.set_busy(fd, busy=True)
    crowd = array("i", range(100_000, 100_000 + 2 * MOST_UNSENT + 3))

    unsent = stand.write(Part(crowd, b"one"), stand.part(b"two", 0))

    assert [one.fd for one in unsent] == list(crowd)
    assert stand.punters[0].came() == b"two"


def test_a_descriptor_beyond_all_before_it_is_admitted_and_who_is_busy_stays_busy(stand: Stand) -> None:
    busy, punter = stand.welcome(), stand.welcome()
    stand.loop.set_busy(busy.fd, busy=True)
    stand.loop.admit(50_000)
    stand.loop.set_busy(50_000, busy=True)

    unsent = stand.write(Part(array("i", [busy.fd, 50_000, punter.fd]), b"one"), stand.part(b"two", 0, 1))

    assert [(one.fd, rest(one)) for one in unsent] == [(busy.fd, b"onetwo"), (50_000, b"one")]
    assert punter.came() == b"onetwo"


def test_somebody_may_come_in_the_middle_of_a_job_whatever_their_descriptor(stand: Stand) -> None:
    for _ in range(40):
        stand.welcome()
    job = stand.loop.begin([stand.part(b"one", *range(40)), stand.part(b"two", *range(40))])
    job.run(LONG_AGO)

    stand.loop.admit(60_000)
    while not job.is_done:
        assert job.run(IN_A_WHILE) == []

    assert [punter.came() for punter in stand.punters] == [b"onetwo"] * 40
    assert stand.write(stand.part(b"three", 0), stand.part(b"four", 0)) == []
    assert stand.punters[0].came() == b"threefour"


def test_a_descriptor_that_is_used_again_is_not_busy(stand: Stand) -> None:
    before = stand.welcome()
    stand.loop.set_busy(before.fd, busy=True)
    before.close()

    after = stand.welcome()

    assert after.fd == before.fd
    assert stand.write(Part(array("i", [after.fd]), b"hello")) == []
    assert after.came() == b"hello"


messages = st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.sets(st.integers(0, 4))), max_size=150)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(written=messages, busy=st.sets(st.integers(0, 4)), full=st.sets(st.integers(0, 4)), hurried=st.booleans())
def test_whatever_is_written_what_came_and_what_came_back_is_all_of_it_in_order(
    kind: str, written: list[tuple[bytes, set[int]]], busy: set[int], full: set[int], hurried: bool
) -> None:
    stand = Stand(kind, clients=5)
    filled = {n: stand.punters[n].fill() for n in full}
    for n in busy:
        stand.loop.set_busy(stand.punters[n].fd, busy=True)
    job = stand.loop.begin([stand.part(frames, *receivers) for frames, receivers in written])

    kept = {punter.fd: b"" for punter in stand.punters}
    while not job.is_done:
        for unsent in job.run(LONG_AGO if hurried else IN_A_WHILE):
            kept[unsent.fd] += rest(unsent)

    for n, punter in enumerate(stand.punters):
        came = punter.came()[filled.get(n, 0) :]
        assert came + kept[punter.fd] == b"".join(frames for frames, receivers in written if n in receivers)
        assert not came or n not in busy | full
    stand.close()
