"""When users are told: each second, in portions while there is more; trouble waits for the next second."""

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from racing.realtime.loop import BREATH_S
from racing.realtime.telling import LONGEST_S, LOOK_ROUND_S, Telling


class TheEnd(Exception):  # of a process, not an error
    """What ends a greenlet that tells as long as its process lasts."""


def test_what_is_left_over_is_told_at_once_but_others_have_their_turn() -> None:
    portions, slept = [True, True, False, False], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if not portions:
            raise TheEnd

    with pytest.raises(TheEnd):
        Telling(lambda: portions.pop(0)).run(sleep)

    assert slept == [BREATH_S, BREATH_S, LOOK_ROUND_S, LOOK_ROUND_S]
    assert BREATH_S > 0  # a sleep of no time may let nobody else run


def test_a_database_that_is_away_is_asked_again_in_a_second() -> None:
    def tell_due() -> bool:
        raise ConnectionError("the database is away")

    with capture_logs() as logged:
        assert Telling(tell_due).step() == LOOK_ROUND_S

    assert [entry["event"] for entry in logged] == ["telling users what they watch failed; it goes on"]


def test_a_database_that_has_gone_without_a_word_is_given_up() -> None:
    def gives_up(_do: Callable[[], Any], seconds: float) -> Any:
        raise TimeoutError(f"no answer within {seconds} s")

    telling = Telling(lambda: True, gives_up)

    assert LONGEST_S > LOOK_ROUND_S
    assert telling.step() == LOOK_ROUND_S
