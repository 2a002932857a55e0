"""A device that says that it has no network: the page says so at once, and is back as soon as there is one again."""

import re
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.pages import RACE, badge, open_live, price_of, quote
from tests.browser.reconnecting import wait_for_state
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

# What the page shows before anything else can happen: the event is dispatched and answered in one go.
_SAY = """word => {
  Object.defineProperty(navigator, "onLine", { value: word === "online", configurable: true });
  dispatchEvent(new Event(word));
  return document.querySelector("[data-freshness-badge]").dataset.state;
}"""
# The server's own time is told in seconds: what is as of now is not as of the second before.
_NOTE_COMING_BACK = """() => {
  const badge = document.querySelector("[data-freshness-badge]");
  new MutationObserver((_, observer) => {
    if (badge.dataset.state !== "live") return;
    observer.disconnect();
    window.backAsOf = badge.querySelector("[data-as-of]").textContent;
    window.backAt = new Date().toLocaleTimeString("en-GB", { timeZone: "Europe/London" });
  }).observe(badge, { attributeFilter: ["data-state"] });
}"""
SECONDS = re.compile(r"(\d\d):(\d\d):(\d\d)")


@pytest.fixture
def at_home(lasting: RunningServer, page: Any) -> Any:
    """A live race page under the one name whose connections Socket.IO's client does not close by itself."""
    page.line = DyingLine(page)
    page.goto(f"{lasting.url}/races/{RACE}".replace("127.0.0.1", "localhost"))
    expect(badge(page)).to_contain_text("Live")
    return page


def seconds(clock: str) -> int:
    hours, minutes, rest = map(int, SECONDS.fullmatch(clock).groups())  # type: ignore[union-attr]
    return (hours * 60 + minutes) * 60 + rest


class DyingLine:
    """The WebSockets of a page; those open when it dies stay open, and nothing passes in them any more."""

    def __init__(self, page: Any) -> None:
        self.opened: list[list[str]] = []
        page.route_web_socket(re.compile("/socket.io/"), self._pass)

    def die(self) -> None:
        for fate in self.opened:
            fate.append("dead")

    def _pass(self, socket: WebSocketRoute) -> None:
        server, fate = socket.connect_to_server(), list[str]()
        self.opened.append(fate)
        socket.on_message(lambda message: None if fate else server.send(message))
        server.on_message(lambda message: None if fate else socket.send(message))


def test_a_connection_that_nobody_told_of_is_not_live_without_a_network_and_replaced_with_it(
    lasting: RunningServer, at_home: Any
) -> None:
    page, line = at_home, at_home.line
    line.die()

    assert page.evaluate(_SAY, "offline") == "offline"
    wait_for_state(page, "connected")
    # Prices of a moment ago are not old, and nothing on the page jumps.
    expect(page.locator("[data-race-page]")).to_have_attribute("data-freshness", "fresh")
    expect(page.locator("[data-outage]")).to_be_hidden()
    quote(lasting, r1=3.5)
    assert page.evaluate(_SAY, "online") == "reconnecting"

    # Without a new connection nothing would be heard for twenty seconds.
    expect(price_of(page, "1")).to_have_attribute("data-price", "3.50", timeout=5_000)
    expect(badge(page)).to_contain_text("Live")
    assert len(line.opened) == 2


def test_a_device_that_is_wrong_is_believed_until_the_server_is_heard(lasting: RunningServer, at_home: Any) -> None:
    page, line = at_home, at_home.line
    assert page.evaluate(_SAY, "offline") == "offline"
    quote(lasting, r1=3.25)

    expect(price_of(page, "1")).to_have_attribute("data-price", "3.25")
    expect(badge(page)).to_contain_text("Live")
    assert len(line.opened) == 1


def test_back_from_where_nothing_was_missed_the_page_is_as_of_now(lasting: RunningServer, page: Any) -> None:
    open_live(page, lasting)
    expect(page.locator("[data-as-of]")).not_to_have_text(page.locator("[data-as-of]").inner_text(), timeout=8_000)
    page.evaluate(_NOTE_COMING_BACK)
    page.context.set_offline(True)
    expect(badge(page)).to_contain_text("Offline")
    left = page.locator("[data-as-of]").inner_text()
    # It is away for so long that the seconds tell.
    page.wait_for_function("at => Date.now() > at + 3000", arg=page.evaluate("Date.now()"))
    assert page.locator("[data-as-of]").inner_text() == left

    page.context.set_offline(False)

    page.wait_for_function("() => window.backAsOf")
    as_of, back = page.evaluate("[window.backAsOf, window.backAt]")
    assert (seconds(back) - seconds(as_of)) % 86_400 <= 1
