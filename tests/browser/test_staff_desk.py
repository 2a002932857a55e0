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


def test_a_runner_is_taken_out_and_put_back(server: RunningServer, desk: Any) -> None:
    desk.get_by_role("button", name="Take out Horse 2").click()
    expect(desk.locator(".note.told")).to_contain_text("Horse 2 is a non-runner")
    expect(field(desk, "2")).to_have_count(0)

    desk.get_by_role("button", name="Put back Horse 2").click()
    expect(field(desk, "2")).to_have_value("")


def test_only_possible_statuses_are_offered_and_final_ones_asked_twice(server: RunningServer, desk: Any) -> None:
    offered = desk.locator("#status option").evaluate_all("options => options.map((option) => option.value)")
    assert "PARADING" in offered
    assert "WEIGHEDIN" not in offered

    desk.locator("#status").select_option("ABANDONED")
    desk.get_by_role("button", name="Set").click()
    expect(desk.get_by_role("alert")).to_contain_text("sure")
    assert server.api("GET", f"/races/{RACE}").json()["status"] == "DORMANT"

    desk.locator("#status").select_option("OFF")
    desk.get_by_role("button", name="Set").click()
    expect(desk.locator(".off")).to_contain_text("off")


def test_a_status_that_went_on_meanwhile_is_refused(server: RunningServer, desk: Any) -> None:
    server.api("POST", f"/races/{RACE}/status", {"status": "OFF"})
    desk.locator("#status").select_option("PARADING")
    desk.get_by_role("button", name="Set").click()
    expect(desk.get_by_role("alert")).to_contain_text("cannot become PARADING")


def test_betting_off_time_and_enquiry_are_set(server: RunningServer, desk: Any) -> None:
    desk.get_by_role("button", name="Suspend", exact=True).click()
    expect(desk.locator(".note.told")).to_contain_text("suspended")
    desk.get_by_label("Off at").fill("2030-06-01T14:35")
    desk.get_by_role("button", name="Move").click()
    expect(desk.locator("h1")).to_contain_text("14:35")
    desk.get_by_role("button", name="Announce").click()
    expect(desk.locator(".off")).to_contain_text("enquiry")
    race = server.api("GET", f"/races/{RACE}").json()
    assert (race["betting"], race["offTime"], race["enquiry"]) == ("suspended", "2030-06-01T13:35:00.000Z", True)


def test_a_result_is_declared_and_a_gap_in_it_refused(server: RunningServer, desk: Any) -> None:
    server.api("POST", f"/races/{RACE}/status", {"status": "OFF"})
    desk.reload()
    desk.get_by_label("Place of Horse 3").fill("1")
    desk.get_by_label("Starting price of Horse 3").fill("8/1")
    desk.get_by_label("Place of Horse 1").fill("3")
    desk.get_by_role("button", name="Declare the result").click()
    expect(desk.get_by_role("alert")).to_contain_text("gap")
    expect(desk.get_by_label("Place of Horse 3")).to_have_value("1")

    desk.get_by_label("Place of Horse 1").fill("2")
    desk.get_by_role("button", name="Declare the result").click()
    expect(desk.locator(".note.told")).to_contain_text("result is declared")
    placings = server.api("GET", f"/races/{RACE}").json()["result"]["placings"]
    assert [(placing["runnerId"], placing["position"]) for placing in placings] == [("3", 1), ("1", 2)]


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
