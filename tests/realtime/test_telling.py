"""When users are told: each second, in portions while there is more; trouble waits for the next second."""

import pytest

from racing.realtime.telling import Telling


def test_what_is_left_over_is_due_at_once() -> None:
    portions = [True, True, False]
    telling = Telling(lambda: portions.pop(0))
    telling.do_due()
    assert len(portions) == 3  # nothing is known to be due: the look of each second finds it

    telling.poll()
    assert telling.due_in() == 0
    telling.do_due()
    assert telling.due_in() == 0
    telling.do_due()

    assert (portions, telling.due_in()) == ([], None)


def test_a_database_that_is_away_is_not_asked_again_at_once() -> None:
    is_away = False

    def tell_due() -> bool:
        if is_away:
            raise ConnectionError("the database is away")
        return True

    telling = Telling(tell_due)
    telling.poll()
    is_away = True

    with pytest.raises(ConnectionError):
        telling.do_due()

    assert telling.due_in() is None
