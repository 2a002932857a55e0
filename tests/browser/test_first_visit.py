"""Somebody without an account presses a star, or asks for a price, on a phone: an account later it is done."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(lasting: RunningServer, browser: Any) -> Iterator[Any]:
    """The race's page on the phone of somebody who has never been here."""
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(f"{lasting.url}/races/{RACE}")
    yield page
    context.close()


def register(page: Any, email: str) -> None:
    page.get_by_role("link", name="Register").tap()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("going good to firm")
    page.locator("main").get_by_role("button", name="Register").tap()
    expect(page.get_by_label("E-mail")).to_have_value(email)
    page.get_by_label("Password").fill("going good to firm")
    page.locator("main").get_by_role("button", name="Sign in").tap()


def test_a_price_is_asked_for_in_a_runner_s_opened_row(lasting: RunningServer, phone: Any) -> None:
    row = phone.locator("[data-runner-row='2']")
    ask = row.get_by_role("link", name="Alert me at a price of Horse 2")
    expect(ask).to_be_hidden()
    row.locator("summary").tap()
    box, size = ask.bounding_box(), row.bounding_box()
    assert box["height"] >= 44
    assert box["width"] >= 0.9 * size["width"]
    # The first thing below the runner's own line.
    others = row.locator("td.bookmaker, td.of-day, td.card").all()
    assert all(box["y"] < other.bounding_box()["y"] for other in others)

    ask.tap()
    register(phone, "asks@example.org")

    expect(phone).to_have_url(f"{lasting.url}/my/alerts/new?race={RACE}&runner=2")
    phone.get_by_label("Price").select_option("12.00")
    phone.get_by_role("button", name="Tell me").tap()
    expect(phone.get_by_role("status").first).to_contain_text("You will be told when Horse 2 is 11/1 or bigger.")
    phone.locator("[data-runner-row='2'] summary").tap()
    expect(phone.get_by_role("link", name="You wait for a price of Horse 2")).to_be_visible()


def test_a_price_is_asked_for_at_the_top_of_the_page(lasting: RunningServer, phone: Any) -> None:
    top = phone.get_by_role("link", name="Price alert")
    assert top.bounding_box()["height"] >= 44
    top.tap()
    register(phone, "asks-above@example.org")
    phone.get_by_role("link", name="Horse 3").tap()
    expect(phone.locator("h1")).to_have_text("Tell me when Horse 3 is")


def test_a_star_pressed_before_there_is_an_account_is_not_forgotten(lasting: RunningServer, phone: Any) -> None:
    phone.get_by_role("link", name="Watch this race").tap()
    register(phone, "watches@example.org")
    expect(phone).to_have_url(f"{lasting.url}/races/{RACE}")
    expect(phone.get_by_role("button", name="Watching this race: stop")).to_be_visible()
