"""The odds grid by the keyboard alone, and with others at work in the same race."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.every_page import DESK, PHONE, visitor
from tests.browser.pages import RACE, quote
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak
PAGE = f"/staff/races/{RACE}"
# Sixteen runners, as a spreadsheet copies them for two bookmakers.
ODDS = ["5/2", "4/1", "6/1", "7/1", "8/1", "10/1", "12/1", "14/1", "16/1", "20/1", "22/1", "25/1", "33/1", "40/1"]
ODDS += ["66/1", "100/1"]
PASTE = """text => {
    const carried = new DataTransfer();
    carried.setData("text/plain", text);
    const event = { clipboardData: carried, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
}"""


@pytest.fixture
def trader(server: RunningServer, race: str, browser: Browser) -> Iterator[Any]:
    """A page of the race on the desk; the tote's book of its three runners is 100.8%."""
    quote(server, r1=2, r2=3.5, r3=4.5)
    with visitor(browser, server, "staff", viewport=DESK) as page:
        yield opened(page, server)


def opened(page: Any, server: RunningServer, path: str = PAGE) -> Any:
    page.goto(f"{server.url}{path}")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    return page


def at_work(page: Any) -> Any:
    """The page of the grid, once its keys are."""
    expect(page.locator("[data-keys]")).to_be_visible()
    return page


def cell(page: Any, runner: str, maker: str = "tote") -> Any:
    return page.locator(f'[data-cell="{runner}.{maker}"]')


def now(page: Any, runner: str, maker: str = "tote") -> Any:
    return page.locator(f'[id="now-{runner}.{maker}"]')


def prices(server: RunningServer, maker: str = "tote") -> dict[str, float | None]:
    entries = server.api("GET", f"/races/{RACE}/odds").json()["odds"]
    return {entry["runnerId"]: entry["price"] for entry in entries if entry["bookmaker"] == maker}


def test_sixteen_runners_are_priced_by_three_bookmakers_with_the_keyboard_alone(
    server: RunningServer, browser: Browser
) -> None:
    server.declare(RACE, 16)
    with visitor(browser, server, "staff", viewport=DESK) as page:
        opened(page, server, f"{PAGE}?bookmaker=tote&bookmaker=corner")
        keys = page.keyboard
        cell(page, "1", "corner").focus()
        for price in ODDS:
            keys.type(price)
            keys.press("Enter")
        expect(page.locator('[data-book="corner"]')).to_have_text("136.6%")
        cell(page, "1", "corner").focus()
        keys.press("ArrowRight")
        page.evaluate(PASTE, "\n".join(f"{price}\t+1" for price in ODDS))
        expect(cell(page, "16", "house")).to_have_value("100/1")
        # What is empty has no step to go.
        expect(cell(page, "16")).to_have_attribute("aria-invalid", "true")
        page.evaluate(PASTE, "\n".join(f"{price}\t{price}" for price in ODDS))
        keys.press("ArrowRight")
        keys.type("+1")
        keys.press("ArrowDown")
        expect(cell(page, "1")).to_have_value("13/5")
        expect(cell(page, "2")).to_be_focused()
        keys.press("ArrowUp")
        keys.type("1/8")
        expect(page.locator('[data-book="tote"]')).to_have_class("odd")
        keys.press("Control+s")

        expect(page.locator("[data-doubts]")).to_contain_text("The book of Tote adds up to 196.54%, over 150%.")
        expect(page.locator("[data-doubts] input")).to_be_focused()
        assert prices(server) == {}
        keys.press("Space")
        keys.press("Enter")

        expect(page.locator(".note.told").first).to_have_text("48 prices are written.")
        expect(page.locator('[data-book="tote"]')).to_have_text("196.5%")
        assert len(prices(server, "corner")) == len(prices(server, "house")) == len(prices(server)) == 16


def test_two_traders_never_write_over_each_other_unseen(server: RunningServer, trader: Any, browser: Browser) -> None:
    with visitor(browser, server, "staff", viewport=DESK) as other:
        opened(other, server)
        cell(trader, "1").fill("10/11")
        cell(trader, "2").focus()

        for runner, price in (("1", "20/21"), ("3", "10/3")):
            cell(other, runner).fill(price)
        cell(other, "3").press("Control+Enter")
        expect(other.locator(".note.told").first).to_have_text("2 prices are written.")

        expect(cell(trader, "3")).to_have_value("10/3")
        expect(now(trader, "1")).to_have_text("now 20/21")
        expect(cell(trader, "1")).to_have_value("10/11")
        cell(trader, "2").press("Control+s")
        expect(trader.get_by_role("alert")).to_contain_text("Prices changed meanwhile: Horse 1.")
        expect(now(trader, "1")).to_have_text("now 20/21")
        assert prices(server) == {"1": 1.95, "2": 3.5, "3": 4.33}

        # Keep one's own, once seen; or take theirs.
        cell(at_work(trader), "1").press("Control+s")
        expect(trader.locator(".note.told").first).to_have_text("1 price is written.")
        expect(cell(other, "1")).to_have_value("10/11")
        cell(other, "2").fill("12/5")
        cell(at_work(trader), "2").fill("9/4")
        cell(trader, "2").press("Control+s")
        expect(now(other, "2")).to_have_text("now 9/4")
        cell(other, "2").press("Escape")
        expect(cell(other, "2")).to_have_value("9/4")
        assert prices(server) == {"1": 1.91, "2": 3.25, "3": 4.33}


def test_a_bookmaker_and_all_of_them_are_suspended_by_one_key_and_nothing_typed_is_lost(
    server: RunningServer, trader: Any, browser: Browser
) -> None:
    quote(server, "corner", r1=2.4)
    trader.get_by_role("button", name="Show it").click()
    expect(cell(trader, "1", "corner")).to_have_value("7/5")
    at_work(trader)
    with visitor(browser, server, "staff", viewport=DESK) as other:
        opened(other, server)
        cell(other, "2").fill("12/5")
        cell(trader, "1").fill("10/11")
        cell(trader, "1").press("Alt+b")

        expect(trader.locator("[data-said]")).to_have_text("Tote is off: its prices are held until you reopen it.")
        expect(cell(trader, "1")).to_have_value("10/11")
        expect(cell(trader, "2")).to_have_value("5/2")
        assert prices(server) == {"1": None, "2": None, "3": None}
        expect(other.locator('[data-column="tote"]')).to_contain_text("off")
        expect(cell(other, "2")).to_have_value("12/5")
        expect(now(other, "2")).to_be_hidden()

        cell(trader, "1").press("Control+s")
        expect(trader.locator(".note.told").first).to_contain_text("Those of Tote are held until it is back.")
        expect(cell(other, "1")).to_have_value("10/11", timeout=9000)
        cell(other, "2").press("Alt+b")
        expect(other.locator("[data-said]")).to_have_text("Tote is back with its prices.")
        assert prices(server) == {"1": 1.91, "2": 3.5, "3": 4.5}
        expect(cell(other, "2")).to_have_value("12/5")
        expect(now(other, "2")).to_be_hidden()

        at_work(trader).keyboard.press("Alt+s")
        expect(other.locator("[data-quick=all]")).to_contain_text("Reopen all")
        expect(other.locator(".head .off")).to_contain_text("betting suspended")
        assert server.api("GET", f"/races/{RACE}").json()["betting"] == "suspended"


def test_the_buttons_beside_the_grid_leave_what_is_typed_and_all_panels_say_the_same(
    server: RunningServer, trader: Any
) -> None:
    state, undo = trader.locator("[data-redrawn=state]"), trader.locator("[data-undo]")
    trader.get_by_label("Another bookmaker").fill("corner")
    trader.get_by_label("Another bookmaker").press("Enter")
    cell(at_work(trader), "1", "corner").fill("10/11")
    trader.get_by_label("Off at").fill("2030-06-01T15:20")

    state.get_by_role("button", name="Suspend").click()
    expect(trader.locator("[data-said]")).to_have_text("The betting is suspended.")
    expect(state).to_contain_text("Betting: suspended")
    expect(undo).to_contain_text("Undo: Betting suspended")
    cell(trader, "1", "corner").press("Alt+s")
    expect(state).to_contain_text("Betting: open")
    expect(trader.locator("[data-redrawn=lately]")).to_contain_text("was suspended →, is open")
    expect(trader.get_by_label("Off at")).to_have_value("2030-06-01T15:20")
    state.get_by_role("button", name="Move").click()
    expect(trader.locator(".head h1")).to_contain_text("15:20")

    trader.locator("h1").first.click()
    trader.keyboard.press("Control+z")
    expect(undo).to_be_focused()
    trader.keyboard.press("Enter")
    expect(trader.locator(".head h1")).to_contain_text("14:05")
    expect(trader.get_by_label("Off at")).to_have_value("2030-06-01T14:05")
    expect(cell(trader, "1", "corner")).to_have_value("10/11")

    # What is drawn anew under a link or a button leaves the focus on it.
    taken_out = trader.get_by_role("link", name="Take out… Horse 2")
    taken_out.focus()
    server.api("POST", f"/races/{RACE}/status", {"status": "PARADING"})
    expect(undo).to_contain_text("Undo: Parading")
    expect(taken_out).to_be_focused()


def test_a_runner_that_comes_out_and_a_closed_race_take_no_price(server: RunningServer, trader: Any) -> None:
    cell(trader, "1").fill("10/11")
    server.api("POST", f"/races/{RACE}/runners/2/withdraw")
    expect(trader.locator('[data-runner="2"]')).to_contain_text("NR")
    cell(trader, "1").press("Enter")
    expect(cell(trader, "3")).to_be_focused()
    expect(trader.locator('[data-book="tote"]')).to_have_text("74.6%")

    server.api("POST", f"/races/{RACE}/betting", {"betting": "closed"})
    expect(cell(trader, "1")).to_be_disabled()
    expect(trader.locator("[data-said]")).to_contain_text("Nothing more can be written here")
    server.api("POST", f"/races/{RACE}/betting", {"betting": "open"})
    expect(cell(trader, "1")).to_be_enabled()
    expect(trader.locator("[data-said]")).to_be_hidden()


def test_a_form_posted_twice_at_once_writes_once(lasting: RunningServer, browser: Browser) -> None:
    quote(lasting, r1=2, r2=3.5, r3=4.5)
    before = lasting.api("GET", f"/races/{RACE}").json()["version"]
    posted = """() => {
        const form = document.querySelector("[data-odds-form]");
        const post = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        return Promise.all([post(), post()].map(async (answer) => (await answer).status));
    }"""
    with visitor(browser, lasting, "staff", viewport=DESK) as trader:
        cell(opened(trader, lasting), "1").fill("10/11")

        assert trader.evaluate(posted) == [200, 200]
    assert lasting.api("GET", f"/races/{RACE}").json()["version"] == before + 1


def test_on_a_phone_the_grid_scrolls_within_itself_and_the_horses_stay(
    lasting: RunningServer, browser: Browser
) -> None:
    for maker in ("corner", "exchange", "harrow"):
        quote(lasting, maker, r1=2.4)
    with visitor(browser, lasting, "staff", viewport=PHONE) as page:
        opened(page, lasting)
        cell(page, "1").focus()

        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.locator('[data-runner="1"] .horse').bounding_box()["x"] < 20
        assert cell(page, "1").bounding_box()["height"] >= 44
