"""The staff desk: prices typed, refused beside their field, never written over somebody else's."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import RACE, price_of, quote, sign_in
from tests.support.servers import RunningServer

DESK = f"/staff/races/{RACE}?bookmaker=tote"


@pytest.fixture
def desk(server: RunningServer, race: str, page: Any) -> Any:
    """The page of the race on the desk, opened on the tote's prices."""
    sign_in(page, server, DESK)
    return page


def field(desk: Any, runner: str) -> Any:
    return desk.locator(f"#price-{runner}")


def write(desk: Any) -> Any:
    with desk.expect_response(lambda answer: "/odds" in answer.url) as told:
        desk.get_by_role("button", name="Write the changed prices").click()
    return told.value


def prices(server: RunningServer) -> dict[str, float]:
    return {entry["runnerId"]: entry["price"] for entry in server.api("GET", f"/races/{RACE}/odds").json()["odds"]}


def version(server: RunningServer) -> int:
    return int(server.api("GET", f"/races/{RACE}").json()["version"])


def test_prices_are_written_as_traders_type_them(server: RunningServer, desk: Any) -> None:
    field(desk, "1").fill("11-8")
    field(desk, "2").fill("evens")
    field(desk, "3").fill("")
    field(desk, "3").press("Enter")

    expect(desk.locator(".note.told")).to_contain_text("3 prices are written")
    assert prices(server) == {"1": 2.38, "2": 2.0, "3": None}


def test_a_bad_price_is_told_beside_its_field_and_nothing_is_written(server: RunningServer, desk: Any) -> None:
    field(desk, "1").fill("banana")
    field(desk, "2").fill("9/2")

    assert write(desk).status == 422

    expect(desk.locator("#wrong-1")).to_contain_text("not a price")
    expect(field(desk, "1")).to_have_attribute("aria-invalid", "true")
    expect(field(desk, "1")).to_have_value("banana")
    expect(field(desk, "2")).to_have_value("9/2")
    assert prices(server) == {"1": 2.5, "2": 4.0, "3": 9.0}
    field(desk, "1").fill("7/4")
    write(desk)
    assert prices(server) == {"1": 2.75, "2": 5.5, "3": 9.0}


def test_a_price_that_moved_meanwhile_is_shown_before_it_is_written_over(server: RunningServer, desk: Any) -> None:
    quote(server, r1=2.2, r3=13)
    field(desk, "1").fill("2/1")

    assert write(desk).status == 409

    expect(desk.locator("#moved-1")).to_contain_text("Now 6/5; it was 6/4")
    expect(desk.locator("#moved-3")).to_contain_text("Now 12/1")
    expect(field(desk, "1")).to_have_value("2/1")
    expect(field(desk, "3")).to_have_value("12/1")
    assert prices(server)["1"] == 2.2
    write(desk)
    assert prices(server) == {"1": 3.0, "2": 4.0, "3": 13.0}


def test_only_what_was_changed_is_written(server: RunningServer, desk: Any) -> None:
    quote(server, r1=2.2)
    field(desk, "2").fill("7/2")

    write(desk)

    expect(desk.locator(".note.told")).to_contain_text("1 price is written")
    assert prices(server) == {"1": 2.2, "2": 4.5, "3": 9.0}


def test_a_form_posted_twice_writes_once(server: RunningServer, desk: Any) -> None:
    field(desk, "1").fill("2/1")
    form = desk.evaluate("[...new FormData(document.querySelector('[data-odds-form]'))]")
    post = """form => fetch(document.querySelector('[data-odds-form]').action,
        { method: 'POST', body: new URLSearchParams(form) }).then((answer) => answer.status)"""
    before = version(server)

    assert desk.evaluate(post, form) == 200
    assert desk.evaluate(post, form) == 200
    both = "form => Promise.all([form, form].map(" + post + "))"
    assert desk.evaluate(both, [["csrf_token", form[0][1]], *[p for p in form if p[0] != "csrf_token"]]) == [200, 200]

    assert version(server) == before + 1
    desk.reload()
    expect(field(desk, "1")).to_have_value("2/1")


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
    desk.get_by_role("button", name="Suspend").click()
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
    write(desk)

    expect(price_of(punter, "1").locator(".frac")).to_have_text("15/8")
    context.close()
