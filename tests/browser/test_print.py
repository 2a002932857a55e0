"""Pages on paper: a card on one sheet, black on white, without what only a screen can do."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.every_page import visitor
from tests.browser.stock import Stock
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

PRESSED = (".top nav", ".seg", ".button", ".bottom nav", "[data-word]", ".mark", ".notices")
SHEET = {"width": 718, "height": 1046}
A_PAGE = re.compile(rb"/Type\s*/Page\b")
Stocked = tuple[RunningServer, Stock]


@pytest.fixture
def paper(stocked: Stocked, browser: Browser) -> Iterator[Any]:
    """A page of a reader whose theme is dark, as wide as paper between its margins."""
    with visitor(browser, stocked[0], "nobody", viewport=SHEET, color_scheme="dark") as page:
        page.emulate_media(media="print")
        yield page


def open_live(page: Any, stocked: Stocked, path: str) -> None:
    """Open a page of the stock and wait until its prices have moved and are followed."""
    page.goto(f"{stocked[0].url}{path.format(**stocked[1]._asdict())}")
    expect(page.locator("[data-freshness-badge] [data-word]")).to_have_text("Live")


def hidden(page: Any, *selectors: str) -> None:
    for selector in selectors:
        assert page.locator(selector).evaluate_all("all => all.every((each) => !each.checkVisibility())"), selector


@pytest.mark.parametrize("path", ["/races/{race}", "/races/{over}", "/races/{abandoned}", "/meetings/{meeting}"])
def test_a_card_takes_one_sheet(path: str, paper: Any, stocked: Stocked) -> None:
    open_live(paper, stocked, path)

    assert len(A_PAGE.findall(paper.pdf(prefer_css_page_size=True))) == 1


def test_a_card_is_black_on_white_and_has_room_for_a_pen(paper: Any, stocked: Stocked) -> None:
    open_live(paper, stocked, "/races/{race}")

    hidden(paper, *PRESSED, ".orders", ".strip", ".steps", ".spark", "td.bookmaker", ".day", ".chart", ".head .off")
    for stays in ("td.card", "[data-best-at]", ".people", "[data-as-of]", ".over18", "[data-note=non-runners]"):
        expect(paper.locator(stays).first).to_be_visible()
    page_colours = "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).colorScheme]"
    assert paper.evaluate(page_colours) == ["rgb(0, 0, 0)", "light"]
    for each in (".price", ".head time", "[data-note=non-runners]", "tbody .horse b"):
        colour = paper.locator(each).first.evaluate("it => getComputedStyle(it).color")
        assert colour == "rgb(0, 0, 0)", each
    notes = paper.locator("td.tell").first.evaluate("cell => cell.offsetWidth / cell.parentElement.offsetWidth")
    assert notes > 0.25


def test_a_result_is_printed_with_its_word(paper: Any, stocked: Stocked) -> None:
    open_live(paper, stocked, "/races/{over}")

    expect(paper.locator("[data-off-large]")).to_have_text("Result")
    expect(paper.locator("[data-off-large]")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/results", "/meetings", "/movers", "/horses/{horse}"])
def test_lists_are_printed_without_their_filters(path: str, paper: Any, stocked: Stocked) -> None:
    open_live(paper, stocked, path)

    hidden(paper, *PRESSED, ".chosen", ".filters", ".days", ".pages")
    expect(paper.locator("h1")).to_be_visible()
