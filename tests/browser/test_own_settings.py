"""Pages follow what a reader has set up for all sites: the size of text, a narrow window, colours of their own."""

import pytest
from playwright.sync_api import Browser

from tests.browser.every_page import EVERY_PAGE, PHONE, visitor
from tests.browser.stock import Stock
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

NARROW = {"width": 320, "height": 640}
BY_NAME = {each.name: each for each in EVERY_PAGE}
NARROWED = ("next-races", "meeting", "race", "results", "movers", "horse", "article", "settings")
IS_WIDER = "document.documentElement.scrollWidth - innerWidth"
SIZES = """() => [...document.querySelectorAll("body, h1, .price, .quiet")]
    .map((each) => parseFloat(getComputedStyle(each).fontSize))"""


def test_no_page_scrolls_sideways_in_a_narrow_window(stocked: tuple[RunningServer, Stock], browser: Browser) -> None:
    server, stock = stocked
    with visitor(browser, server, "nobody", viewport=NARROW) as page:
        too_wide = {}
        for name in NARROWED:
            page.goto(f"{server.url}{BY_NAME[name].address(stock)}")
            if by := page.evaluate(IS_WIDER):
                too_wide[name] = by
    assert too_wide == {}


@pytest.mark.parametrize("name", ["next-races", "race", "results"])
def test_text_is_as_large_as_the_reader_asks_of_all_sites(
    name: str, stocked: tuple[RunningServer, Stock], browser: Browser
) -> None:
    server, stock = stocked
    with visitor(browser, server, "nobody", viewport=PHONE) as page:
        page.goto(f"{server.url}{BY_NAME[name].address(stock)}")
        usual = page.evaluate(SIZES)
        # What the browser's own setting does: the root's size, which no stylesheet of ours sets.
        page.evaluate("() => { document.documentElement.style.fontSize = '24px'; }")
        larger = page.evaluate(SIZES)
        assert len(usual) > 3
        assert larger == pytest.approx([1.5 * size for size in usual])
        assert page.evaluate(IS_WIDER) == 0


def test_in_the_readers_own_colours_only_the_best_price_is_boxed_and_what_is_chosen_is_marked(
    stocked: tuple[RunningServer, Stock], browser: Browser
) -> None:
    server, stock = stocked
    with visitor(browser, server, "nobody", forced_colors="active") as page:
        page.goto(f"{server.url}{BY_NAME['race'].address(stock)}")

        def style(selector: str, name: str) -> str:
            return str(page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{name}"))

        ground = style("body", "backgroundColor")
        assert style("[data-board] .bookmaker .price:not(.best)", "borderTopColor") == ground
        assert style("[data-board] .bookmaker .price.best", "borderTopColor") != ground
        pressed, other = "[data-format-switch] [aria-pressed=true]", "[data-format-switch] [aria-pressed=false]"
        assert style(pressed, "backgroundColor") != style(other, "backgroundColor")
        assert style(".strip [aria-current]", "outlineStyle") == "solid"
        assert style(".strip a:not([aria-current])", "outlineStyle") == "none"
