"""What operators can count of a worker's doings is what it did."""

import pytest

from racing import metrics
from racing.realtime.lag import EVERY_S, LoopLag
from tests.realtime.counted import counted
from tests.realtime.stand import Stand
from tests.realtime.test_workers_together import RACE, Team

LATENCY = "racing_publish_to_send_seconds"


@pytest.fixture
def followed(stand: Stand) -> Stand:
    """A worker with one follower, whose race was published just now."""
    stand.follow("ayr")
    stand.price("ayr")
    stand.step_to(0)
    return stand


def test_changes_that_left_inside_a_later_one_are_conflated(followed: Stand) -> None:
    with counted() as counts:
        for _ in range(3):
            followed.price("ayr")
        followed.step_to(2)

    assert counts("racing_published_total", cause="change") == 1
    assert counts("racing_conflated_total") == 2


def test_a_change_that_leaves_alone_is_conflated_with_nothing(stand: Stand) -> None:
    stand.follow("ayr")
    with counted() as counts:
        stand.price("ayr")
        stand.step_to(0)

    assert counts("racing_conflated_total") == 0


def test_the_wait_of_the_oldest_change_is_measured(followed: Stand) -> None:
    followed.step_to(0.25)
    with counted() as counts:
        followed.price("ayr")
        followed.step_to(0.5)
        followed.price("ayr")
        followed.step_to(2)

    assert counts(f"{LATENCY}_count", way="published") == 1
    assert counts(f"{LATENCY}_sum", way="published") == pytest.approx(0.75)


def test_each_broadcast_is_measured_from_its_own_first_change(followed: Stand) -> None:
    with counted() as counts:
        for second in (2, 4, 6):
            followed.step_to(second)
            followed.price("ayr")
            followed.step_to(second + 0.1)

    assert counts(f"{LATENCY}_count", way="published") == 3
    assert counts(f"{LATENCY}_sum", way="published") == pytest.approx(0)


def test_of_two_workers_one_publishes_and_one_relays_and_a_change_is_conflated_once() -> None:
    team = Team()
    team.workers[0].price(RACE)
    team.step_to(0)
    with counted() as counts:
        for _ in range(3):
            team.workers[0].price(RACE)
        team.step_to(2)

    assert counts("racing_published_total", cause="change") == 1
    assert counts("racing_relayed_total") == 1
    assert counts("racing_conflated_total") == 2
    assert counts(f"{LATENCY}_count", way="published") == 1
    assert counts(f"{LATENCY}_count", way="relayed") == 1
    assert counts(f"{LATENCY}_sum", way="relayed") == pytest.approx(1)


def test_a_worker_that_stands_still_says_for_how_long() -> None:
    now = [0.0]
    late = iter([0.0, 0.75, 0.0])

    def sleep(seconds: float) -> None:
        now[0] += seconds + next(late)

    lag = LoopLag(sleep, lambda: now[0])
    with counted() as counts:
        for _ in range(3):
            lag.measure()

    assert counts("racing_loop_lag_seconds_count") == 3
    assert counts("racing_loop_lag_seconds_sum") == pytest.approx(0.75)
    assert metrics.total(metrics.LOOP_LAG_WORST) == pytest.approx(0.75)


def test_a_worst_lag_is_forgotten_after_ten_seconds() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds + (0.75 if now[0] == 0 else 0)

    lag = LoopLag(sleep, lambda: now[0])
    while now[0] < 10 + 0.75 + 2 * EVERY_S:
        lag.measure()

    assert metrics.total(metrics.LOOP_LAG_WORST) == pytest.approx(0)


def test_a_total_is_over_all_labels() -> None:
    before = metrics.total(metrics.REFUSED_EVENTS)
    metrics.REFUSED_EVENTS.labels("unknown_race").inc(2)
    metrics.REFUSED_EVENTS.labels("rate_limited").inc()

    assert metrics.total(metrics.REFUSED_EVENTS) - before == 3
