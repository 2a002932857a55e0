"""A whole day of races stays open on a phone all afternoon: it takes little of the processor while prices move."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.every_page import DESK, PHONE, visitor
from tests.browser.moving_day import A_DAY, MOVING, cost_of, declare_day, moving_prices
from tests.browser.shots import empty_database
from tests.support.servers import RunningServer

pytestmark = [pytest.mark.soak, pytest.mark.alone]

WATCHED_S = 30
MOST_PERCENT = 5


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server on which ten of forty races move once a second."""
    folder = tmp_path_factory.mktemp("moving")
    with RunningServer(empty_database(folder), folder) as server:
        declare_day(server)
        with moving_prices(server):
            yield server


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_forty_races_of_which_ten_move_take_less_than_a_twentieth_of_a_core(
    size: Any, moving: RunningServer, browser: Browser
) -> None:
    with visitor(browser, moving, "nobody", viewport=size) as page:
        page.goto(moving.url)
        expect(page.locator("[data-live-line]")).to_have_count(A_DAY)
        expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")

        cost = cost_of(page, WATCHED_S)

    print({name: round(value, 2) for name, value in cost._asdict().items()})
    assert cost.moves > MOVING / 2, "the prices on the page did not move"
    assert cost.main < MOST_PERCENT
