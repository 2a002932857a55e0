"""No page has anything that axe-core objects to: every page, at a phone's and a desk's width, in each theme."""

from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.every_page import DESK, EVERY_PAGE, PHONE, SitePage, Who, visitor
from tests.browser.stock import Stock
from tests.support.needs import lacking
from tests.support.node import install
from tests.support.servers import RunningServer

NPM = Path(__file__).parent / "npm"
THEMES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "contrast": {"color_scheme": "light", "contrast": "more"},
    "dark contrast": {"color_scheme": "dark", "contrast": "more"},
}
SIZES = {"phone": PHONE, "desk": DESK}
FIND = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => {
        return `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\\s+/g, " ").slice(0, 300)}`;
    }));
}"""


NO_PAGES = (
    "auth.logout", "notifications.follow", "notifications.unread", "notifications.worker", "staff.live_figures",
    "auth.renewed", "staff.record_csv",
    "punters.chart_json", "punters.others", "punters.history_csv", "punters.history_json", "news.feed",
    "static", "static_of_any_release",
)  # fmt: skip


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    if went_wrong := install(NPM):
        lacking(f"axe-core: {went_wrong}")
    return (NPM / "node_modules" / "axe-core" / "axe.min.js").read_text()


def objections(page: Any, address: str, expected: SitePage, axe: str) -> list[str]:
    """What axe-core objects to on a page, each with the page's name."""
    answer = page.goto(address)
    assert answer.status == expected.status, f"{expected.name}: {answer.status}"
    # Marks of a move fade on arrival: their colours are judged as they stay.
    page.evaluate(
        "() => document.getAnimations().forEach((each) => each.effect.getTiming().iterations < 9 && each.finish())"
    )
    page.evaluate(axe)
    return [f"{expected.name}: {objection}" for objection in page.evaluate(FIND)]


@pytest.mark.soak
@pytest.mark.parametrize(("theme", "size", "who"), list(product(THEMES, SIZES, get_args(Who))))
def test_every_page_is_for_everybody(
    theme: str, size: str, who: Who, stocked: tuple[RunningServer, Stock], browser: Browser, axe: str
) -> None:
    server, stock = stocked
    with visitor(browser, server, who, viewport=SIZES[size], **THEMES[theme]) as page:
        shown = [each for each in EVERY_PAGE if each.who == who]
        found = [one for each in shown for one in objections(page, f"{server.url}{each.address(stock)}", each, axe)]

    assert shown
    assert not found, "\n".join(found)


def test_no_page_is_forgotten(app: Flask) -> None:
    at = app.url_map.bind("localhost")
    stock = Stock(**dict.fromkeys(Stock._fields, "some"))._replace(day="2030-06-01")

    visited = {at.match(each.address(stock).partition("?")[0])[0] for each in EVERY_PAGE if each.status != 404}

    machines = ("api.", "crawlers.", "ops.")
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {each for each in pages - visited if not each.startswith(machines)} <= set(NO_PAGES)
