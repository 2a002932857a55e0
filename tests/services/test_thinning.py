"""A thinned line is bounded, and whoever looks at it has missed no high, no low and not the end."""

from hypothesis import given
from hypothesis import strategies as st

from racing.services.thinning import MOST_STRETCHES, ThinnedLine, thinned

PRICES = st.one_of(st.none(), st.integers(101, 100_000))


def line_of(prices: list[int | None]) -> list[tuple[int, int | None]]:
    return [(1000 * place, price) for place, price in enumerate(prices)]


@given(st.lists(PRICES, min_size=1, max_size=3000))
def test_the_first_the_last_and_both_extremes_are_kept(prices: list[int | None]) -> None:
    kept = thinned(line_of(prices))

    assert len(kept) <= 5 * MOST_STRETCHES
    assert (kept[0].price, kept[-1].price) == (prices[0], prices[-1])
    offered = [price for price in prices if price is not None]
    assert {min(offered, default=None), max(offered, default=None)} <= {point.price for point in kept} | {None}


@given(st.lists(PRICES, min_size=1, max_size=3000))
def test_what_is_kept_happened_in_that_order(prices: list[int | None]) -> None:
    kept = thinned(line_of(prices))

    assert [point.place for point in kept] == sorted({point.place for point in kept})
    assert all((point.at, point.price) == (1000 * point.place, prices[point.place]) for point in kept)
    if None in prices:
        assert None in [point.price for point in kept]


@given(st.lists(PRICES, max_size=1000), st.lists(PRICES, max_size=1000))
def test_a_line_looked_at_in_between_is_the_same_line(morning: list[int | None], noon: list[int | None]) -> None:
    line, rows = ThinnedLine(), line_of([*morning, *noon])
    for at, price in rows[: len(morning)]:
        line.add(at, price)
    line.points()
    for at, price in rows[len(morning) :]:
        line.add(at, price)

    assert line.points() == thinned(rows)


def test_a_quiet_day_is_kept_whole() -> None:
    rows = line_of([200 + place % 7 for place in range(2 * MOST_STRETCHES)])

    assert [(point.at, point.price) for point in thinned(rows)] == rows
