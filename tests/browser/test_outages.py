"""What the page says when the connection goes, and that it comes back by itself."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import RACE, price_of, quote
from tests.browser.test_live_prices import badge, open_live
from tests.support.servers import RunningServer


def test_a_stopped_server_is_told_and_a_restarted_one_found(server: RunningServer, race: str, page: Any) -> None:
    open_live(page, server)

    server.kill()
    expect(badge(page)).to_contain_text(re.compile("Reconnecting|Offline"))
    expect(badge(page)).to_contain_text("Offline", timeout=30_000)
    expect(page.locator("[data-outage]")).to_be_visible()
    expect(page.locator("[data-freshness=stale]")).to_be_visible()

    server.start()
    quote(server, r1=3.5)
    expect(badge(page)).to_contain_text("Live", timeout=20_000)
    expect(price_of(page, "1")).to_have_attribute("data-price", "3.50")
    expect(page.locator("[data-outage]")).to_be_hidden()


def test_prices_are_fetched_where_no_socket_gets_through(server: RunningServer, race: str, page: Any) -> None:
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())
    page.goto(f"{server.url}/races/{RACE}")
    expect(badge(page)).to_contain_text("Delayed", timeout=20_000)

    quote(server, r1=3.25)

    expect(price_of(page, "1")).to_have_attribute("data-price", "3.25")
    expect(badge(page)).to_contain_text("Delayed")


def test_long_polling_serves_where_web_sockets_are_refused(server: RunningServer, race: str, page: Any) -> None:
    page.add_init_script("window.WebSocket = class { constructor() { throw new Error('refused'); } }")
    page.goto(f"{server.url}/races/{RACE}")
    expect(badge(page)).to_contain_text("Live", timeout=20_000)

    quote(server, r1=3.25)

    expect(price_of(page, "1")).to_have_attribute("data-price", "3.25")
    assert server.api("GET", f"/races/{RACE}").status_code == 200
