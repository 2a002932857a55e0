"""The news desk in a real browser: by the keyboard alone, without scripts, and by the clock."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import press, write
from tests.browser.pages import RACE, sign_in
from tests.browser.reconnecting import wait_for_state
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

BODY = "## Going\n\nNine **millimetres** fell. [The race](/races/wexmoor-1405)"
PUBLISHED_WITHIN_MS = 4_000


def test_an_article_is_written_published_corrected_and_withdrawn_by_keyboard(
    server: RunningServer, race: str, page: Any
) -> None:
    sign_in(page, server, "/staff/news")
    press(page, "Write an article")
    expect(page.get_by_role("heading", name="Write an article")).to_be_visible()
    write(page, "Title", "Rain at Wexmoor")
    write(page, "Summary", "The going eases.")
    write(page, "Body", BODY)
    preview = page.locator("[data-news-preview]")
    expect(preview.locator("h2")).to_have_text("Going")
    expect(preview.locator("strong")).to_have_text("millimetres")
    write(page, "Or a race of another day", RACE)
    press(page, "Publish now")
    expect(page).to_have_url(f"{server.url}/news/rain-at-wexmoor")
    expect(page.locator("article a", has_text="The race")).to_have_attribute("rel", "nofollow noopener")

    press(page, "Correct or withdraw")
    write(page, "What is corrected", "It was eight millimetres.")
    press(page, "Publish the correction")
    expect(page.locator(".correction")).to_contain_text("It was eight millimetres.")

    press(page, "Correct or withdraw")
    press(page, "Withdraw…")
    press(page, "Withdraw it")
    expect(page.locator(".note.told").first).to_contain_text("withdrawn")
    assert page.goto(f"{server.url}/news/rain-at-wexmoor").status == 410


def test_without_scripts_a_preview_is_drawn_and_a_draft_kept(lasting: RunningServer, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, lasting, "/staff/news/new")
    page.get_by_label("Title").fill("Rain at Wexmoor")
    page.get_by_label("Body").fill(BODY)

    page.get_by_label("Title").press("Enter")
    expect(page.locator("#preview strong")).to_have_text("millimetres")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".note.told").first).to_contain_text("The draft is saved")
    page.get_by_role("link", name="All news").click()
    page.get_by_role("link", name="Rain at Wexmoor").click()
    expect(page.get_by_label("Body")).to_have_value(BODY)
    context.close()


def test_who_is_signed_out_meanwhile_is_told_before_the_form_is_lost(lasting: RunningServer, page: Any) -> None:
    sign_in(page, lasting, "/staff/news/new")
    session = page.context.cookies()
    page.context.clear_cookies(name=re.compile("token_cookie"))
    page.get_by_label("Title").fill("Rain")
    expect(page.locator("[data-signed-out]")).to_contain_text("You are signed out")

    page.context.add_cookies(session)
    page.get_by_label("Body").fill("It rains.")

    expect(page.locator("[data-signed-out]")).to_be_hidden()
    expect(page.locator("[data-news-preview] .article")).to_contain_text("It rains.")


def test_a_scheduled_article_reaches_punters_at_its_time(server: RunningServer, race: str, page: Any) -> None:
    sign_in(page, server, "/staff/news/new")
    for label, text in (("Title", "Rain"), ("Summary", "The going eases."), ("Body", "It rains.")):
        page.get_by_label(label).fill(text)
    page.get_by_label("To be published at").fill(f"{datetime.now() + timedelta(days=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Schedule").click()
    expect(page.locator(".note.told").first).to_contain_text("It will be published")
    page.goto(f"{server.url}/news")
    wait_for_state(page, "connected")
    expect(page.locator(".articles .headline")).to_have_count(0)

    its_time_is(server, datetime.now(UTC) + timedelta(seconds=1))

    expect(page.locator(".articles .headline")).to_have_text("Rain", timeout=PUBLISHED_WITHIN_MS)


def its_time_is(server: RunningServer, at: datetime) -> None:
    """Move the time of what is scheduled: a form knows minutes only."""
    file = server.env["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE article_drafts SET publish_at = ?", (f"{at:%Y-%m-%d %H:%M:%S.%f}",))
