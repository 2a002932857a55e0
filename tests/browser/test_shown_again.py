"""A page shown again: it has the prices that were seen last, and does not call them live."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import badge, open_live, price_of, quote
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak


def test_the_way_back_shows_the_prices_seen_last_without_a_server(server: RunningServer, race: str, page: Any) -> None:
    open_live(page, server)
    quote(server, r1=3.5)
    quote(server, "exchange", r2=5)
    expect(price_of(page, "1")).to_have_attribute("data-price", "3.50")
    expect(price_of(page, "2", "exchange")).to_have_attribute("data-price", "5.00")
    page.get_by_role("link", name="News", exact=True).click()
    expect(page).to_have_url(re.compile("/news"))
    server.kill()

    page.go_back()

    # The browser has the page as it was drawn at first; the tab has the board as it was seen last.
    assert page.evaluate("JSON.parse(document.querySelector('script[data-held]').textContent).version") == 1
    expect(price_of(page, "1")).to_have_attribute("data-price", "3.50")
    expect(price_of(page, "2", "exchange")).to_have_attribute("data-price", "5.00")
    expect(badge(page)).not_to_contain_text("Live")
    expect(badge(page)).to_contain_text(re.compile("Connecting|Offline"))
    expect(page.locator("[data-race-page]")).to_have_attribute("data-freshness", "stale")

    page.context.set_offline(True)
    server.start()
    quote(server, r1=4)
    page.context.set_offline(False)
    expect(price_of(page, "1")).to_have_attribute("data-price", "4.00")
    expect(badge(page)).to_contain_text("Live")
    expect(page.locator("[data-race-page]")).to_have_attribute("data-freshness", "fresh")


def test_a_kept_board_of_a_race_that_had_this_id_before_is_not_shown(
    server: RunningServer, race: str, page: Any
) -> None:
    open_live(page, server)
    quote(server, r1=3.5)
    expect(price_of(page, "1")).to_have_attribute("data-price", "3.50")
    page.get_by_role("link", name="News", exact=True).click()
    page.evaluate("""() => {
      const kept = JSON.parse(sessionStorage.getItem("boards"));
      kept.rows[0].board.version = 900;
      kept.rows[0].board.runners[0].runnerId = "of another race";
      sessionStorage.setItem("boards", JSON.stringify(kept));
    }""")

    open_live(page, server)

    expect(page.locator("[data-race-page]")).to_have_attribute("data-version", "2")
    expect(price_of(page, "1")).to_have_attribute("data-price", "3.50")
