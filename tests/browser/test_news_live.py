"""An article published while a list of news is open stands at its top, as it stands there after a reload."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE
from tests.browser.reconnecting import wait_for_state
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

OTHER = "wexmoor-1440"


def publish(server: RunningServer, title: str, race_id: str | None = None) -> None:
    body = {"title": title, "summary": f"{title}, in short.", "body": "The whole of it."}
    answer = server.api("POST", "/news", {**body, **({"raceId": race_id} if race_id else {})})
    assert answer.status_code == 201, answer.text


def headlines(page: Any) -> Any:
    return page.locator(".articles .headline")


def test_a_new_article_stands_at_the_top_of_the_lists_it_belongs_to(lasting: RunningServer, page: Any) -> None:
    if not lasting.api("GET", f"/races/{OTHER}").ok:
        lasting.declare(OTHER)
    publish(lasting, "Before")
    of_race, of_meeting = page.context.new_page(), page.context.new_page()
    asked = {page: "", of_race: f"?race={RACE}", of_meeting: "?meeting=wexmoor-2030-06-01"}
    for each, about in asked.items():
        each.goto(f"{lasting.url}/news{about}")
        wait_for_state(each, "connected")

    publish(lasting, "About <b>no</b> race")
    publish(lasting, "About the other", OTHER)
    publish(lasting, "About this one", RACE)

    expect(headlines(page)).to_have_text(["About this one", "About the other", "About <b>no</b> race", "Before"])
    expect(headlines(of_meeting)).to_have_text(["About this one", "About the other"])
    expect(headlines(of_race)).to_have_text(["About this one"])
    expect(of_race.locator("[data-news-none]")).to_have_count(0)
    # What a list shows is not told a second time; what it does not show is.
    expect(page.locator("[data-notice-said]")).to_have_text("About this one")
    expect(page.locator("[data-notice]")).to_have_count(0)
    expect(of_race.locator("[data-notice] a")).to_have_text(["About <b>no</b> race", "About the other"])
    times = page.locator(".articles time").all_inner_texts()
    page.reload()
    assert page.locator(".articles time").all_inner_texts() == times
    headlines(page).get_by_role("link", name="About this one").click()
    expect(page.locator("main h1")).to_have_text("About this one")


def test_a_race_page_lists_the_newest_three_about_it(lasting: RunningServer, page: Any) -> None:
    race = lasting.declare("wexmoor-1515")
    page.goto(f"{lasting.url}/races/{race}")
    wait_for_state(page, "connected")
    expect(page.get_by_role("heading", name="News of this race")).to_be_hidden()

    for number in range(1, 5):
        publish(lasting, f"Number {number}", race)

    expect(page.get_by_role("heading", name="News of this race")).to_be_visible()
    expect(headlines(page)).to_have_text(["Number 4", "Number 3", "Number 2"])
    page.get_by_role("link", name="All its news").click()
    expect(headlines(page)).to_have_text(["Number 4", "Number 3", "Number 2", "Number 1"])


def test_the_link_of_a_page_goes_to_the_clipboard_where_the_device_has_no_sheet(
    lasting: RunningServer, page: Any
) -> None:
    publish(lasting, "To be shared")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{lasting.url}/news/to-be-shared?utm_source=chat")
    page.evaluate("delete Navigator.prototype.share")

    page.get_by_role("button", name="Share").click()

    expect(page.locator("[data-share-said]")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{lasting.url}/news/to-be-shared"


def test_the_sheet_of_the_device_gets_title_and_address_and_may_be_closed(lasting: RunningServer, page: Any) -> None:
    publish(lasting, "To be sent")
    page.add_init_script("""Navigator.prototype.share = async (sent) => {
        window.sent = sent;
        throw new DOMException("closed", "AbortError");
    };""")
    page.goto(f"{lasting.url}/news/to-be-sent")

    page.get_by_role("button", name="Share").click()

    page.wait_for_function("() => window.sent")
    assert page.evaluate("window.sent") == {"title": "To be sent", "url": f"{lasting.url}/news/to-be-sent"}
    expect(page.locator("[data-share-said]")).to_have_text("")


def test_without_scripts_no_button_is_offered_that_would_do_nothing(lasting: RunningServer, browser: Any) -> None:
    publish(lasting, "To be read")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{lasting.url}/news/to-be-read")

    expect(page.locator("main h1")).to_have_text("To be read")
    expect(page.locator("[data-share]")).to_be_hidden()
    context.close()
