"""The price chart as the server draws it, for a page without scripts."""

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from racing.services import movements, odds, racecards, races
from racing.services.thinning import Point
from racing.statuses import RaceStatus
from racing.views.chart_drawing import Drawing, drawing
from racing.views.sparklines import sparkline
from tests.factories import RACE, a_race, quotes

MORNING = datetime(2030, 6, 1, 8, 0, tzinfo=UTC)


def a_moving_race(runners: int, *prices: dict[str, str | None]) -> None:
    """Put a race on the site whose prices move every half hour from the morning on."""
    a_race(runners=runners)
    for place, moved in enumerate(prices):
        odds.change_prices(RACE, quotes(moved), None, at=MORNING + timedelta(minutes=30 * place))


def drawn() -> Drawing:
    chart = movements.chart(RACE)
    found = drawing(racecards.card(RACE), chart)
    assert found is not None
    return found


def heights(path: str) -> list[float]:
    return [float(y) for y in re.findall(r"(?:V|,)([\d.]+)", path)]


def test_up_is_shorter_and_the_prices_beside_it_are_where_the_lines_are(app: Flask) -> None:
    a_moving_race(2, {"1": "4", "2": "9"}, {"1": "2"})

    found = drawn()

    high = {cell.fractional: y for y, cell in found.prices}
    assert heights(found.lines[0].path) == [high["3/1"], high["Evens"]]
    assert [line.runner.name for line in found.lines] == ["Horse 1", "Horse 2"]


def test_the_six_shortest_are_drawn_those_never_priced_are_not(app: Flask) -> None:
    a_moving_race(9, {str(n): str(20 - n) for n in range(1, 9)})

    assert [line.runner.runner_id for line in drawn().lines] == ["8", "7", "6", "5", "4", "3"]
    assert [line.tone for line in drawn().lines] == [1, 2, 3, 4, 5, 6]


def test_a_line_ends_where_its_horse_comes_out_and_that_is_marked(app: Flask) -> None:
    a_moving_race(2, {"1": "4", "2": "9"})
    races.withdraw(RACE, "2", None, MORNING + timedelta(hours=1))
    odds.change_prices(RACE, quotes({"1": "3"}), None, at=MORNING + timedelta(hours=2))

    found = drawn()

    assert [(mark.clock, mark.words, mark.x) for mark in found.marks] == [("10:00", "Horse 2 out", 50.0)]
    assert {line.runner.runner_id: line.path[-5:] for line in found.lines}["2"].endswith("H50.0")


def test_what_happens_in_running_is_not_drawn(app: Flask) -> None:
    a_moving_race(2, {"1": "4", "2": "9"}, {"1": "3.5"})
    races.change_status(RACE, RaceStatus.OFF, None, MORNING + timedelta(hours=4))
    odds.change_prices(RACE, quotes({"1": "900", "2": "1.01"}), None, at=MORNING + timedelta(hours=4, minutes=1))

    found = drawn()

    assert [mark.words for mark in found.marks] == ["Off"]
    assert found.marks[0].x == 100.0
    assert len(heights(found.lines[0].path)) == 2


def test_times_are_the_courses(app: Flask) -> None:
    a_moving_race(1, *({"1": price} for price in ("4", "5", "6", "5", "4")))

    assert [clock for _, clock in drawn().times] == ["09:30", "10:00", "10:30"]


def test_a_race_without_prices_says_so(client: FlaskClient) -> None:
    a_race()

    page = client.get(f"/races/{RACE}").text

    assert re.search(r"data-chart-none>No price yet", page)
    assert "data-chart-drawn hidden" in page


def test_the_page_draws_the_chart_and_leads_to_the_whole_history(client: FlaskClient) -> None:
    a_race(prices={"1": "4", "2": "9"})

    page = client.get(f"/races/{RACE}").text

    assert 'class="tone-2" d="M' in page
    assert f'href="/races/{RACE}/history.csv"' in page
    assert f'href="/races/{RACE}/history.json"' in page


def test_a_sparkline_of_a_busy_day_shows_its_high_and_its_low(app: Flask) -> None:
    a_race(runners=1)
    prices = [300 + place % 5 for place in range(400)]
    prices[123], prices[321] = 150, 9000
    day = [Point(place, 1000 * place, price) for place, price in enumerate(prices)]

    points = [float(point.split(":")[1]) for point in sparkline(day).points.split()]

    assert len(points) <= 60
    assert (max(points), min(points)) == (66.67, 1.11)
