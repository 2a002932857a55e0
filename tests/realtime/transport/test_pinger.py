"""Every session is asked once an interval whether it is there, and given up where it does not answer in time."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racing.realtime.transport.pinger import Asked, Pinger

INTERVAL_S = 25.0  # a tick is a second then
TIMEOUTS_S = [25.0, 40.0, 100.0]  # shorter than the interval, and longer: the wheel turns once or several times


class Punter:
    """A session that notes what it hears."""

    def __init__(self) -> None:
        self.slot, self.pinged, self.pings = -1, False, 0

    def ping(self) -> None:
        self.pings += 1
        self.pinged = True


class Stand:
    """A pinger, and whom it has given up."""

    def __init__(self, timeout_s: float) -> None:
        self.given_up: list[Asked] = []
        self.pinger = Pinger(INTERVAL_S, timeout_s, self.given_up.append)
        assert self.pinger.tick_s == 1.0
        self.interval, self.timeout = round(INTERVAL_S), round(timeout_s) + 1  # it may begin at the end of a tick

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.pinger.tick()


@pytest.fixture(params=TIMEOUTS_S)
def stand(request: pytest.FixtureRequest) -> Stand:
    return Stand(request.param)


@pytest.fixture
def punter(stand: Stand) -> Iterator[Punter]:
    """Somebody who has just connected, and has not been asked anything."""
    punter = Punter()
    stand.pinger.begin(punter)
    yield punter
    assert (punter.slot >= 0) != (punter in stand.given_up)


def test_a_session_is_asked_after_an_interval_and_not_before(stand: Stand, punter: Punter) -> None:
    stand.tick(stand.interval - 1)
    assert punter.pings == 0

    stand.tick()

    assert punter.pings == 1


def test_a_session_that_does_not_answer_is_given_up_after_the_timeout_and_not_before(
    stand: Stand, punter: Punter
) -> None:
    stand.tick(stand.interval + stand.timeout - 1)
    assert stand.given_up == []

    stand.tick()

    assert stand.given_up == [punter]
    assert punter.pings == 1


def test_a_session_that_was_given_up_is_left_alone(stand: Stand, punter: Punter) -> None:
    stand.tick(10 * (stand.interval + stand.timeout))

    assert stand.given_up == [punter]
    assert punter.pings == 1


def test_a_session_that_answers_is_asked_for_ever(stand: Stand, punter: Punter) -> None:
    for asked in range(1, 20):
        stand.tick(stand.interval)
        assert punter.pings == asked
        stand.tick(stand.timeout - 1)
        stand.pinger.begin(punter)

    assert stand.given_up == []


def test_a_session_that_has_ended_is_not_asked(stand: Stand) -> None:
    gone = Punter()
    stand.pinger.begin(gone)

    stand.pinger.end(gone)
    stand.pinger.end(gone)

    stand.tick(stand.interval + stand.timeout)
    assert (gone.pings, stand.given_up) == (0, [])


@pytest.mark.parametrize(("interval_s", "timeout_s"), [(25.0, 20.0), (1.0, 1.0), (300.0, 5.0), (1.0, 60.0)])
def test_a_tick_is_a_second_at_most_and_a_small_part_of_either_time(interval_s: float, timeout_s: float) -> None:
    tick_s = Pinger(interval_s, timeout_s, print).tick_s

    assert tick_s <= 1.0
    assert tick_s <= interval_s / 25
    assert tick_s <= timeout_s / 25


class Expected:
    """What a pinger does, without a wheel: for each session how many ticks are left, and of what."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self.left: dict[int, int] = {}
        self.asked: dict[int, int] = {}
        self.waits: set[int] = set()
        self.given_up: list[int] = []

    def begin(self, who: int) -> None:
        self.left[who] = self._stand.interval
        self.waits.discard(who)

    def end(self, who: int) -> None:
        self.left.pop(who, None)

    def tick(self) -> None:
        for who in list(self.left):
            self.left[who] -= 1
            if self.left[who]:
                continue
            if who in self.waits:
                self.given_up.append(who)
                del self.left[who]
            else:
                self.asked[who] = self.asked.get(who, 0) + 1
                self.waits.add(who)
                self.left[who] = self._stand.timeout


steps = st.lists(
    st.tuples(st.just("tick"), st.integers(1, 30)) | st.tuples(st.sampled_from(("begin", "end")), st.integers(0, 4)),
    max_size=60,
)


@given(steps, st.sampled_from(TIMEOUTS_S))
def test_the_wheel_does_what_counting_for_each_session_would(taken: list[tuple[str, int]], timeout_s: float) -> None:
    stand, punters = Stand(timeout_s), [Punter() for _ in range(5)]
    expected = Expected(stand)

    for step, number in taken:
        if step == "tick":
            stand.tick(number)
            for _ in range(number):
                expected.tick()
        else:
            getattr(stand.pinger, step)(punters[number])
            getattr(expected, step)(number)

    assert {n: punter.pings for n, punter in enumerate(punters) if punter.pings} == expected.asked
    assert {id(session) for session in stand.given_up} == {id(punters[n]) for n in expected.given_up}
    assert len(stand.given_up) == len(expected.given_up)
