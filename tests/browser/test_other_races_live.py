"""The way from a race page to other races follows what becomes of them, without a reload."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE
from tests.browser.test_lists_live import EVERY_MS, open_live
from tests.browser.test_race_page import tell
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

EVERY_MS_WHILE_DUE = 21_000


def ask_until_new(page: Any, every_ms: int = EVERY_MS) -> None:
    """Step the page's clock until the server says something new: it keeps its answer for a second of its own."""
    for _ in range(100):
        with page.expect_response("**/others") as answer:
            page.clock.fast_forward(every_ms)
        if answer.value.status == 200:
            return
    raise AssertionError("the server goes on saying that nothing changed")


def test_a_race_of_the_meeting_moves_and_is_over_in_the_strip_and_keeps_the_focus(
    lasting: RunningServer, page: Any
) -> None:
    lasting.declare("later", offTime="2030-06-01T13:35:00Z")
    open_live(page, f"{lasting.url}/races/{RACE}")
    link = page.locator('.strip a[href="/races/later"]')
    expect(link).to_have_text("14:35")
    link.focus()

    tell(lasting, "later", "off-time", {"offTime": "2030-06-01T13:50:00Z"})
    ask_until_new(page)

    expect(link).to_have_text("14:50")
    expect(link).to_be_focused()
    expect(page.locator(".steps a[rel=next] b")).to_have_text("14:50")
    tell(lasting, "later", "status", {"status": "ABANDONED"})
    ask_until_new(page)
    expect(link).to_have_text("14:50 over")
    assert page.evaluate("window.notReloaded")


def test_the_next_off_is_another_soon_after_the_one_that_was_due_is_off(server: RunningServer, page: Any) -> None:
    for race_id, minutes in (("due", -2), ("before", 8), (RACE, 10)):
        off = datetime.now(UTC) + timedelta(minutes=minutes)
        server.declare(race_id, offTime=f"{off:%Y-%m-%dT%H:%M:%SZ}")
    open_live(page, f"{server.url}/races/{RACE}")
    words = page.locator(".steps .quiet")
    expect(words).to_have_text(["Before", "Next off"])

    tell(server, "due", "status", {"status": "OFF"})
    ask_until_new(page, EVERY_MS_WHILE_DUE)

    expect(words).to_have_text(["Before, next off"])
    assert page.evaluate("window.notReloaded")


def test_where_the_race_itself_moves_the_others_are_asked_for_at_once(lasting: RunningServer, page: Any) -> None:
    here = lasting.declare("here", offTime="2030-06-09T13:00:00Z", course="Castle Ridge")
    lasting.declare("there", offTime="2030-06-09T13:30:00Z", course="Castle Ridge")
    page.goto(f"{lasting.url}/races/{here}")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    strip = page.locator(".strip a")
    expect(strip).to_have_text(["14:00", "14:30"])

    tell(lasting, here, "off-time", {"offTime": "2030-06-09T13:45:00Z"})

    expect(strip).to_have_text(["14:30", "14:45"], timeout=10_000)
    expect(strip.nth(1)).to_have_attribute("aria-current", "page")


def test_the_first_other_race_of_the_site_appears(server: RunningServer, page: Any) -> None:
    server.declare(RACE, offTime="2030-06-01T13:05:00Z")
    open_live(page, f"{server.url}/races/{RACE}")
    expect(page.locator(".steps")).to_be_hidden()

    server.declare("first", offTime="2030-06-01T13:35:00Z", course="Castle Ridge")
    page.clock.fast_forward(EVERY_MS)

    expect(page.locator(".steps")).to_be_visible()
    expect(page.locator(".steps a")).to_have_text(re.compile("After.*14:35.*Castle Ridge"))
    assert page.evaluate("window.notReloaded")
