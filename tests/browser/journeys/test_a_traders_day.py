"""A trader's day by keyboard alone, from the sign-in to the news, beside a punter's open page that sees each step."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.every_page import DESK, visitor
from tests.browser.keyboard import enter, press, tab_to, write
from tests.browser.pages import RACE, price_of
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak
MEETING = "Wexmoor · The Harbour Lights"
RUNNERS = 16
ODDS = ["5/2", "4/1", "6/1", "7/1", "8/1", "10/1", "12/1", "14/1", "16/1", "20/1", "22/1", "25/1", "33/1", "40/1"]
ODDS += ["66/1", "100/1"]


@pytest.fixture
def punter(server: RunningServer, browser: Browser) -> Iterator[Any]:
    """A punter's open page of a race of sixteen that nobody has priced."""
    server.declare(RACE, RUNNERS)
    with visitor(browser, server, "nobody", viewport=DESK) as page:
        page.goto(f"{server.url}/races/{RACE}")
        expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
        page.evaluate("() => { window.stayed = true; }")
        yield page
        assert page.evaluate("() => window.stayed"), "the punter's page was loaded anew"


@pytest.fixture
def trader(server: RunningServer, browser: Browser) -> Iterator[Any]:
    """A browser with nothing but a keyboard, at the page where one signs in."""
    with visitor(browser, server, "nobody", viewport=DESK) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{server.url}/login?next=/staff/")
        yield page


def test_a_race_is_priced_run_to_a_result_and_taken_back_by_keyboard_alone(
    server: RunningServer, trader: Any, punter: Any
) -> None:
    write(trader, "E-mail", server.staff_email)
    write(trader, "Password", server.staff_password)
    enter(trader)
    press(trader, MEETING)

    price_the_field(trader)
    expect(price_of(punter, "1").locator(".frac")).to_have_text("5/2")
    expect(price_of(punter, "16", "house").locator(".frac")).to_have_text("100/1")

    suspended = punter.locator("[data-note=suspended]")
    trader.keyboard.press("Alt+s")
    expect(suspended).to_be_visible()
    trader.keyboard.press("Alt+s")
    expect(suspended).to_be_hidden()

    take_out(trader, "Horse 2")
    expect(punter.locator('[data-runner-row="2"]')).to_contain_text("Non-runner")
    expect(punter.locator("[data-running]")).to_have_text("15")
    expect(price_of(punter, "1").locator(".frac")).to_have_text("2/1")

    step(trader, "Going down")
    expect(punter.locator("[data-off-small]")).to_contain_text("going down")
    step(trader, "Off")
    expect(punter.locator("[data-off-large]")).to_have_text("Off")

    declare(trader, "Horse 5", "Horse 1", "Horse 3")
    winner = punter.locator("[data-placings] .won")
    expect(winner).to_contain_text("1st Horse 5 SP 13/2")
    take_back(trader, "Result declared")
    expect(punter.locator("[data-result]")).to_be_hidden()
    expect(punter.locator("[data-off-large]")).to_have_text("Off")
    declare(trader, "Horse 1", "Horse 5", "Horse 3")
    expect(winner).to_contain_text("1st Horse 1")

    publish(trader, "Horse 1 wins at Wexmoor")
    expect(punter.locator(".articles .headline")).to_have_text("Horse 1 wins at Wexmoor")


def price_the_field(desk: Any) -> None:
    """Price the race for three bookmakers: one by typing, two from a spreadsheet."""
    for bookmaker in ("corner", "tote"):
        write(desk, "Another bookmaker", bookmaker)
        enter(desk)
    expect(desk.locator("[data-keys]")).to_be_visible()
    tab_to(desk, "Horse 1 at Corner")
    for price in ODDS:
        desk.keyboard.type(price)
        desk.keyboard.press("Enter")
    expect(desk.locator('[data-book="corner"]')).to_have_text("136.6%")
    for _ in ODDS[1:]:
        desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowRight")
    desk.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(f"{price}\t{price}" for price in ODDS))
    desk.keyboard.press("Control+v")
    expect(desk.locator('[data-book="tote"]')).to_have_text("136.6%")
    enter(desk, "Control+s")
    told(desk, "48 prices are written.")


def told(desk: Any, sentence: str) -> None:
    expect(desk.locator(".note.told").first).to_contain_text(sentence)


def take_out(desk: Any, horse: str) -> None:
    """Take a runner out, the others' prices cut."""
    press(desk, f"Take out… {horse}")
    tab_to(desk, "Leave them")
    desk.keyboard.press("ArrowDown")
    press(desk, f"Take {horse} out")
    told(desk, f"{horse} is a non-runner. The others' prices are cut.")


def to_the_controls(desk: Any) -> None:
    """Leap over the grid to the button that takes the last change back; the others are behind it."""
    desk.keyboard.press("Control+z")
    expect(desk.locator("[data-undo]")).to_be_focused()


def step(desk: Any, status: str) -> None:
    to_the_controls(desk)
    press(desk, status)
    told(desk, f"Status: {status.lower()}.")


def declare(desk: Any, *horses: str) -> None:
    """Declare a result of these horses in their order, with the last prices as SPs."""
    to_the_controls(desk)
    press(desk, "Result…")
    for place, horse in sorted(enumerate(horses, 1), key=lambda each: int(each[1].split()[1])):
        write(desk, f"Place of {horse}", str(place))
    press(desk, "SPs from last prices")
    press(desk, "Look at it")
    expect(desk.locator(".seen li")).to_contain_text([re.compile(f"{horse} SP") for horse in horses])
    press(desk, "Declare it")
    told(desk, "The result is declared.")


def take_back(desk: Any, change: str) -> None:
    to_the_controls(desk)
    expect(desk.locator("[data-undo]")).to_contain_text(f"Undo: {change}, ")
    enter(desk)
    told(desk, "The last change is taken back.")


def publish(desk: Any, title: str) -> None:
    """Go to the desk's news, and publish an article about the race."""
    tab_to(desk, "Cards")
    press(desk, "News")
    press(desk, "Write an article")
    for field, text in (("Title", title), ("Summary", "By a head."), ("Body", "A **close** finish.")):
        write(desk, field, text)
    write(desk, "Or a race of another day", RACE)
    expect(desk.locator("[data-news-preview] strong")).to_have_text("close")
    press(desk, "Publish now")
    expect(desk.get_by_role("heading", name=title)).to_be_visible()
