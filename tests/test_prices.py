"""How a price is read, written and added up."""

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racing import prices
from racing.errors import InvalidInput

# Tattersalls Rule 4(c), as in DESIGN, section 8: the shortest and the longest price of a band, and its pence.
RULE4_TABLE = [
    ("1/100", "1/9", 90), ("2/17", "2/11", 85), ("1/5", "1/4", 80), ("2/7", "3/10", 75), ("1/3", "2/5", 70),
    ("4/9", "8/15", 65), ("4/7", "8/13", 60), ("4/6", "4/5", 55), ("5/6", "20/21", 50), ("evens", "6/5", 45),
    ("5/4", "6/4", 40), ("13/8", "7/4", 35), ("15/8", "9/4", 30), ("5/2", "3/1", 25), ("10/3", "4/1", 20),
    ("9/2", "11/2", 15), ("6/1", "9/1", 10),
]  # fmt: skip
on_scale = st.integers(101, 100_000).map(lambda hundredths: Decimal(hundredths) / 100)
ladder_places = st.integers(0, len(prices.LADDER) - 1)


@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("evens", "2"), ("EVS", "2"), ("even", "2"), ("100/30", "4.33"), ("10/3", "4.33"), ("11-4", "3.75"),
        ("3.75", "3.75"), (" 11/4 ", "3.75"), ("11 / 4", "3.75"), ("4/6", "1.67"), ("1.01", "1.01"),
        ("1000", "1000"), ("999/1", "1000"), ("1/100", "1.01"), ("2.50", "2.5"),
    ],
)  # fmt: skip
def test_a_price_is_read_as_a_trader_types_it(written: str, price: str) -> None:
    assert prices.parse(written) == Decimal(price)


@pytest.mark.parametrize(
    "written",
    ["0", "1.00", "1", "1.005", "1001", "1000.01", "NaN", "inf", "abc", "", "2.00001", "3.755", "1/0", "0/1", "0/0",
     "-1", "-2.5", "1e3", "11/4/2", "11//4", "2,50", "+2", "1/201", "1000/1", "99999999999", "9" * 400],
)  # fmt: skip
def test_what_is_no_price_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        prices.parse(written)

    assert refusal.value.message.endswith(".")
    assert len(refusal.value.message) < 120


def test_prices_and_books_are_read_as_the_script_of_the_desk_reads_them() -> None:
    cases = json.loads((Path(__file__).parent / "js" / "typed_prices.json").read_text())

    assert cases["ladder"] == [[text, round(float(odds), 6)] for text, odds in prices.LADDER]
    for written, stood, price in cases["typed"]:
        stands = None if stood is None else Decimal(str(stood))
        if price is None:
            with pytest.raises(InvalidInput):
                prices.parse(written, stands)
        else:
            assert float(prices.parse(written, stands)) == price, written
    for book, percent in cases["books"]:
        assert float(prices.overround(Decimal(str(price)) for price in book) or 0) == percent


@given(on_scale, st.integers(-9, 9))
def test_a_step_goes_along_the_ladder_from_the_price_that_stands(stood: Decimal, steps: int) -> None:
    place = max(0, min(prices.nearest_step(stood) + steps, len(prices.LADDER) - 1))

    assert prices.parse(f"{steps:+d}", stood) == prices.of_step(place)


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-Infinity", "sNaN", "1E+900", "1.001", "0", "-3"])
def test_no_price_off_the_scale_passes_the_check(price: str) -> None:
    with pytest.raises(InvalidInput):
        prices.check(Decimal(price))


@pytest.mark.parametrize(
    ("price", "fraction"),
    [
        ("1.67", "4/6"), ("2.5", "6/4"), ("2", "Evens"), ("3.75", "11/4"), ("4.33", "10/3"), ("13.93", "12/1"),
        ("14", "14/1"), ("1.01", "1/100"), ("1000", "200/1"), ("1.92", "10/11"), ("34", "33/1"), ("2.51", "6/4"),
    ],
)  # fmt: skip
def test_a_price_shows_as_the_nearest_fraction_a_bookmaker_chalks_up(price: str, fraction: str) -> None:
    assert prices.fractional(Decimal(price)) == fraction


@pytest.mark.parametrize(
    ("price", "american"),
    [
        ("3.75", "+275"),
        ("2", "+100"),
        ("1.67", "-149"),
        ("1.4", "-250"),
        ("1.01", "-10000"),
        ("1000", "+99900"),
        ("1.32", "-313"),
    ],
)
def test_a_price_is_written_as_american_odds(price: str, american: str) -> None:
    assert prices.american(Decimal(price)) == american


