"""Lists of races draw themselves anew: what happens on the site appears on them without a reload."""

import re
from typing import Any

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.pages import RACE
from tests.browser.reconnecting import wait_for_state
from tests.support.servers import RunningServer

EVERY_MS, SILENT_MS = 61_000, 13_000
"""After so long a list looks for races that nobody tells it of, and a price is old: the page's clock is stepped."""


def keys(page: Any, section: str) -> Any:
    """Return the locator of the lines of a section, without what it says where it is empty."""
    return page.locator(f"[data-refreshed={section}] > [data-key]:not(.empty)")


def open_live(page: Any, address: str) -> None:
    """Open a list and wait until it is live; whoever loads it anew later loses the mark on its window."""
    page.clock.install()
    page.goto(address)
    wait_for_state(page, "connected")
    page.evaluate("window.notReloaded = true")


def test_a_race_declared_now_is_among_the_next_and_takes_no_focus(lasting: RunningServer, page: Any) -> None:
    open_live(page, f"{lasting.url}/")
    expect(page.locator('[data-key="earlier"]')).to_have_count(0)
    link = page.locator(f'[data-key="{RACE}"] a')
    link.focus()

    lasting.declare("earlier", offTime="2030-06-01T12:30:00Z")
    page.clock.fast_forward(EVERY_MS)

    expect(keys(page, "races").first).to_have_attribute("data-key", "earlier")
    expect(link).to_be_focused()
    lasting.price("earlier", r1=2.5)
    expect(page.locator('[data-key="earlier"] .price')).to_have_attribute("data-price", "2.50")
    expect(page.locator('[data-key="earlier"] [data-part=favourite]')).to_have_text("Horse 1")
    assert page.evaluate("window.notReloaded")


def test_a_result_declared_now_is_among_the_results_and_its_race_leaves_the_next(
    lasting: RunningServer, page: Any
) -> None:
    race = lasting.declare("decided", offTime="2030-06-08T13:05:00Z")
    open_live(page, f"{lasting.url}/results/2030-06-08")
    expect(page.locator("[data-refreshed=results] .empty")).to_be_visible()
    following = page.context.new_page()
    open_live(following, f"{lasting.url}/")
    line = following.locator(f'[data-key="{race}"]')

    placings = [{"runnerId": "2", "position": 1, "sp": 4.5}, {"runnerId": "1", "position": 2}]
    assert lasting.api("POST", f"/races/{race}/result", {"placings": placings}).ok

    expect(line.locator("[data-part=what]")).to_have_text("result")
    expect(line.locator("[data-part=favourite]")).to_have_text("Horse 2")
    expect(keys(page, "results").locator(".placings .place")).to_have_text(["1st", "2nd"], timeout=15_000)
    expect(keys(page, "results").locator(".placings .who")).to_have_text(["Horse 2", "Horse 1"])
    expect(page.locator("[data-refreshed=results] .empty")).to_have_count(0)
    expect(line).to_have_count(0, timeout=15_000)
    assert page.evaluate("window.notReloaded")
    assert following.evaluate("window.notReloaded")


def test_a_race_of_which_nothing_is_heard_says_so_in_its_own_line(lasting: RunningServer, page: Any) -> None:
    if not lasting.api("GET", "/races/silent").ok:
        lasting.declare("silent", offTime="2030-06-01T14:00:00Z")
    lasting.price("silent", r1=2.5)
    _drop_messages_about(page, "silent")
    page.clock.install()
    page.goto(lasting.url)
    heard, silent = page.locator(f'[data-key="{RACE}"]'), page.locator('[data-key="silent"]')
    expect(heard).to_have_attribute("data-freshness", "fresh")

    page.clock.fast_forward(SILENT_MS)

    expect(silent).to_have_attribute("data-freshness", "stale")
    expect(silent.locator("[data-part=fresh]")).to_have_text(re.compile("delayed|connecting|offline"))
    expect(heard).to_have_attribute("data-freshness", "fresh")
    expect(heard.locator("[data-part=fresh]")).to_have_text("")
    expect(silent.locator(".price")).to_have_attribute("data-price", "2.50")


def _drop_messages_about(page: Any, race_id: str) -> None:
    """Let through whatever the server sends but what names this race; there is no other way to it."""

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: None if f'"{race_id}"' in str(message) else socket.send(message))

    page.route(re.compile(f"transport=polling|/races/{race_id}/odds"), lambda route: route.abort())
    page.route_web_socket(re.compile("/socket.io/"), between)
