"""What the page says when the connection goes, and that it comes back by itself."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, badge, open_live, price_of, quote
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak


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


@pytest.mark.parametrize("how", ["closed on the way", "forbidden by the browser"])
def test_long_polling_serves_where_web_sockets_do_not(server: RunningServer, race: str, page: Any, how: str) -> None:
    if how == "closed on the way":
        page.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())
    else:
        page.add_init_script("window.WebSocket = class { constructor() { throw new Error('refused'); } }")
    page.goto(f"{server.url}/races/{RACE}")
    expect(badge(page)).to_contain_text("Live", timeout=20_000)

    quote(server, r1=3.25)

    expect(price_of(page, "1")).to_have_attribute("data-price", "3.25")
