"""A real browser, and the small words that its tests are told in."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.needs import need
from tests.support.servers import RunningServer

ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 15_000
RACE = "wexmoor-1405"
DRAWN_BY = "tote"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once."""
    playwright = need("playwright.sync_api", "browser")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as run:
        started = run.chromium.launch(executable_path=chromium, args=ARGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page 1280 wide. A script that fails unseen fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    context.close()
    assert not failures, failures


@pytest.fixture
def race(server: RunningServer) -> str:
    """A race of three priced runners."""
    server.declare(RACE, 3)
    quote(server, r1=2.5, r2=4, r3=9)
    return RACE


def quote(server: RunningServer, bookmaker: str = DRAWN_BY, **prices: float | None) -> None:
    """Write prices of the race (`r1=2.5` is runner 1)."""
    odds = [
        {"runnerId": name.removeprefix("r"), "bookmaker": bookmaker, "price": price} for name, price in prices.items()
    ]
    answer = server.api("POST", f"/races/{RACE}/odds", {"odds": odds})
    assert answer.status_code == 200, answer.text


def price_of(page: Any, runner: str, bookmaker: str = DRAWN_BY) -> Any:
    """Return the locator of a price cell."""
    return page.locator(f'[data-board] .price[data-runner-id="{runner}"][data-bookmaker="{bookmaker}"]')


def sign_in(page: Any, server: RunningServer, onward: str) -> None:
    """Sign in as staff and go on to a page."""
    page.goto(f"{server.url}/login?next={onward}")
    page.get_by_label("E-mail").fill(server.staff_email)
    page.get_by_label("Password").fill(server.staff_password)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}{onward}")
