"""A page that is left open for longer than its cookie counts: it has a new one, misses nothing, and loses no form."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, badge, price_of, quote, sign_in
from tests.browser.test_notices import notices, notify
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak
LIVES_S = 3


@pytest.fixture
def hasty(migrated_sqlite: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A server whose tokens count for three seconds, with a race of two priced runners."""
    shutil.copy(migrated_sqlite, tmp_path / "racing.db")
    url, minutes = f"sqlite:///{tmp_path / 'racing.db'}", str(LIVES_S / 60)
    with RunningServer(url, tmp_path / "instance", ACCESS_TOKEN_MINUTES=minutes) as server:
        server.declare(RACE, 2)
        quote(server, r1=2.5, r2=4)
        yield server


def test_a_page_left_open_stays_its_users_until_the_sign_in_ends(hasty: RunningServer, page: Any) -> None:
    told: list[int] = []

    def tell_while_it_is_nobodys(route: Any) -> None:
        if not told:
            hasty.sign_in_again()
            quote(hasty, r1=3.25)
            notify(hasty, "Told in between")
        told.append(1)
        route.continue_()

    page.route("**/session", tell_while_it_is_nobodys)
    sign_in(page, hasty, f"/races/{RACE}")
    expect(badge(page)).to_contain_text("Live")
    page.evaluate("window.notReloaded = true")

    with page.expect_response("**/session") as renewed:
        pass
    assert renewed.value.status == 204
    expect(notices(page)).to_contain_text("Told in between")
    expect(notices(page)).to_have_count(1)
    expect(price_of(page, "1", "tote")).to_have_attribute("data-price", "3.25")
    expect(badge(page)).to_contain_text("Live")
    with page.expect_response("**/session") as again:
        pass
    assert again.value.status == 204

    other = page.context.new_page()
    other.goto(f"{hasty.url}/account")
    with page.expect_response("**/session") as refused:
        other.locator("header").get_by_role("button", name="Sign out").click()
    assert refused.value.status == 401
    expect(page.locator("header").get_by_role("link", name="Sign in again")).to_be_visible()
    expect(page.locator(".bell")).to_be_hidden()
    expect(badge(page)).to_contain_text("Live")  # prices are for everybody
    assert page.evaluate("window.notReloaded")
