"""Which status of a race may follow which."""

import pytest

from racing.statuses import BEFORE_THE_OFF, CLOSING, ENDED, FOLLOWERS, RaceStatus, may_follow

S = RaceStatus


@pytest.mark.parametrize(
    ("status", "then"),
    [
        (S.DORMANT, S.PARADING), (S.DORMANT, S.OFF), (S.DORMANT, S.RESULT), (S.PARADING, S.GOINGDOWN),
        (S.GOINGDOWN, S.GOINGBEHIND), (S.GOINGBEHIND, S.ATTHEPOST), (S.ATTHEPOST, S.UNDERORDERS),
        (S.UNDERORDERS, S.OFF), (S.OFF, S.FINISHED), (S.FINISHED, S.PHOTOGRAPH), (S.PHOTOGRAPH, S.RESULT),
        (S.FINISHED, S.RESULT), (S.RESULT, S.WEIGHEDIN), (S.PARADING, S.DELAYED), (S.DELAYED, S.PARADING),
        (S.DELAYED, S.ATTHEPOST), (S.OFF, S.ABANDONED), (S.DORMANT, S.ABANDONED), (S.RESULT, S.RACEVOID),
        (S.PHOTOGRAPH, S.RACEVOID),
    ],
)  # fmt: skip
def test_a_race_goes_forward_and_may_skip_a_step(status: RaceStatus, then: RaceStatus) -> None:
    assert may_follow(status, then)


@pytest.mark.parametrize(
    ("status", "then"),
    [
        (S.OFF, S.PARADING), (S.PARADING, S.DORMANT), (S.RESULT, S.OFF), (S.RESULT, S.PHOTOGRAPH),
        (S.OFF, S.DELAYED), (S.DORMANT, S.FALSESTART), (S.FINISHED, S.FALSESTART), (S.DORMANT, S.WEIGHEDIN),
        (S.OFF, S.WEIGHEDIN), (S.RESULT, S.ABANDONED), (S.DELAYED, S.DORMANT),
    ],
)  # fmt: skip
def test_a_race_does_not_go_back_or_past_its_result(status: RaceStatus, then: RaceStatus) -> None:
    assert not may_follow(status, then)


@pytest.mark.parametrize("status", [S.OFF, S.UNDERORDERS])
def test_a_false_start_goes_back_to_the_post(status: RaceStatus) -> None:
    assert may_follow(status, S.FALSESTART)
    assert may_follow(S.FALSESTART, S.ATTHEPOST)
    assert may_follow(S.ATTHEPOST, S.OFF)


def test_a_false_start_does_not_go_back_to_the_paddock() -> None:
    assert not any(may_follow(S.FALSESTART, status) for status in (S.DORMANT, S.PARADING, S.GOINGDOWN, S.DELAYED))


@pytest.mark.parametrize("status", sorted(ENDED))
def test_a_race_that_has_ended_stays_as_it_is(status: RaceStatus) -> None:
    assert FOLLOWERS[status] == frozenset()
    assert status in CLOSING


@pytest.mark.parametrize("status", list(RaceStatus))
def test_no_status_follows_itself(status: RaceStatus) -> None:
    assert not may_follow(status, status)


@pytest.mark.parametrize("status", [status for status in RaceStatus if status not in CLOSING])
def test_a_race_without_a_result_can_always_be_given_up(status: RaceStatus) -> None:
    assert may_follow(status, S.RACEVOID)


@pytest.mark.parametrize("status", sorted(BEFORE_THE_OFF - {S.DELAYED}))
def test_a_delay_may_be_announced_at_any_moment_before_the_off(status: RaceStatus) -> None:
    assert may_follow(status, S.DELAYED)


def test_every_status_has_its_followers() -> None:
    assert FOLLOWERS.keys() == set(RaceStatus)
