"""A punter follows a race from the morning to weighed in, over whatever gets through: page and database are one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.journeys.day import Day
from tests.browser.journeys.looking import check_against, wait_for
from tests.browser.pages import badge
from tests.support.servers import RunningServer

pytestmark = [pytest.mark.soak, pytest.mark.timeout(240)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
Open = Callable[..., Any]


@pytest.fixture
def day(server: RunningServer, racing_data: Path) -> Day:
    """A race of the real card, on a server of its own."""
    return Day(server, racing_data)


@pytest.fixture
def visit(browser: Browser, day: Day) -> Iterator[Open]:
    """Opens the race's page in a browser of its own; what its scripts throw fails the test."""
    contexts, thrown = [], []

    def opened(prepare: Callable[[Any], object] = lambda page: None, **device: Any) -> Any:
        context = browser.new_context(**{**DESK, **device})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        prepare(page)
        page.goto(f"{day.server.url}/races/{day.race_id}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert thrown == []


def no_web_socket(page: Any) -> None:
    """Let no WebSocket stand."""
    page.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())


def nothing_but_pages(page: Any) -> None:
    """Let nothing of the live side through, neither WebSocket nor long polling."""
    no_web_socket(page)
    page.route("**/socket.io/**", lambda route: route.abort())


WAYS = {
    "at a desk": ("Live", DESK, lambda page: None),
    "on a phone in the dark": ("Live", {**PHONE, "color_scheme": "dark"}, lambda page: None),
    "over long polling": ("Live", DESK, no_web_socket),
    "over HTTP alone": ("Delayed", PHONE, nothing_but_pages),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_page_shows_what_the_database_holds_at_each_turn_of_the_day(way: str, day: Day, visit: Open) -> None:
    word, device, prepare = WAYS[way]
    page = visit(prepare, **device)
    expect(badge(page)).to_contain_text(word, timeout=20_000)
    for _, happens in day.chapters:
        happens()
        image = day.image
        wait_for(page, image)
        check_against(page, image)
    expect(badge(page)).to_contain_text(word, timeout=20_000)
    expect(page.locator("[data-result]")).to_contain_text(day.runners[0].name)


def test_without_scripts_each_reload_is_the_whole_truth(day: Day, visit: Open) -> None:
    page = visit(java_script_enabled=False)
    for _, happens in day.chapters:
        happens()
        page.reload()
        check_against_without_scripts(page, day.image)


def check_against_without_scripts(page: Any, image: dict[str, Any]) -> None:
    """A page without scripts cannot be asked by one: its markup is read from outside."""
    main = page.locator("[data-race-page]")
    assert (main.get_attribute("data-status"), main.get_attribute("data-version")) == (
        image["status"],
        str(image["version"]),
    )
    for entry in image["odds"]:
        cells = page.locator(
            f'[data-race-page] .price[data-runner-id="{entry["runnerId"]}"][data-bookmaker="{entry["bookmaker"]}"]'
        )
        price = "" if entry["price"] is None else f"{entry['price']:.2f}"
        assert {cell.get_attribute("data-price") for cell in cells.all()} == {price}


def test_what_happened_while_the_network_was_away_is_there_when_it_is_back(day: Day, visit: Open) -> None:
    page = visit(**PHONE)
    expect(badge(page)).to_contain_text("Live")
    for away, (_, happens) in enumerate(day.chapters):
        if away % 3 == 1:
            page.context.set_offline(True)
            expect(badge(page)).to_contain_text("Offline")
        happens()
        if away % 3 == 0:
            page.context.set_offline(False)
            wait_for(page, day.image)
            check_against(page, day.image)
    page.context.set_offline(False)
    expect(badge(page)).to_contain_text("Live", timeout=20_000)
    wait_for(page, day.image)
    check_against(page, day.image)


def test_two_tabs_tell_the_same_story(day: Day, visit: Open) -> None:
    first = visit()
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        expect(badge(page)).to_contain_text("Live")
    for _, happens in day.chapters:
        happens()
        image = day.image
        for page in (first, second):
            wait_for(page, image)
            check_against(page, image)
