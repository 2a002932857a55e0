"""Pages that are open when a race is put off to another day, and so to another meeting."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_lists_live import EVERY_MS, open_live
from tests.browser.test_race_page import tell
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

OFF, NEXT_DAY = "2030-06-09T13:00:00.000Z", "2030-06-10T13:00:00.000Z"


def test_a_race_put_off_to_the_next_day_at_the_same_hour_says_so_and_leads_to_its_new_meeting(
    lasting: RunningServer, page: Any
) -> None:
    race = lasting.declare("put-off", offTime=OFF, course="Stonefield")
    open_live(page, f"{lasting.url}/races/{race}")
    expect(page.locator(".head .sub")).to_contain_text("Sun 9 Jun")

    tell(lasting, race, "off-time", {"offTime": NEXT_DAY})

    expect(page.locator(".head .sub")).to_contain_text("Mon 10 Jun")
    expect(page.locator("h1 time")).to_have_attribute("datetime", NEXT_DAY)
    expect(page.locator("h1 time")).to_have_text("14:00")
    page.clock.fast_forward(EVERY_MS)
    link = page.get_by_role("heading", level=1).get_by_role("link", name="Stonefield")
    expect(link).to_have_attribute("href", "/meetings/stonefield-2030-06-10")
    assert page.evaluate("window.notReloaded")


def test_a_meeting_that_is_no_more_says_so_is_not_live_and_is_asked_for_no_more(
    lasting: RunningServer, page: Any
) -> None:
    race = lasting.declare("put-off-alone", offTime=OFF, course="Elm Park")
    address = f"{lasting.url}/meetings/elm-park-2030-06-09"
    open_live(page, address)
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")

    tell(lasting, race, "off-time", {"offTime": NEXT_DAY})
    page.clock.fast_forward(EVERY_MS)

    told = page.get_by_role("alert").filter(has_text="This page has moved or gone: reload")
    expect(told).to_be_visible()
    expect(page.locator("[data-freshness-badge]")).to_be_hidden()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        page.clock.fast_forward(EVERY_MS)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    assert address not in asked
    expect(told).to_have_count(1)
