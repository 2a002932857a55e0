"""What a punter sees of a race on a page, to be held against the database."""

from typing import Any

# Everything that shows a bookmaker's price; a page may show one in more than one place.
_PRICES = """() => [...document.querySelectorAll("[data-race-page] .price[data-bookmaker]")].map(
  ({ dataset }) => [dataset.runnerId, dataset.bookmaker, dataset.price])"""
_CAUGHT_UP = """({ version, status }) => {
  const { dataset } = document.querySelector("[data-race-page]");
  return Number(dataset.version) >= version && dataset.status === status;
}"""
CATCH_UP_MS = 15_000


def wait_for(page: Any, image: dict[str, Any]) -> None:
    """Wait until the page shows the race at the image's version."""
    page.wait_for_function(
        _CAUGHT_UP, arg={"version": image["version"], "status": image["status"]}, timeout=CATCH_UP_MS
    )


def check_against(page: Any, image: dict[str, Any]) -> None:
    """Hold what the page shows of a race against what the database holds: prices, status, runners, places."""
    held = {(e["runnerId"], e["bookmaker"]): _text(e["price"]) for e in image["odds"]}
    shown = page.evaluate(_PRICES)
    assert {(runner, bookmaker): price for runner, bookmaker, price in shown if price} == {
        key: price for key, price in held.items() if price
    }
    assert all(held.get((runner, bookmaker), "") == price for runner, bookmaker, price in shown)
    seen = page.locator("[data-race-page]")
    assert seen.get_attribute("data-status") == image["status"]
    assert int(seen.get_attribute("data-version")) == image["version"]
    for runner in image["runners"]:
        row = page.locator(f'[data-board] [data-runner-row="{runner["runnerId"]}"]')
        assert row.get_attribute("data-status") == runner["status"]
    placed = image.get("result") or {"placings": []}
    assert page.locator("[data-placings] > li").count() == len(placed["placings"])


def _text(price: float | None) -> str:
    return "" if price is None else f"{price:.2f}"
