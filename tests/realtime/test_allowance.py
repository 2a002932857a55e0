"""A token bucket for every connection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racing.realtime.allowance import Allowance

BURST, PER_SECOND = 5, 2.0


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def allowance(clock: Clock) -> Allowance:
    return Allowance(PER_SECOND, BURST, clock)


def test_a_burst_is_let_through_and_then_nothing(allowance: Allowance) -> None:
    assert [allowance.take("ann") for _ in range(BURST)] == [0] * BURST
    assert allowance.take("ann") == 500


def test_waiting_as_long_as_was_said_is_enough(allowance: Allowance, clock: Clock) -> None:
    allowance.take("ann", BURST)
    wait_ms = allowance.take("ann", 3)

    clock.now += wait_ms / 1000

    assert allowance.take("ann", 3) == 0


def test_what_is_refused_costs_nothing(allowance: Allowance, clock: Clock) -> None:
    allowance.take("ann", BURST)
    for _ in range(100):
        allowance.take("ann")
    clock.now += 0.5

    assert allowance.take("ann") == 0


def test_nobody_pays_for_another(allowance: Allowance) -> None:
    allowance.take("ann", BURST)

    assert allowance.take("bob", BURST) == 0


def test_what_costs_more_than_a_burst_takes_a_full_bucket(allowance: Allowance) -> None:
    assert allowance.take("ann", 10 * BURST) == 0
    assert allowance.take("ann") == 500


def test_a_connection_that_has_gone_is_forgotten(allowance: Allowance) -> None:
    allowance.take("ann", BURST)
    allowance.forget("ann")

    assert allowance.take("ann", BURST) == 0


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 2 * BURST)), max_size=60))
def test_no_connection_ever_gets_more_than_a_burst_and_the_rate(steps: list[tuple[float, int]]) -> None:
    clock = Clock()
    allowance = Allowance(PER_SECOND, BURST, clock)
    taken = 0
    for pause, cost in steps:
        clock.now += pause
        if allowance.take("ann", cost) == 0:
            taken += min(cost, BURST)

    assert taken <= BURST + PER_SECOND * (clock.now - Clock.now) + 1e-6
