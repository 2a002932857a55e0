"""The price chart: it comes when it is looked at, goes on with every price, and marks what happened."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, price_of, quote
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

expect.set_options(timeout=15_000)

LAST = "() => document.querySelector('[data-chart]').priceChart.view.plot.data.slice(1).map((ys) => ys.at(-1))"


def open_chart(page: Any, server: RunningServer) -> Any:
    """Open the race page and scroll to its chart; returns the section once it is drawn."""
    page.goto(f"{server.url}/races/{RACE}")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    chart = page.locator("[data-chart]")
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_attribute("data-chart-version", re.compile(r"\d"))
    return chart


def test_the_chart_goes_on_with_prices_and_marks_who_comes_out_and_the_off(
    server: RunningServer, race: str, page: Any
) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "chart" in request.url else None)
    chart = open_chart(page, server)
    assert page.evaluate(LAST) == [40, 25, 100 / 9]

    quote(server, r1=2, r2=5)
    expect(chart).to_have_attribute("data-chart-version", "2")
    quote(server, "exchange", r3=20)
    expect(chart).to_have_attribute("data-chart-version", "3")
    assert page.evaluate(LAST) == [50, 20, 5]
    expect(chart.locator('[data-key="1"] [data-key-price]')).to_have_text("Evens")

    server.api("POST", f"/races/{RACE}/runners/2/withdraw", {})
    expect(chart.locator("[data-chart-marks] li")).to_have_text([re.compile(r"\d\d:\d\d Horse 2 out")])
    assert page.evaluate(LAST) == [50, None, 5]
    server.api("POST", f"/races/{RACE}/status", {"status": "OFF"})
    expect(chart.locator("[data-chart-marks] li")).to_have_text([re.compile("out"), re.compile(r"\d\d:\d\d Off")])
    assert len([url for url in fetched if url.endswith("chart.json")]) == 1


def test_a_line_is_switched_by_the_keyboard_and_prices_are_written_as_the_reader_wants(
    lasting: RunningServer, page: Any
) -> None:
    chart = open_chart(page, lasting)
    shown = "() => document.querySelector('[data-chart]').priceChart.view.plot.series.slice(1).map(({ show }) => show)"
    key = chart.locator('[data-key="2"]')
    expect(key).to_have_attribute("aria-pressed", "true")

    key.focus()
    page.keyboard.press("Space")

    expect(key).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(shown) == [True, False, True]
    page.locator("[data-format-switch]").first.get_by_role("button", name="+275").click()
    expect(chart.locator('[data-key="1"] [data-key-price]')).to_have_text("+150")
    assert page.evaluate(shown) == [True, False, True]


def test_a_runner_priced_first_while_the_page_is_open_is_drawn(server: RunningServer, page: Any) -> None:
    server.declare(RACE, 2)
    page.goto(f"{server.url}/races/{RACE}")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    chart = page.locator("[data-chart]")
    expect(chart.locator("[data-chart-none]")).to_be_visible()
    chart.scroll_into_view_if_needed()
    expect(chart.locator("[data-key]")).to_have_count(2, timeout=10_000)

    quote(server, r2=3.5)

    expect(chart).to_have_attribute("data-chart-version", "1")
    expect(chart.locator("[data-chart-none]")).to_be_hidden()
    expect(chart.locator('[data-key="2"] [data-key-price]')).to_have_text("5/2")
    spark = page.locator('[data-runner-row="2"] [data-spark] path')
    expect(spark).to_have_attribute("d", "M0,14.0 H88")
    expect(price_of(page, "2")).to_have_attribute("data-price", "3.50")


def test_a_chart_that_cannot_be_fetched_says_so_and_is_tried_again(lasting: RunningServer, page: Any) -> None:
    page.route("**/chart.json", lambda route: route.abort())
    page.goto(f"{lasting.url}/races/{RACE}")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    chart = page.locator("[data-chart]")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("[data-chart-failed]")).to_be_visible()
    expect(chart.locator(".drawing")).to_be_visible()

    page.unroute("**/chart.json")

    expect(chart).to_have_attribute("data-chart-version", "1", timeout=20_000)
    expect(chart.locator("[data-chart-failed]")).to_be_hidden()
