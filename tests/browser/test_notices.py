"""What is published while a page is open appears on it, once, and goes when the reader says so."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, badge, open_live, sign_in
from tests.browser.reconnecting import wait_for_state
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak


def publish(server: RunningServer, title: str) -> None:
    answer = server.api("POST", "/news", {"title": title, "summary": f"{title}, in short.", "body": "The whole of it."})
    assert answer.status_code == 201, answer.text


def notify(server: RunningServer, title: str, email: str | None = None, **more: str) -> None:
    body = {"email": email or server.staff_email, "kind": "price.alert", "title": title, "body": "As asked.", **more}
    answer = server.api("POST", "/notifications", body)
    assert answer.status_code == 201, answer.text


def notices(page: Any) -> Any:
    return page.locator("[data-notice]")


def test_an_article_is_told_of_on_the_open_page_and_leads_to_itself(lasting: RunningServer, page: Any) -> None:
    publish(lasting, "Published before")
    open_live(page, lasting)

    publish(lasting, "Going changes to soft")

    expect(notices(page)).to_have_count(1)
    expect(page.locator("[data-notices]")).to_have_attribute("aria-live", "polite")
    notices(page).get_by_role("link", name="Going changes to soft").click()
    expect(page.locator("main h1")).to_contain_text("Going changes to soft")
    page.goto(f"{lasting.url}/races/{RACE}")
    expect(badge(page)).to_contain_text("Live")
    expect(notices(page)).to_have_count(0)


def test_a_list_of_races_tells_as_well(lasting: RunningServer, page: Any) -> None:
    open_live(page, lasting, "/")
    publish(lasting, "The first of the day")
    expect(notices(page)).to_contain_text("The first of the day")


def test_a_list_without_races_tells_as_well(server: RunningServer, page: Any) -> None:
    page.goto(server.url)
    expect(page.locator(".empty")).to_be_visible()
    wait_for_state(page, "connected")
    publish(server, "Still a day of racing")
    expect(notices(page)).to_contain_text("Still a day of racing")


def test_a_notification_reaches_its_user_and_counts_as_unread(lasting: RunningServer, page: Any, browser: Any) -> None:
    sign_in(page, lasting, f"/races/{RACE}")
    expect(badge(page)).to_contain_text("Live")
    unread = int(page.locator("[data-unread]").text_content())
    other = browser.new_context().new_page()
    open_live(other, lasting)

    notify(lasting, "Horse 3 is 11/4", url=f"/races/{RACE}")
    publish(lasting, "For everybody")

    expect(notices(page)).to_have_count(2)
    expect(notices(page).first).to_contain_text("Horse 3 is 11/4")
    expect(notices(page).first).to_contain_text("As asked.")
    expect(page.locator("[data-unread]")).to_have_text(str(unread + 1))
    expect(page.locator("[data-unread]")).to_be_visible()
    expect(notices(other)).to_have_count(1)
    expect(notices(other)).to_contain_text("For everybody")
    other.context.close()
    # The way to what it is about goes by the list, which then knows that it is read.
    notices(page).first.get_by_role("link").click()
    expect(page).to_have_url(f"{lasting.url}/races/{RACE}")
    expect(page.locator("[data-unread]")).to_have_text(str(unread))


def test_what_was_missed_without_a_network_is_told_once_in_order(lasting: RunningServer, page: Any) -> None:
    sign_in(page, lasting, f"/races/{RACE}")
    expect(badge(page)).to_contain_text("Live")
    publish(lasting, "Before")
    expect(notices(page)).to_have_count(1)
    unread = int(page.locator("[data-unread]").text_content())
    page.context.set_offline(True)
    wait_for_state(page, "paused")
    publish(lasting, "Missed")
    notify(lasting, "Missed too")

    page.context.set_offline(False)

    expect(notices(page)).to_have_count(3)
    titles = notices(page).locator("a, strong").all_inner_texts()
    assert titles == ["Before", "Missed", "Missed too"]
    expect(page.locator("[data-unread]")).to_have_text(str(unread + 1))


def test_at_most_three_stand_and_the_keyboard_takes_them_away(lasting: RunningServer, page: Any) -> None:
    open_live(page, lasting)
    for title in ("One", "Two", "Three"):
        publish(lasting, title)
    expect(notices(page)).to_have_count(3)
    notices(page).first.get_by_role("button", name="Dismiss: One").focus()

    publish(lasting, "Four")

    # The one under the reader's fingers stays.
    expect(notices(page).locator("a")).to_have_text(["One", "Three", "Four"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Dismiss: Three")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Dismiss: Four")).to_be_focused()
    page.keyboard.press("Escape")
    expect(notices(page)).to_have_count(0)
    expect(page.locator("main")).to_be_focused()


def test_on_a_phone_the_newest_stands_alone_and_nothing_runs_over_the_edge(lasting: RunningServer, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_live(page, lasting)
    publish(lasting, "One")
    publish(lasting, "A-word-without-an-end-" * 6)
    expect(notices(page)).to_have_count(2)
    expect(notices(page).first).to_be_hidden()
    expect(notices(page).last).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    notices(page).last.get_by_role("button").click()
    expect(notices(page).first).to_be_visible()
