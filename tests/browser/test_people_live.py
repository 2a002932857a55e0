"""A horse's page, and what a reader watches of horses and people: their prices move as those of lists do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import RACE, quote, sign_in
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak


def declare(server: RunningServer) -> None:
    """Put a race on the site that is off in an hour; the same man trains both of its horses."""
    off = datetime.now(UTC) + timedelta(hours=1)
    runners = [
        {"runnerId": number, "number": number, "name": f"Horse {name}", "trainer": "Tom Dreaper"}
        for number, name in (("1", "One"), ("2", "Two"))
    ]
    card = {"raceId": RACE, "course": "Wexmoor", "title": "The Harbour Lights Stakes", "runners": runners}
    assert server.api("POST", "/races", {**card, "offTime": f"{off:%Y-%m-%dT%H:%M:%SZ}"}).status_code == 201
    quote(server, r1=2.5, r2=4)


def price(page: Page, runner: str) -> Any:
    return page.locator(f'[data-live-run] .price[data-runner-id="{runner}"]')


def test_prices_on_a_trainer_s_page_move_and_a_withdrawal_is_told(server: RunningServer, page: Page) -> None:
    declare(server)
    page.goto(f"{server.url}/trainers/tom-dreaper")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")

    quote(server, r1=2.25, r2=5)
    expect(price(page, "1")).to_have_attribute("data-price", "2.25")
    expect(price(page, "2")).to_have_attribute("data-price", "5.00")
    quote(server, "kestrel", r1=3)
    expect(price(page, "1")).to_have_attribute("data-price", "3.00")
    assert server.api("POST", f"/races/{RACE}/runners/1/withdraw", {}).ok

    expect(page.locator(".runs li").first).to_contain_text("non-runner", timeout=15_000)
    expect(price(page, "1")).to_have_count(0)
    quote(server, r2=6)
    expect(price(page, "2")).to_have_attribute("data-price", "6.00")


def test_a_watched_horse_s_best_price_moves_beside_the_race_it_runs_in(server: RunningServer, page: Page) -> None:
    declare(server)
    sign_in(page, server, "/horses/horse-one")
    page.get_by_role("button", name="Watch").click()
    expect(page.get_by_role("button", name="Watching")).to_be_visible()
    page.goto(f"{server.url}/races/{RACE}")
    page.get_by_role("button", name="Watch").first.click()
    expect(page.get_by_role("button", name="Watching")).to_be_visible()
    page.goto(f"{server.url}/my")
    expect(price(page, "1")).to_have_attribute("data-price", "2.50")

    quote(server, r1=2.25)

    expect(price(page, "1")).to_have_attribute("data-price", "2.25")
    # The race's own line is of the same race, and moves as well.
    expect(page.locator("[data-live-line] .price")).to_have_attribute("data-price", "2.25")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
