"""The words pages tell races in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from racing.services.thinning import Point
from racing.statuses import RaceStatus
from racing.views import forms, words
from racing.views.result_lines import ordinal
from racing.views.sparklines import STRETCHES, sparkline

OFF = datetime(2026, 7, 24, 14, 5, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (252, "4:12"), (7500, "2 h 05"), (90_000, "Fri 24 Jul"), (0, "Due off"), (-5, "Due off"),
        (-180 * 60 + 0.5, "Due off"), (-180 * 60, "No result"), (210 * 86_400, "Fri 24 Jul 2026"),
    ],
)  # fmt: skip
def test_a_countdown_says_as_much_as_matters(seconds: float, told: str) -> None:
    assert words.countdown(OFF, OFF - timedelta(seconds=seconds), LONDON) == told


def test_the_head_of_a_race_speaks_the_course_s_time() -> None:
    before = OFF - timedelta(seconds=252)
    assert words.off_line(RaceStatus.GOINGDOWN, OFF, None, before, LONDON) == ("4:12", "to the off · going down")
    assert words.off_line(RaceStatus.OFF, OFF, OFF, OFF, LONDON) == ("Off", "off at 15:05")
    assert words.off_line(RaceStatus.ABANDONED, OFF, None, before, LONDON) == ("Abandoned", "")


def test_every_status_has_a_word() -> None:
    assert set(words.STATUS_WORDS) == set(RaceStatus)


@pytest.mark.parametrize(
    ("price", "typed"),
    [("3.75", "11/4"), ("2", "Evens"), ("4.33", "10/3"), ("13.93", "13.93"), ("1.01", "1/100"), (None, "")],
)
def test_a_price_is_offered_as_a_trader_types_it_and_comes_back_the_same(price: str | None, typed: str) -> None:
    exact = Decimal(price) if price else None
    assert words.as_typed(exact) == typed
    assert forms.typed_price(typed) == exact


def test_a_sparkline_is_bounded_and_goes_up_as_the_price_shortens() -> None:
    rising = [Point(0, 1_784_901_900_000, 500), Point(1, 1_784_901_910_000, 250)]
    assert sparkline(rising).path == "M0,25.0 H82.0 V3.0 H88"
    long = [Point(n, 1000 * n, 100 * (2 + n % 7)) for n in range(5000)]
    assert 0 < len(sparkline(long).points.split()) <= 4 * STRETCHES
    assert sparkline([]).path == ""


def test_places_are_counted() -> None:
    assert [ordinal(place) for place in (1, 2, 3, 11, 21, None)] == ["1st", "2nd", "3rd", "11th", "21st", "placed"]


@pytest.mark.parametrize(
    ("percent", "told"),
    [(96.25, "96.3%"), (0.25, "0.3%"), (100.05, "100.0%"), (112.449, "112.4%"), (None, words.NO_PRICE)],
)
def test_a_book_percentage_is_rounded_as_the_script_rounds_it(percent: float | None, told: str) -> None:
    assert words.percent(percent) == told
