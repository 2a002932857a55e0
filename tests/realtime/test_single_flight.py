"""One reading for all who ask while it is under way. The readings here wait in threads until they are let go."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from racing.realtime.single_flight import SingleFlight

WITHIN_S = 10.0


class Slow:
    """A reading that begins, waits to be let go, and finds the number of times it has begun, or raises."""

    def __init__(self) -> None:
        self.begun, self.go, self.waiting = (threading.Semaphore(0) for _ in range(3))
        self.raises: BaseException | None = None
        self._times, self._ticks = itertools.count(1), itertools.count()
        self.flights: SingleFlight[int] = SingleFlight(self._read, self.now, partial(Awaited, self.waiting))

    def now(self) -> float:
        return float(next(self._ticks))

    def _read(self, _key: str) -> int:
        number, raises = next(self._times), self.raises
        self.begun.release()
        come(self.go)
        if raises is not None:
            raise raises
        return number


class Awaited(Future[int]):
    """What a reading finds; it says when somebody waits for it."""

    def __init__(self, waiting: threading.Semaphore) -> None:
        super().__init__()
        self._waiting = waiting

    def result(self, timeout: float | None = None) -> int:
        self._waiting.release()
        return super().result(timeout)


Ask = Callable[[float], "Future[int]"]


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def ask(slow: Slow) -> Iterator[Ask]:
    """Ask in a thread of its own."""
    with ThreadPoolExecutor(max_workers=16) as threads:
        yield lambda not_before: threads.submit(slow.flights.get, "wexmoor", not_before)


def come(signal: threading.Semaphore, times: int = 1) -> None:
    """Wait for a signal that is certain to come."""
    for _ in range(times):
        assert signal.acquire(timeout=WITHIN_S)


def found(*asked: "Future[Any]") -> list[Any]:
    return [one.result(WITHIN_S) for one in asked]


def test_who_asks_during_a_reading_that_is_new_enough_shares_it(slow: Slow, ask: Ask) -> None:
    first = ask(0)
    come(slow.begun)
    others = [ask(0) for _ in range(5)]
    come(slow.waiting, 5)
    slow.go.release()

    assert found(first, *others) == [1] * 6


def test_who_came_too_late_for_it_waits_for_the_next_which_all_of_them_share(slow: Slow, ask: Ask) -> None:
    first = ask(0)
    come(slow.begun)
    late = [ask(slow.now()) for _ in range(5)]
    come(slow.waiting, 5)
    slow.go.release()
    come(slow.begun)
    come(slow.waiting, 4)
    slow.go.release()

    assert found(first, *late) == [1] + [2] * 5


def test_all_who_share_a_reading_are_told_that_it_failed(slow: Slow, ask: Ask) -> None:
    slow.raises = ValueError("the database is away")
    asked = [ask(0)]
    come(slow.begun)
    asked += [ask(0) for _ in range(3)]
    come(slow.waiting, 3)
    slow.go.release()

    for one in asked:
        with pytest.raises(ValueError, match="away"):
            one.result(WITHIN_S)


def test_the_failure_of_a_reading_that_began_too_early_is_not_theirs(slow: Slow, ask: Ask) -> None:
    slow.raises = ValueError("the database is away")
    first = ask(0)
    come(slow.begun)
    late = ask(slow.now())
    come(slow.waiting)
    slow.raises = None
    slow.go.release()
    come(slow.begun)
    slow.go.release()

    assert found(late) == [2]
    with pytest.raises(ValueError, match="away"):
        first.result(WITHIN_S)


def test_a_reader_that_is_ended_leaves_it_to_another(slow: Slow, ask: Ask) -> None:
    slow.raises = SystemExit()
    first = ask(0)
    come(slow.begun)
    other = ask(0)
    come(slow.waiting)
    slow.raises = None
    slow.go.release()
    come(slow.begun)
    slow.go.release()

    assert found(other) == [2]
    with pytest.raises(SystemExit):
        first.result(WITHIN_S)
