"""The day's movers, live: a horse that shortens appears without a reload."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, quote
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak  # lists draw themselves anew seconds after a price has moved


def test_a_horse_that_shortens_is_among_the_steamers_within_seconds(server: RunningServer, page: Any) -> None:
    noon = datetime.now(ZoneInfo("Europe/London")).replace(hour=12, minute=0, second=0, microsecond=0)
    server.declare(RACE, 3, offTime=noon.isoformat())
    quote(server, r1=5, r2=4, r3=9)
    page.goto(f"{server.url}/movers")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    steamers = page.locator("[data-refreshed=in] tr")
    expect(steamers).to_have_text(["No horse of a race to come has shortened so far."])
    page.evaluate("window.notReloaded = true")

    quote(server, r1=4, r2=6)

    expect(steamers).to_have_count(1)
    expect(steamers.first).to_contain_text("Horse 1", timeout=20_000)
    expect(steamers.first.locator(".move")).to_have_text("+5.0")
    expect(page.locator("[data-refreshed=out] tr")).to_contain_text(["Horse 2"])
    assert page.evaluate("window.notReloaded")
    steamers.first.get_by_role("link").click()
    expect(page).to_have_url(f"{server.url}/races/{RACE}")
