"""The live side as staff watch it: it moves by itself, and says when it does not."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
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


def quote_at(race_id: str, server: RunningServer, price: float) -> None:
    """Write a price of the tote's."""
    odds = [{"runnerId": "1", "bookmaker": "tote", "price": price}]
    assert server.api("POST", f"/races/{race_id}/odds", {"odds": odds}).status_code == 200


def grow_older(server: RunningServer, race_id: str, seconds: int) -> None:
    """Let so many seconds pass for a race's prices."""
    file = server.env["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, timeout=10)) as connection, connection:
        moment = f"{datetime.now(UTC) - timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S.%f}"
        connection.execute("UPDATE current_prices SET updated_at = ? WHERE race_id = ?", (moment, race_id))


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


def test_a_feed_that_falls_silent_turns_red_and_back(server: RunningServer, watch: Any) -> None:
    server.declare("soon", offTime=f"{datetime.now(UTC) + timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}")
    quote_at("soon", server, 3)
    tote = watch.locator('[data-feeds] [data-bookmaker="tote"]')
    expect(tote).to_contain_text("s ago", timeout=SOON_MS)
    expect(tote).not_to_have_class("late")
    expect(watch.locator("[data-late]")).to_be_hidden()

    grow_older(server, "soon", seconds=57)
    expect(tote).to_have_class("late", timeout=SOON_MS)
    expect(tote).to_contain_text("1 min ago")
    expect(watch.get_by_role("status").filter(has_text="races are near")).to_contain_text("Tote")

    quote_at("soon", server, 4)
    expect(tote).not_to_have_class("late", timeout=SOON_MS)
    expect(watch.locator("[data-late]")).to_be_hidden()


def test_the_charts_go_on_and_follow_the_theme(server: RunningServer, watch: Any) -> None:
    now = watch.locator('[data-chart="connections"] [data-chart-now]')
    with Punter(server.url), Punter(server.url):
        expect(now).to_have_text("2", timeout=2 * SOON_MS)
    expect(watch.locator("[data-chart] canvas")).to_have_count(6)
    watch.emulate_media(color_scheme="dark")
    expect(watch.locator("[data-chart] canvas")).to_have_count(6)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(width: int, server: RunningServer, watch: Any) -> None:
    watch.set_viewport_size({"width": width, "height": 844})
    with Punter(server.url) as ann:
        ann.follow(RACE)
        expect(followers(watch, RACE)).to_have_text("1", timeout=SOON_MS)

        assert watch.evaluate("document.documentElement.scrollWidth") <= width