def test_the_ladder_gets_longer_with_every_step() -> None:
    assert all(shorter < longer for (_, shorter), (_, longer) in pairwise(prices.LADDER))


def test_nearest_is_measured_by_ratio_not_by_difference() -> None:
    # Between 150/1 and 200/1 the middle by difference is 175, by ratio 173.2.
    assert prices.fractional(Decimal("174.9")) == "200/1"
    assert prices.fractional(Decimal("174")) == "150/1"


@given(ladder_places)
def test_every_step_of_the_ladder_survives_being_read_and_shown(place: int) -> None:
    written, _ = prices.LADDER[place]

    assert prices.fractional(prices.parse(written)) == written
    assert prices.of_step(place) == prices.parse(written)
    assert prices.nearest_step(prices.of_step(place)) == place


@given(on_scale, on_scale)
def test_a_longer_price_never_shows_as_a_shorter_fraction(one: Decimal, other: Decimal) -> None:
    shorter, longer = sorted((one, other))

    assert prices.nearest_step(shorter) <= prices.nearest_step(longer)


@given(on_scale)
def test_every_price_on_the_scale_is_read_back_as_it_is_written(price: Decimal) -> None:
    assert prices.parse(str(price)) == price


@pytest.mark.parametrize(("shortest", "longest", "pence"), RULE4_TABLE)
def test_rule_4_takes_the_pence_of_the_band_at_both_its_ends(shortest: str, longest: str, pence: int) -> None:
    assert prices.rule4([prices.parse(shortest)]) == pence
    assert prices.rule4([prices.parse(longest)]) == pence


@pytest.mark.parametrize("withdrawn", ["10/1", "11/1", "12/1", "14/1"])
def test_rule_4_of_5_pence_alone_is_waived_but_counts_with_others(withdrawn: str) -> None:
    price = prices.parse(withdrawn)

    assert prices.rule4([price]) == 0
    assert prices.rule4([price, price]) == 10
    assert prices.rule4([price, Decimal(2)]) == 50


def test_a_withdrawn_outsider_costs_nothing() -> None:
    assert prices.rule4([prices.parse("16/1")]) == 0
    assert prices.rule4([prices.parse("200/1"), Decimal(2)]) == 45
    assert prices.rule4([]) == 0


def test_rule_4_deductions_add_up_but_never_over_90_pence() -> None:
    assert prices.rule4([prices.parse("3/1"), prices.parse("4/1")]) == 45
    assert prices.rule4([prices.parse("4/6"), prices.parse("6/4")]) == 90
    assert prices.rule4([prices.parse("1/9"), prices.parse("evens")]) == 90


def test_rule_4_snaps_a_price_off_the_ladder_first() -> None:
    # 3.97 to one lies next to 4/1 (20p), 13.93 next to 14/1 as odds to one (5p, waived).
    assert prices.rule4([Decimal("4.97")]) == 20
    assert prices.rule4([Decimal("14.93")]) == 0


@given(ladder_places, ladder_places)
def test_the_shorter_the_withdrawn_runner_the_more_rule_4_takes(one: int, other: int) -> None:
    shorter, longer = sorted((one, other))

    assert prices.rule4([prices.of_step(shorter)]) >= prices.rule4([prices.of_step(longer)])


@pytest.mark.parametrize(
    ("runners", "handicap", "terms"),
    [
        (1, False, (1, None)), (4, False, (1, None)), (4, True, (1, None)),
        (5, False, (2, "1/4")), (7, False, (2, "1/4")), (7, True, (2, "1/4")),
        (8, False, (3, "1/5")), (8, True, (3, "1/5")), (11, True, (3, "1/5")), (40, False, (3, "1/5")),
        (12, True, (3, "1/4")), (15, True, (3, "1/4")), (16, True, (4, "1/4")), (40, True, (4, "1/4")),
    ],
)  # fmt: skip
def test_each_way_terms_follow_the_field(runners: int, handicap: bool, terms: tuple[int, str | None]) -> None:
    assert prices.each_way(runners, handicap=handicap) == terms


def test_the_overround_is_what_the_chances_of_the_book_add_up_to() -> None:
    book = [prices.parse(odds) for odds in ("6/4", "2/1", "3/1", "4/1", "7/1")]

    # 40 + 33.33 + 25 + 20 + 12.5; the 125.83 of DESIGN is a slip of the pen.
    assert prices.overround(book) == Decimal("130.83")


def test_a_fair_book_is_100_percent_and_an_empty_one_none() -> None:
    assert prices.overround([Decimal(2), Decimal(2)]) == 100
    assert prices.overround([]) is None
