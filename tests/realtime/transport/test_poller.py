"""Whoever is always ready has the loop for a while, then the others: in turn, whoever comes first in epoll's eyes."""

import socket
from collections.abc import Iterator

import pytest

from racing.realtime.transport import poller
from racing.realtime.transport.poller import SLICE_S, Poller
from tests.realtime.transport.hub import StepHub


class Clock:
    """Stands for the poller's `time`: it goes on only by the work that is done."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class Flooder:
    """Always has something to read, and takes `takes_s` each time it may."""

    def __init__(self, clock: Clock, takes_s: float) -> None:
        self._clock, self._takes_s, self.turns = clock, takes_s, 0
        self.end, self._other = socket.socketpair()
        self._other.send(b"never read")

    def ready(self, events: int) -> None:
        self._clock.now += self._takes_s
        self.turns += 1

    def close(self) -> None:
        self.end.close()
        self._other.close()


class Failing(Flooder):
    """Cannot be served."""

    def ready(self, events: int) -> None:
        super().ready(events)
        raise ValueError("not to be served")


class Crowd:
    """Flooders, watched by a poller."""

    def __init__(self, clock: Clock) -> None:
        self.hub, self._clock = StepHub(), clock
        self.poller = Poller(self.hub)
        self.flooders: list[Flooder] = []
        self.hub.spawn(self.poller.run)
        self.hub.turn()

    def watch(self, *takes_s: float, kind: type[Flooder] = Flooder) -> None:
        for one in takes_s:
            flooder = kind(self._clock, one)
            self.flooders.append(flooder)
            self.poller.watch(flooder.end.fileno(), flooder)

    @property
    def turns(self) -> list[int]:
        return [flooder.turns for flooder in self.flooders]

    def close(self) -> None:
        for flooder in self.flooders:
            self.poller.forget(flooder.end.fileno())
            flooder.close()


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    """Nobody yet; time goes on by their work alone."""
    clock = Clock()
    monkeypatch.setattr(poller, "time", clock)
    crowd = Crowd(clock)
    yield crowd
    crowd.close()


def test_those_who_always_have_more_to_say_are_served_in_turn(crowd: Crowd) -> None:
    crowd.watch(*[SLICE_S] * 5)

    for turn in range(1, 31):
        crowd.hub.turn()

        assert sum(crowd.turns) == turn  # then the loop had its own
        assert max(crowd.turns) - min(crowd.turns) <= 1


def test_more_than_are_told_of_at_once_are_served_in_turn(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "MOST_AT_ONCE", 2)
    crowd.watch(*[SLICE_S] * 5)

    for _ in range(30):
        crowd.hub.turn()

    assert sum(crowd.turns) == 30
    assert max(crowd.turns) - min(crowd.turns) <= 1


def test_who_takes_long_does_not_take_the_turns_of_the_quick(crowd: Crowd) -> None:
    crowd.watch(10 * SLICE_S, *[SLICE_S / 4] * 8)

    for _ in range(40):
        crowd.hub.turn()
        assert max(crowd.turns) - min(crowd.turns) <= 1

    assert min(crowd.turns) >= 10


def test_the_loop_has_a_turn_after_every_slice(crowd: Crowd) -> None:
    crowd.watch(*[SLICE_S / 4] * 8)
    had: list[int] = []
    crowd.hub.turn()
    crowd.hub.call_later(0, lambda: had.append(sum(crowd.turns)))

    crowd.hub.turn()
    crowd.hub.turn()

    assert had == [8]
    assert crowd.turns == [1] * 8


def test_who_cannot_be_served_stops_nobody(crowd: Crowd) -> None:
    crowd.watch(SLICE_S)
    crowd.watch(SLICE_S, kind=Failing)
    crowd.watch(SLICE_S)

    for _ in range(30):
        crowd.hub.turn()

    assert crowd.turns == [10, 10, 10]


def test_who_is_forgotten_before_its_turn_has_none(crowd: Crowd) -> None:
    crowd.watch(*[SLICE_S] * 3)
    crowd.hub.turn()
    [first] = [flooder for flooder in crowd.flooders if flooder.turns]
    others = [flooder for flooder in crowd.flooders if flooder is not first]

    crowd.poller.forget(others[0].end.fileno())
    for _ in range(6):
        crowd.hub.turn()

    assert others[0].turns == 0
    assert others[1].turns >= 3
