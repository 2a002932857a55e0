"""A card edited on the desk reaches the pages that are open, and a form gets more rows at once."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.every_page import DESK, PHONE, visitor
from tests.browser.pages import RACE, price_of, quote
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak


def test_an_edited_card_and_a_runner_more_are_on_open_pages_without_a_reload(
    server: RunningServer, race: str, browser: Browser
) -> None:
    with (
        visitor(browser, server, "nobody", viewport=PHONE) as punter,
        visitor(browser, server, "nobody", viewport=DESK) as reader,
        visitor(browser, server, "staff", viewport=DESK) as desk,
    ):
        punter.goto(f"{server.url}/races/{RACE}")
        reader.goto(f"{server.url}/")
        for page in (punter, reader):
            page.evaluate("() => { window.stayed = true; }")
        name = punter.locator('[data-runner-row="1"] .name b').inner_text()

        edit(desk, server)
        expect(punter.locator('[data-runner-row="1"] [data-people]')).to_contain_text("T Quillback", timeout=20_000)

        expect(punter.locator('[data-runner-row="1"] .name b')).to_have_text(name)
        expect(punter.locator(".facts")).to_contain_text("Going Heavy")
        expect(punter.locator("[data-card-title]")).to_have_text("The Dusk Stakes")
        expect(reader.locator(f'[data-race-id="{RACE}"] .where')).to_contain_text("The Dusk Stakes", timeout=20_000)
        late = punter.locator('[data-runner-row="late-one"]')
        expect(late).to_contain_text("Late One")
        expect(punter.locator("[data-running]")).to_have_text("4")
        quote(server, **{"late-one": 7.5})
        expect(price_of(punter, "late-one")).to_contain_text("13/2")
        assert all(page.evaluate("() => window.stayed") for page in (punter, reader))


def edit(desk: Any, server: RunningServer) -> None:
    """Give the race another title and going, a runner a jockey, and one runner more in a row that a script made."""
    desk.goto(f"{server.url}/staff/cards/{RACE}")
    desk.get_by_label("Title").fill("The Dusk Stakes")
    desk.get_by_label("Going").fill("Heavy")
    desk.get_by_label("Jockey").first.fill("T Quillback")
    desk.get_by_role("button", name="4 more rows").click()
    expect(desk.locator("fieldset.runner")).to_have_count(7)
    expect(desk.locator("#runner-3-number")).to_be_focused()
    desk.locator("#runner-3-name").fill("Late One")
    desk.get_by_role("button", name="Save the card").last.click()
    expect(desk.locator(".note.told")).to_contain_text("The card is saved")
