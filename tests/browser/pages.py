"""The small words that the browser tests are told in."""

from typing import Any

from playwright.sync_api import expect

from tests.support.servers import RunningServer

expect.set_options(timeout=15_000)
RACE = "wexmoor-1405"
DRAWN_BY = "tote"


def quote(server: RunningServer, bookmaker: str = DRAWN_BY, *, race_id: str = RACE, **prices: float | None) -> None:
    """Write prices of a race (`r1=2.5` is runner 1)."""
    odds = [
        {"runnerId": name.removeprefix("r"), "bookmaker": bookmaker, "price": price} for name, price in prices.items()
    ]
    answer = server.api("POST", f"/races/{race_id}/odds", {"odds": odds})
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


def open_live(page: Any, server: RunningServer, path: str = f"/races/{RACE}") -> None:
    """Open a page and wait until it is live."""
    page.goto(f"{server.url}{path}")
    expect(badge(page)).to_contain_text("Live")


def badge(page: Any) -> Any:
    """Return the locator of what says how fresh a page is."""
    return page.locator("[data-freshness-badge]")
