"""No page has anything that axe-core objects to: every page, at a phone's and a desk's width, in each theme."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import Browser

from tests.browser.every_page import DESK, EVERY_PAGE, PHONE, SitePage, Who, visitor
from tests.browser.stock import Stock, stock
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
# What every change of a page is tried with: those that change most, where there is least room.
QUICK = ("next-races", "race", "race-over", "news")
FIND = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => {
        return `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\\s+/g, " ").slice(0, 300)}`;
    }));
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    if went_wrong := install(NPM):
        lacking(f"axe-core: {went_wrong}")
    return (NPM / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def stocked(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningServer, Stock]]:
    """A server with something on every page."""
    folder = tmp_path_factory.mktemp("stocked")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance") as server:
        yield server, stock(server)


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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_punters_read_most_is_for_everybody(
    theme: str, stocked: tuple[RunningServer, Stock], browser: Browser, axe: str
) -> None:
    server, stock = stocked
    with visitor(browser, server, "nobody", viewport=PHONE, **THEMES[theme]) as page:
        shown = [each for each in EVERY_PAGE if each.name in QUICK]
        found = [one for each in shown for one in objections(page, f"{server.url}{each.address(stock)}", each, axe)]

    assert len(shown) == len(QUICK)
    assert not found, "\n".join(found)


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
