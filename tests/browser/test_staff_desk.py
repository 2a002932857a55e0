"""The staff desk: prices typed, the race led from one status to the next, runners out and back, a result."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, price_of, sign_in
from tests.support.servers import RunningServer

DESK = f"/staff/races/{RACE}?bookmaker=tote"


@pytest.fixture
def desk(server: RunningServer, race: str, page: Any) -> Any:
    """The page of the race on the desk, opened on the tote's prices."""
    sign_in(page, server, DESK)
    return page


def field(desk: Any, runner: str) -> Any:
    return desk.locator(f'[data-cell="{runner}.tote"]')


def write(desk: Any) -> Any:
    with desk.expect_response(lambda answer: "/odds" in answer.url) as told:
        desk.get_by_role("button", name="Write the changed prices").click()
    return told.value


def test_prices_are_written_as_traders_type_them(server: RunningServer, desk: Any) -> None:
    field(desk, "1").fill("11-8")
    field(desk, "2").fill("+1")
    field(desk, "3").fill("")
    field(desk, "3").press("Control+s")

    expect(desk.locator(".note.told").first).to_contain_text("3 prices are written")
    entries = server.api("GET", f"/races/{RACE}/odds").json()["odds"]
    assert {entry["runnerId"]: entry["price"] for entry in entries} == {"1": 2.38, "2": 4.33, "3": None}


def test_a_price_written_at_the_desk_reaches_the_punters(server: RunningServer, desk: Any, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    punter = context.new_page()
    punter.goto(f"{server.url}/races/{RACE}")
    expect(punter.locator("[data-freshness-badge]")).to_contain_text("Live")

    field(desk, "1").fill("15/8")
    field(desk, "3").fill("")
    write(desk)

    expect(price_of(punter, "1").locator(".frac")).to_have_text("15/8")
    context.close()
