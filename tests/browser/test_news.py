"""News and notifications in a real browser: published at the desk, read by punters, whole on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, sign_in
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

ARTICLE = {"title": "Rain at Wexmoor", "summary": "The going eases.", "body": "It rains."}
TOLD = {"kind": "account.limit", "title": "Your limit was raised", "body": "It is 200 a week.", "url": f"/races/{RACE}"}


@pytest.fixture
def form(server: RunningServer, race: str, page: Any) -> Any:
    """The form that publishes."""
    sign_in(page, server, "/staff/news/new")
    return page


def test_an_article_is_published_at_the_desk_and_read_by_punters(
    server: RunningServer, form: Any, browser: Any
) -> None:
    form.get_by_label("Title").fill("Rain at Wexmoor")
    form.get_by_label("Summary").fill("The going eases.")
    form.get_by_label("Body").fill("Nine millimetres fell.\n\nNo inspection <b>is</b> planned.")
    form.get_by_label("Or a race of another day").fill(RACE)
    form.get_by_role("button", name="Publish").click()
    expect(form.locator(".note.told").first).to_contain_text("The article is published")
    expect(form).to_have_url(f"{server.url}/news/rain-at-wexmoor")

    context = browser.new_context(java_script_enabled=False)
    punter = context.new_page()
    punter.goto(server.url)
    punter.get_by_role("navigation", name="Pages").get_by_role("link", name="News", exact=True).click()
    punter.get_by_role("link", name="Rain at Wexmoor").click()
    expect(punter.locator("article p").last).to_have_text("No inspection <b>is</b> planned.")
    punter.get_by_role("link", name="14:05 Wexmoor").click()
    expect(punter).to_have_url(f"{server.url}/races/{RACE}")
    context.close()


def test_what_is_refused_is_marked_and_what_was_typed_stays(server: RunningServer, form: Any) -> None:
    form.get_by_label("Title").fill("Rain at Wexmoor")
    form.get_by_label("Body").fill("\nFirst line, after an empty one.")
    form.get_by_label("Or a race of another day").fill("nowhere")
    form.get_by_role("button", name="Publish").click()

    expect(form.get_by_role("alert")).to_contain_text("Nothing is saved")
    expect(form.locator("#wrong-summary")).to_contain_text("A summary is needed")
    expect(form.locator("#wrong-raceId")).to_contain_text("no race 'nowhere'")
    expect(form.get_by_label("Title")).to_have_value("Rain at Wexmoor")
    expect(form.get_by_label("Body")).to_have_value("\nFirst line, after an empty one.")

    form.get_by_label("Summary").fill("The going eases.")
    form.get_by_label("Or a race of another day").fill("")
    form.get_by_role("button", name="Publish").click()
    expect(form).to_have_url(f"{server.url}/news/rain-at-wexmoor")


def test_publish_pressed_twice_publishes_once(server: RunningServer, form: Any) -> None:
    for label, text in (("Title", "Rain"), ("Summary", "The going eases."), ("Body", "It rains.")):
        form.get_by_label(label).fill(text)

    form.get_by_role("button", name="Publish").dblclick()

    expect(form).to_have_url(f"{server.url}/news/rain")
    form.goto(f"{server.url}/news")
    expect(form.locator(".articles li")).to_have_count(1)


def test_notifications_are_counted_on_every_page_until_they_are_read(
    server: RunningServer, race: str, page: Any
) -> None:
    for title in ("First", "Second", "Third"):
        told = {**TOLD, "title": title, "email": server.staff_email}
        assert server.api("POST", "/notifications", told).status_code == 201
    sign_in(page, server, "/news")
    expect(page.locator("[data-unread]")).to_have_text("3")

    page.get_by_role("link", name="Notifications, unread: 3").click()
    page.get_by_role("button", name="Mark as read Second").click()
    expect(page.locator("[data-unread]")).to_have_text("2")
    expect(page.locator(".inbox.read")).to_contain_text("Second")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("[data-unread]")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("You have read everything")

    page.get_by_role("link", name="Open First").click()
    expect(page).to_have_url(f"{server.url}/races/{RACE}")


def test_nothing_of_it_runs_over_the_edge_of_a_phone(server: RunningServer, race: str, page: Any) -> None:
    long = "W" * 90
    server.api("POST", "/news", {"title": long, "summary": long, "body": long, "raceId": RACE})
    told = {**TOLD, "title": long, "body": long, "url": f"https://{'w' * 60}.example/{long}"}
    server.api("POST", "/notifications", {**told, "email": server.staff_email})
    sign_in(page, server, "/staff/news")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (
        "/news",
        f"/news/{'w' * 50}",
        "/news?before=1",
        "/notifications",
        "/staff/news",
        "/staff/news/new",
        "/staff/news/articles/1",
        "/staff/notify",
        "/staff/",
    ):
        assert page.goto(f"{server.url}{path}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
