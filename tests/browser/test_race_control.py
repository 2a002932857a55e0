"""Race control as a member of staff works it, beside an open page of a punter: each step arrives, and is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import RACE, price_of, quote, sign_in
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak
DESK = f"/staff/races/{RACE}"


@pytest.fixture
def punter(server: RunningServer, race: str, browser: Browser) -> Iterator[Any]:
    """A punter's open page of the race, which is live."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{server.url}/races/{RACE}")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    yield page
    context.close()


def undo(desk: Any, said: str) -> None:
    """Take the last change back by keys, from wherever the page was."""
    desk.wait_for_load_state()
    desk.locator("h1").first.click()
    desk.keyboard.press("Control+z")
    button = desk.locator("[data-undo]")
    expect(button).to_be_focused()
    expect(button).to_contain_text(f"Undo: {said}, ")
    desk.keyboard.press("Enter")
    expect(desk.locator(".note.told").first).to_contain_text("taken back")


def test_a_race_is_run_by_buttons_and_each_step_taken_back(
    server: RunningServer, race: str, page: Any, punter: Any
) -> None:
    quote(server, r1=2.5, r2=4, r3=9)
    sign_in(page, server, DESK)

    page.get_by_role("link", name="Take out… Horse 1").click()
    page.get_by_label("Cut them by this deduction").check()
    page.get_by_role("button", name="Take Horse 1 out").click()
    expect(price_of(punter, "2").locator(".frac")).to_have_text("9/5")
    expect(punter.locator('[data-runner-row="1"]')).to_contain_text("Non-runner")
    undo(page, "Horse 1 taken out, prices cut")
    expect(price_of(punter, "2").locator(".frac")).to_have_text("3/1")
    expect(price_of(punter, "1").locator(".frac")).to_have_text("6/4")

    page.get_by_role("button", name="Off", exact=True).click()
    expect(punter.locator("[data-off-large]")).to_have_text("Off")
    undo(page, "Off")
    expect(punter.locator("[data-off-large]")).not_to_have_text("Off")

    page.get_by_role("link", name="Result…").click()
    page.get_by_label("Place of Horse 3").fill("1")
    page.get_by_label("Place of Horse 2").fill("2")
    page.get_by_role("button", name="SPs from last prices").click()
    expect(page.get_by_label("Starting price of Horse 3")).to_have_value("8/1")
    page.get_by_label("Place of Horse 3").press("Enter")
    expect(page.locator(".seen")).to_contain_text("1st Horse 3 SP 8/1")
    page.get_by_label("The race is not off yet").check()
    page.get_by_role("button", name="Declare it").click()
    expect(punter.locator("[data-placings]")).to_contain_text("Horse 3")
    undo(page, "Result declared")
    expect(punter.locator("[data-result]")).to_be_hidden()

    page.get_by_role("link", name="Abandon…").click()
    page.get_by_role("button", name="Abandon").click()
    expect(punter.locator("[data-note=status]")).to_contain_text("abandoned")
    undo(page, "Abandoned")
    expect(punter.locator("[data-note=closed]")).to_be_hidden()
    expect(punter.locator("[data-off-large]")).not_to_contain_text("Abandoned")


def test_without_scripts_all_of_it_works(lasting: RunningServer, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, lasting, DESK)
    page.get_by_role("link", name="Declare void…").click()
    page.get_by_role("button", name="Declare void").click()
    page.get_by_role("button", name="Undo: Void").click()
    expect(page.locator(".note.told").first).to_contain_text("taken back")
    assert lasting.api("GET", f"/races/{RACE}").json()["status"] == "DORMANT"
    context.close()


def test_nothing_of_it_runs_over_the_edge_of_a_phone(lasting: RunningServer, page: Any) -> None:
    sign_in(page, lasting, "/staff/")
    page.set_viewport_size({"width": 390, "height": 844})
    runner, meeting = f"{DESK}/runners/1/withdraw", "/staff/meetings/wexmoor-2030-06-01"
    for path in ("/staff/", DESK, runner, f"{DESK}/result", f"{DESK}/status/ABANDONED", meeting, f"{meeting}/abandon"):
        page.goto(f"{lasting.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_an_open_desk_offers_what_the_race_is_ready_for_now(server: RunningServer, race: str, page: Any) -> None:
    sign_in(page, server, DESK)
    off, false_start = (page.get_by_role("button", name=name, exact=True) for name in ("Off", "False start"))
    expect(off).to_be_visible()
    # A page that came back with a refusal has another address.
    page.evaluate("document.querySelector('[name=entry]').value = 0")
    page.locator("[data-undo]").click()
    expect(page.get_by_role("alert")).to_contain_text("Look again")

    server.api("POST", f"/races/{RACE}/status", {"status": "OFF"})

    expect(false_start).to_be_visible()
    expect(off).to_have_count(0)
    expect(page.locator("[data-fields]")).to_be_enabled()
    undo(page, "Off")
    expect(off).to_be_visible()
