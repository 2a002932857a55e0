"""When a page tries to come back: not while nobody looks, not without a network, and then at once."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, badge, open_live, price_of, quote
from tests.browser.reconnecting import MODULES, STATUS, hide, note_tries, show, tries, wait_for_state
from tests.support.servers import RunningServer

pytestmark = pytest.mark.soak

AT_ONCE_MS = 100


@pytest.fixture
def live(lasting: RunningServer, page: Any) -> Any:
    """A live race page that notes its tries."""
    note_tries(page)
    open_live(page, lasting)
    assert len(tries(page)) == 1
    return page


def test_a_hidden_page_stays_connected(lasting: RunningServer, live: Any) -> None:
    hide(live)
    quote(lasting, r1=3.5)
    expect(price_of(live, "1")).to_have_attribute("data-price", "3.50")
    assert len(tries(live)) == 1


def test_a_hidden_page_that_lost_its_connection_tries_when_it_is_shown(lasting: RunningServer, live: Any) -> None:
    hide(live)
    lasting.kill()
    wait_for_state(live, "paused")
    lasting.start()
    quote(lasting, r1=3.5)
    # The lasting was away for seconds, and is back: a page that is looked at would have tried, and be connected.
    assert len(tries(live)) == 1

    show(live)

    expect(price_of(live, "1")).to_have_attribute("data-price", "3.50")
    expect(badge(live)).to_contain_text("Live")
    assert len(tries(live)) == 2
    assert tries(live)[-1] - live.evaluate("window.becameAt") < AT_ONCE_MS


def test_a_page_without_a_network_tries_when_there_is_one(lasting: RunningServer, live: Any) -> None:
    live.context.set_offline(True)
    wait_for_state(live, "paused")
    expect(badge(live)).to_contain_text("Offline")
    quote(lasting, r1=3.5)
    assert len(tries(live)) == 1

    live.context.set_offline(False)

    expect(price_of(live, "1")).to_have_attribute("data-price", "3.50")
    expect(badge(live)).to_contain_text("Live")
    assert len(tries(live)) == 2
    assert tries(live)[-1] - live.evaluate("window.onlineAt") < AT_ONCE_MS


def test_a_page_that_is_looked_at_goes_on_trying(lasting: RunningServer, live: Any) -> None:
    lasting.kill()
    live.wait_for_function("() => window.tries.length > 4", timeout=30_000)
    lasting.start()
    expect(badge(live)).to_contain_text("Live", timeout=30_000)


def test_a_server_that_goes_down_says_when_to_come_back_and_is_not_tried_before(
    lasting: RunningServer, live: Any
) -> None:
    live.evaluate(f"""() => import(new URL("live/watch.js", {MODULES})).then(({{ pageLive }}) => {{
      pageLive().connection.socket.on("server_restart", ({{ retryAfterMs }}) => {{
        window.mayTryAt = performance.now() + retryAfterMs;
      }});
    }})""")
    assert lasting.stop() == 0
    lasting.start()
    expect(badge(live)).to_contain_text("Live", timeout=30_000)
    live.wait_for_function("() => window.tries.length > 1")
    assert tries(live)[1] >= live.evaluate("window.mayTryAt") - 1  # the clocks of a page are rounded


def test_a_page_that_is_one_too_many_waits_as_long_as_it_is_told(
    sqlite_url: str, tmp_path: Path, page: Any, browser: Any
) -> None:
    with RunningServer(sqlite_url, tmp_path / "instance", MAX_CONNECTIONS_PER_IP="1") as server:
        server.declare(RACE, 3)
        open_live(page, server)
        other = browser.new_context().new_page()
        note_tries(other)
        other.goto(f"{server.url}/races/{RACE}")
        wait_for_state(other, "waiting")
        assert other.evaluate(f"{STATUS}.then(({{ retryAt }}) => retryAt - Date.now())") > 5_000
        assert len(tries(other)) == 1
        expect(badge(other)).not_to_contain_text("Live")
        other.context.close()


def test_long_polling_serves_where_web_sockets_are_swallowed(lasting: RunningServer, page: Any) -> None:
    page.route_web_socket(re.compile("/socket.io/"), lambda socket: None)  # opened, and never a word
    page.goto(f"{lasting.url}/races/{RACE}")
    expect(badge(page)).to_contain_text("Live", timeout=30_000)

    quote(lasting, r1=3.25)

    expect(price_of(page, "1")).to_have_attribute("data-price", "3.25")


def test_a_token_that_is_refused_leaves_the_page_anonymous_and_live(lasting: RunningServer, page: Any) -> None:
    page.goto(f"{lasting.url}/news")  # a page of ours that is not live by itself
    told = page.evaluate(
        """raceId => import("/static/js/live/watch.js").then(({ pageLive, watchRace }) => new Promise((resolve) => {
          const live = pageLive({ auth: { token: "of nobody" } });
          const race = watchRace(raceId, { live });
          race.subscribe(({ version, freshness, connected }) => {
            if (freshness === "live") resolve({ version, connected, ...live.connection.status });
          });
        }))""",
        RACE,
    )
    assert told == {
        "version": lasting.api("GET", f"/races/{RACE}").json()["version"],
        "connected": True,
        "state": "connected",
        "retryAt": None,
        "tokenRefused": "token_invalid",
    }


def test_a_race_watched_by_two_is_followed_once_and_left_with_the_last(lasting: RunningServer, page: Any) -> None:
    page.goto(f"{lasting.url}/news")
    page.evaluate(
        """raceId => import("/static/js/live/watch.js").then(({ pageLive, watchRace }) => {
          const [one, other] = [watchRace(raceId), watchRace(raceId)];
          const { connection } = pageLive();
          const { socket } = connection;
          const followed = () => socket.emitWithAck("get_subscriptions").then(({ raceIds }) => raceIds);
          const ends = [one, other].map((each) => each.subscribe(() => {}));
          Object.assign(window, { one, other, connection, followed, ends });
        })""",
        RACE,
    )
    page.wait_for_function("() => window.other.getSnapshot().freshness === 'live'")
    quote(lasting, r1=3.5)
    page.wait_for_function("() => window.one.getSnapshot().best['1'].price === 3.5")
    assert page.evaluate("window.one.getSnapshot().version === window.other.getSnapshot().version")
    assert page.evaluate("window.ends[0](), window.followed()") == [RACE]
    assert page.evaluate("window.ends[1](), window.followed()") == []
    # Not the connection of the page's own modules: its notices need that one.
    page.wait_for_function("() => window.connection.status.state === 'closed'")
