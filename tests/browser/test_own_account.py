"""An account's whole life on a phone, by the keys alone: made, forgotten, got back by a mail, changed, left."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.support.mailbox import Mailbox, mailbox
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak
EMAIL, FIRST, SECOND, THIRD = "ann@example.org", "going good to firm", "good to soft in places", "heavy, soft in places"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Mailbox]:
    """A mail server that speaks STARTTLS and asks who sends."""
    with mailbox(tls_in=tmp_path / "post") as box:
        yield box


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path, post: Mailbox) -> Iterator[RunningServer]:
    """A web process that sends its mail there."""
    url = f"smtp://{post.user}:{quote(post.password, safe='')}@127.0.0.1:{post.port}"
    with RunningServer(sqlite_url, tmp_path / "instance", SMTP_URL=url) as running:
        yield running


def send(page: Any, **typed: str) -> None:
    """Fill in the fields in their order, and press Enter in the last."""
    for label, text in typed.items():
        field = page.get_by_label(re.compile(label.replace("_", " "), re.IGNORECASE))
        field.focus()
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def fits_the_screen(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_an_account_s_whole_life(house: RunningServer, post: Mailbox, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.url}/register")
    send(page, **{"e-mail": EMAIL, "password": FIRST})
    expect(page.get_by_role("status").first).to_contain_text("You can sign in now.")
    expect(page.get_by_label("E-mail")).to_have_value(EMAIL)

    page.get_by_role("link", name="Forgotten your password?").press("Enter")
    send(page, **{"e-mail": EMAIL})
    expect(page.locator("h1")).to_have_text("Look into your mail")
    mail, told, over_tls = post.next()
    assert (told, over_tls) == ([EMAIL], True)
    (link,) = re.findall(r"/reset\?token=\S+", mail.get_content())
    page.goto(f"{house.url}{link}")
    assert fits_the_screen(page)
    send(page, new_password=SECOND)
    assert post.next()[0]["Subject"] == "Your password at Offtime was changed"
    send(page, password=SECOND)
    page.wait_for_url(f"{house.url}/")

    page.goto(f"{house.url}/account")
    send(page, current_password="not this one", new_password=THIRD)
    expect(page.get_by_label("Current password")).to_have_accessible_description("This is not your password.")
    assert fits_the_screen(page)
    send(page, current_password=SECOND, new_password=THIRD)
    expect(page.get_by_role("status").first).to_contain_text("Your password is changed.")
    page.get_by_role("button", name="Sign out everywhere else").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("signed out everywhere but here")

    page.get_by_role("link", name="Delete my account").press("Enter")
    send(page, your_password=THIRD)
    expect(page.get_by_role("status").first).to_contain_text("Your account is deleted.")
    page.goto(f"{house.url}{link}")
    expect(page.locator("h1")).to_have_text("This link does not work")
    context.close()
    assert "level='error'" not in house.log
    assert EMAIL not in house.log
