"""The live side as staff watch it: it moves by itself, and says when it does not."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, sign_in
from tests.support.servers import RunningServer
from tests.support.wire import Punter

pytestmark = pytest.mark.soak

SOON_MS = 8_000


@pytest.fixture
def watch(server: RunningServer, race: str, page: Any) -> Any:
    """The page, while nobody follows anything."""
    sign_in(page, server, "/staff/live")
    return page


def total(watch: Any, name: str) -> Any:
    return watch.locator(f'[data-total="{name}"]')


def followers(watch: Any, race_id: str) -> Any:
    return watch.locator(f'[data-race-id="{race_id}"] td')


def test_who_comes_and_goes_is_seen_without_a_reload(server: RunningServer, watch: Any) -> None:
    expect(total(watch, "connections")).to_have_text("0")
    expect(watch.get_by_text("Nobody follows a race.")).to_be_visible()

    with Punter(server.url) as ann, Punter(server.url) as bob:
        ann.follow(RACE)
        bob.follow(RACE)
        expect(total(watch, "connections")).to_have_text("2", timeout=SOON_MS)
        expect(followers(watch, RACE)).to_have_text("2", timeout=SOON_MS)
        expect(watch.get_by_text("Nobody follows a race.")).to_be_hidden()

        server.declare("ayr")
        bob.follow("ayr")
        expect(followers(watch, "ayr")).to_have_text("1", timeout=SOON_MS)
        expect(watch.locator("[data-races] tr")).to_have_count(2)

    expect(total(watch, "connections")).to_have_text("0", timeout=SOON_MS)
    expect(watch.locator("[data-races] tr")).to_have_count(0)


def test_what_leaves_is_counted_in_the_workers_column(server: RunningServer, watch: Any) -> None:
    published = watch.locator('[data-count="published"] td')
    expect(published).to_have_text(["0", "0"])

    with Punter(server.url) as ann:
        ann.follow(RACE)
        server.price(RACE, r1=3)
        ann.next("odds_update", RACE)
        expect(published).to_have_text(["1", "1"], timeout=SOON_MS)
        expect(watch.locator('[data-count="delivered"] td').first).not_to_have_text("0", timeout=SOON_MS)


def test_whoever_stands_on_a_races_link_is_not_thrown_off_it(server: RunningServer, watch: Any) -> None:
    with Punter(server.url) as ann, Punter(server.url) as bob:
        ann.follow(RACE)
        expect(followers(watch, RACE)).to_have_text("1", timeout=SOON_MS)
        watch.locator(f'[data-race-id="{RACE}"] a').focus()

        bob.follow(RACE)
        expect(followers(watch, RACE)).to_have_text("2", timeout=SOON_MS)

        expect(watch.locator(f'[data-race-id="{RACE}"] a')).to_be_focused()
        watch.keyboard.press("Enter")
        watch.wait_for_url(f"{server.url}/staff/races/{RACE}")


def test_a_server_that_is_silent_is_said_to_be_and_then_forgotten(server: RunningServer, watch: Any) -> None:
    silence = watch.locator("[data-silence]")
    expect(silence).to_be_hidden()

    server.stop()
    expect(silence).to_be_visible(timeout=SOON_MS)

    server.start()
    expect(silence).to_be_hidden(timeout=SOON_MS)


def test_whoever_is_signed_out_is_told_and_shown_the_way_back(watch: Any) -> None:
    watch.context.clear_cookies()

    link = watch.get_by_role("link", name="sign in again")
    expect(link).to_be_visible(timeout=SOON_MS)
    link.click()
    expect(watch.get_by_label("E-mail")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(width: int, server: RunningServer, watch: Any) -> None:
    watch.set_viewport_size({"width": width, "height": 844})
    with Punter(server.url) as ann:
        ann.follow(RACE)
        expect(followers(watch, RACE)).to_have_text("1", timeout=SOON_MS)

        assert watch.evaluate("document.documentElement.scrollWidth") <= width
