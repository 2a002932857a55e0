"""A reader's own pages in a real browser: what is waited for arrives in every tab, on the device, at nobody else's."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, quote
from tests.browser.reconnecting import wait_for_state
from tests.support.servers import RunningServer

PASSWORD = "going good to firm"
HIDE = """() => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/notifications/");
  for (let tries = 0; tries < 200; tries += 1) {
    const shown = await worker.getNotifications();
    if (shown.length > 0) return shown.map(({ title, data }) => [title, data.href]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return [];
}"""


@pytest.fixture
def ann(lasting: RunningServer, browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The browser of a punter who has just registered, with the notifications of the device permitted."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.grant_permissions(["notifications"], origin=lasting.url)
    page = context.new_page()
    page.goto(f"{lasting.url}/register")
    page.get_by_label("E-mail").fill(f"{request.node.name[:50].lower()}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Register").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{lasting.url}/my")
    yield context
    context.close()


def tab(context: Any, server: RunningServer, path: str) -> Any:
    page = context.new_page()
    page.goto(f"{server.url}{path}")
    wait_for_state(page, "connected")
    return page


def wait_for_price(context: Any, server: RunningServer, runner: str, price: str) -> None:
    page = context.new_page()
    page.goto(f"{server.url}/my/alerts/new?race={RACE}&runner={runner}")
    page.get_by_label("Price").select_option(price)
    page.get_by_role("button", name="Tell me").click()
    expect(page.get_by_role("status").first).to_contain_text(f"You will be told when Horse {runner} is")
    page.close()


def unread(page: Any) -> Any:
    return page.locator("[data-unread]")


def notices(page: Any) -> Any:
    return page.locator("[data-notice=notification]")


def test_a_price_waited_for_arrives_in_all_tabs_of_its_user_and_nobody_else_s(
    lasting: RunningServer, ann: Any, page: Any
) -> None:
    wait_for_price(ann, lasting, "3", "12.00")
    races, mine = tab(ann, lasting, "/"), tab(ann, lasting, "/my")
    expect(mine.locator("[data-refreshed=armed]")).to_contain_text("11/1", use_inner_text=True)
    other = page
    other.goto(lasting.url)
    wait_for_state(other, "connected")

    quote(lasting, r3=13)

    for each in (races, mine):
        expect(notices(each)).to_contain_text("Horse 3 is 12/1")
        expect(unread(each)).to_have_text("1")
    expect(mine.locator("[data-refreshed=ended]")).to_contain_text("told at")
    notices(races).get_by_role("link").click()
    expect(races).to_have_url(f"{lasting.url}/races/{RACE}")
    expect(unread(races)).to_be_hidden()
    expect(unread(mine)).to_be_hidden()
    expect(notices(other)).to_have_count(0)


def test_the_device_shows_once_what_comes_while_no_tab_is_looked_at(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    settings = ann.pages[0]
    settings.goto(f"{lasting.url}/settings")
    settings.get_by_role("button", name="Show notifications on this device").click()
    expect(settings.locator("[data-device-word]")).to_contain_text("Shown on this device")
    tabs = [settings, tab(ann, lasting, "/"), tab(ann, lasting, "/notifications")]
    for each in tabs:
        each.evaluate(HIDE)

    quote(lasting, r2=7)

    for each in tabs:
        expect(unread(each)).to_have_text("1")
        expect(notices(each)).to_have_count(0)
    shown = settings.evaluate(SHOWN)
    assert [title for title, _ in shown] == ["Horse 2 is 6/1 (Tote), 14:05 Wexmoor"]
    assert re.fullmatch(r"/notifications/\d+", shown[0][1])
    # The list of them is drawn anew by itself.
    expect(tabs[2].locator("[data-inbox]")).to_contain_text("Horse 2 is 6/1")


def test_in_quiet_hours_nothing_pops_up_and_the_count_rises(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    settings = ann.pages[0]
    settings.goto(f"{lasting.url}/settings")
    # All of the day but one minute that is not now.
    hour = settings.evaluate("(new Date().getHours() + 12) % 24")
    settings.get_by_label("From").fill(f"{hour:02}:01")
    settings.get_by_label("until").fill(f"{hour:02}:00")
    settings.get_by_role("button", name="Keep these settings").click()
    expect(settings.get_by_role("status").first).to_contain_text("Your settings are kept.")
    races = tab(ann, lasting, "/")

    quote(lasting, r2=7)

    expect(unread(races)).to_have_text("1")
    expect(notices(races)).to_have_count(0)


def test_a_star_does_its_work_and_stays_on_the_page(lasting: RunningServer, ann: Any) -> None:
    page = ann.pages[0]
    page.goto(f"{lasting.url}/horses/horse-1")
    wait_for_state(page, "connected")
    page.get_by_role("button", name="Watch Horse 1").press("Enter")
    button = page.get_by_role("button", name="Watching Horse 1: stop")
    expect(button).to_be_focused()
    expect(page.locator("[data-watch] [role=status]")).to_contain_text("on your list now")
    page.goto(f"{lasting.url}/my")
    expect(page.locator("[data-refreshed=names]")).to_contain_text("14:05 Wexmoor")
    page.get_by_role("button", name="Remove Horse 1").click()
    expect(page.locator("[data-refreshed=names]")).not_to_contain_text("Horse 1")


def test_a_notice_goes_from_all_tabs_once_it_was_read_or_dismissed_in_one(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    wait_for_price(ann, lasting, "3", "12.00")
    one, other = tab(ann, lasting, "/"), tab(ann, lasting, "/meetings")
    quote(lasting, r2=7, r3=13)
    for each in (one, other):
        expect(notices(each)).to_have_count(2)

    # The newest stands alone on a phone: dismissed, it uncovers the other.
    notices(one).last.get_by_role("button").click()
    expect(notices(other)).to_have_count(1)
    last = notices(other).get_by_role("link")
    last.click()
    other.wait_for_url(f"{lasting.url}/races/{RACE}")
    expect(notices(one)).to_have_count(0)


def test_a_notice_goes_that_was_read_in_the_list_of_another_tab(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    races, inbox = tab(ann, lasting, "/"), tab(ann, lasting, "/notifications")
    quote(lasting, r2=7)
    expect(notices(races)).to_have_count(1)
    inbox.get_by_role("button", name="Mark all as read").click()
    expect(unread(races)).to_be_hidden()
    expect(notices(races)).to_have_count(0)


def test_the_list_of_notifications_tells_of_none_a_second_time(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    inbox = tab(ann, lasting, "/notifications")
    quote(lasting, r2=7)
    expect(inbox.locator("[data-inbox]")).to_contain_text("Horse 2 is 6/1")
    # Who does not see the list grow is told.
    expect(inbox.locator("[data-notice-said]")).to_contain_text("Horse 2 is 6/1")
    expect(notices(inbox)).to_have_count(0)


def test_a_list_that_cannot_be_drawn_anew_leaves_the_word_to_the_notice(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    inbox = tab(ann, lasting, "/notifications")
    inbox.route("**/notifications", lambda route: route.abort())
    quote(lasting, r2=7)
    expect(notices(inbox)).to_contain_text("Horse 2 is 6/1")


def test_who_wants_no_pop_ups_has_none_but_of_the_device_and_the_count_rises(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    settings = ann.pages[0]
    settings.goto(f"{lasting.url}/settings")
    settings.get_by_label("Nothing").check()
    settings.get_by_role("button", name="Keep these settings").click()
    expect(settings.get_by_role("status").first).to_contain_text("Your settings are kept.")
    settings.get_by_role("button", name="Show notifications on this device").click()
    expect(settings.locator("[data-device-word]")).to_contain_text("Shown on this device")
    races = tab(ann, lasting, "/")

    quote(lasting, r2=7)

    expect(unread(races)).to_have_text("1")
    expect(notices(races)).to_have_count(0)
    quote(lasting, r2=4)
    wait_for_price(ann, lasting, "2", "6.50")
    for each in (settings, races):
        each.evaluate(HIDE)
    quote(lasting, r2=7)
    assert [title for title, _ in settings.evaluate(SHOWN)] == ["Horse 2 is 6/1 (Tote), 14:05 Wexmoor"]
    expect(notices(races)).to_have_count(0)


def test_what_happens_in_a_race_is_told_in_one_line_that_leads_to_it(lasting: RunningServer, ann: Any) -> None:
    page = ann.pages[0]
    page.goto(f"{lasting.url}/races/{RACE}")
    page.get_by_role("button", name="Watch this race").click()
    expect(page.get_by_role("button", name="Watching this race: stop")).to_be_visible()
    races = tab(ann, lasting, "/meetings")

    assert lasting.api("POST", f"/races/{RACE}/off-time", {"offTime": "2030-06-01T13:15:00Z"}).ok

    words = "The 14:05 Wexmoor is now due off at 14:15"
    expect(notices(races).locator("p")).to_have_text(words)
    notices(races).get_by_role("link", name=words).click()
    expect(races).to_have_url(f"{lasting.url}/races/{RACE}")
    assert lasting.api("POST", f"/races/{RACE}/off-time", {"offTime": "2030-06-01T13:05:00Z"}).ok


@pytest.mark.soak
def test_a_notice_leaves_by_itself_unless_it_is_pointed_at(lasting: RunningServer, ann: Any) -> None:
    wait_for_price(ann, lasting, "2", "6.00")
    left, pointed_at = tab(ann, lasting, "/"), tab(ann, lasting, "/my")
    quote(lasting, r2=7)
    notices(pointed_at).hover()
    expect(notices(left)).to_have_count(1)
    expect(notices(left)).to_have_count(0, timeout=25_000)
    expect(notices(pointed_at)).to_have_count(1)
    pointed_at.mouse.move(5, 5)
    expect(notices(pointed_at)).to_have_count(0, timeout=25_000)
