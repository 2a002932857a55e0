"""What a punter sees happen, without reloading."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import badge, open_live, price_of, quote
from tests.support.servers import RunningServer


@pytest.fixture
def race(race_of_its_own: str) -> str:
    """The race whose prices move."""
    return race_of_its_own


def open_race(page: Any, server: RunningServer, race_id: str) -> None:
    open_live(page, server, f"/races/{race_id}")


def test_a_price_moves_on_the_open_page_and_says_which_way(lasting: RunningServer, race: str, page: Any) -> None:
    open_race(page, lasting, race)
    page.evaluate("window.notReloaded = true")

    quote(lasting, race_id=race, r1=2.25, r2=5)

    expect(price_of(page, "1").locator(".frac")).to_have_text("5/4")
    expect(price_of(page, "1")).to_have_attribute("data-move", "shorter")
    expect(price_of(page, "1").locator(".mark")).to_have_text("▼")
    expect(price_of(page, "2")).to_have_attribute("data-price", "5.00")
    expect(price_of(page, "2").locator(".mark")).to_have_text("▲")
    expect(page.locator("[data-race-page]")).to_have_attribute("data-version", "2")
    assert page.evaluate("window.notReloaded")


def test_rows_stay_where_they_are_when_the_favourite_changes(lasting: RunningServer, race: str, page: Any) -> None:
    open_race(page, lasting, race)
    rows = page.locator("[data-runner-row]")
    before = rows.evaluate_all("rows => rows.map((row) => row.dataset.runnerRow)")

    quote(lasting, race_id=race, r3=1.5)

    expect(price_of(page, "3")).to_have_attribute("data-price", "1.50")
    assert rows.evaluate_all("rows => rows.map((row) => row.dataset.runnerRow)") == before


def test_a_new_bookmaker_gets_a_column_and_the_best_price_its_box(lasting: RunningServer, race: str, page: Any) -> None:
    open_race(page, lasting, race)

    quote(lasting, "exchange", race_id=race, r1=2.75, r2=3.5)

    expect(page.locator('[data-bookmaker-head="exchange"]')).to_have_text("Exchange")
    expect(price_of(page, "1", "exchange")).to_have_class(re.compile(r"\bbest\b"))
    expect(price_of(page, "2", "exchange")).not_to_have_class(re.compile(r"\bbest\b"))
    expect(price_of(page, "2")).to_have_class(re.compile(r"\bbest\b"))


def test_a_withdrawal_strikes_the_row_and_tells_rule_4(lasting: RunningServer, race: str, page: Any) -> None:
    open_race(page, lasting, race)
    row = page.locator('[data-runner-row="2"]')
    expect(row.locator("[data-nr-tag]")).to_be_hidden()

    lasting.api("POST", f"/races/{race}/runners/2/withdraw", {})

    expect(row.locator("[data-nr-tag]")).to_be_visible()
    expect(row).to_have_class(re.compile(r"\bnr\b"))
    expect(row).to_contain_text("was 3/1")
    expect(page.locator("[data-note=non-runners]")).to_contain_text("Horse 2 (2)")
    expect(page.locator("[data-note=non-runners]")).to_contain_text("25p")
    expect(page.locator("[data-running]")).to_have_text("2")
    assert price_of(page, "2").get_attribute("data-price") == ""


def test_suspension_off_time_status_and_result_arrive(lasting: RunningServer, race: str, page: Any) -> None:
    open_race(page, lasting, race)

    lasting.api("POST", f"/races/{race}/betting", {"betting": "suspended"})
    expect(page.locator("[data-note=suspended]")).to_be_visible()
    lasting.api("POST", f"/races/{race}/off-time", {"offTime": "2030-06-01T13:20:00Z"})
    expect(page.locator("h1 [data-off-clock]")).to_have_text("14:20")
    expect(page).to_have_title("14:20 Wexmoor · Offtime")
    lasting.api("POST", f"/races/{race}/status", {"status": "OFF"})
    expect(page.locator("[data-off-large]")).to_have_text("Off")
    placings = [{"runnerId": "3", "position": 1, "sp": 9}, {"runnerId": "1", "position": 2}]
    lasting.api("POST", f"/races/{race}/result", {"placings": placings})

    expect(page.locator("[data-placings] li")).to_have_count(2)
    expect(page.locator("[data-placings] li").first).to_contain_text("1st Horse 3 SP 8/1")
    expect(page.locator("[data-note=closed]")).to_be_visible()
    expect(page.locator("[data-note=suspended]")).to_be_hidden()


def test_the_live_page_ends_as_a_reload_would_show_it(lasting: RunningServer, race: str, page: Any) -> None:
    open_race(page, lasting, race)
    quote(lasting, "williams", race_id=race, r1=2.62, r2=4.5, r3=8.5)
    lasting.api("POST", f"/races/{race}/runners/3/withdraw", {})
    quote(lasting, race_id=race, r1=2.2, r2=3.75)
    expect(price_of(page, "2")).to_have_attribute("data-price", "3.75")
    expect(price_of(page, "1")).to_have_attribute("data-price", "2.20")
    expect(page.locator('[data-runner-row="3"] [data-nr-tag]')).to_be_visible()

    def shown() -> Any:
        words = "nodes => nodes.map((node) => node.innerText.replace(/[▼▲\\s]+|shortened|lengthened/g, ' ').trim())"
        facts = page.locator(".facts, [data-note], .foot").evaluate_all(words)
        return sorted(page.locator("[data-runner-row]").evaluate_all(words)), facts

    live = shown()
    page.reload()
    assert shown() == live


def test_lists_follow_the_favourite(lasting: RunningServer, race: str, page: Any) -> None:
    soon = "2030-06-01T13:05:00Z"
    lasting.declare("castle-1", 2, offTime=soon, course="Castle Ridge")
    page.goto(lasting.url)
    expect(badge(page)).to_contain_text("Live")
    line = page.locator(f'[data-race-id="{race}"]')
    expect(line.locator("[data-part=favourite]")).to_have_text("Horse 1")

    quote(lasting, race_id=race, r2=2.1)

    expect(line.locator("[data-part=favourite]")).to_have_text("Horse 2")
    expect(line.locator(".price")).to_have_attribute("data-price", "2.10")
    lasting.api("POST", "/races/castle-1/status", {"status": "PARADING"})
    expect(page.locator('[data-race-id="castle-1"] .in')).to_contain_text("parading")


def test_the_odds_format_is_kept(lasting: RunningServer, race: str, page: Any) -> None:
    open_race(page, lasting, race)
    expect(price_of(page, "1").locator(".frac")).to_be_visible()

    page.get_by_role("button", name="3.75").click()

    expect(price_of(page, "1").locator(".dec")).to_have_text("2.50")
    expect(price_of(page, "1").locator(".frac")).to_be_hidden()
    page.reload()
    expect(price_of(page, "1").locator(".dec")).to_be_visible()
