"""Pages as they are drawn: complete without scripts, whole on a phone, closed to whom they are not for."""

from typing import Any

import requests
from playwright.sync_api import expect

from tests.browser.pages import RACE, price_of, quote, sign_in
from tests.support.servers import RunningServer


def test_the_race_page_is_complete_without_scripts(lasting: RunningServer, race_of_its_own: str, browser: Any) -> None:
    quote(lasting, "exchange", race_id=race_of_its_own, r1=2.75)
    lasting.api("POST", f"/races/{race_of_its_own}/runners/2/withdraw", {})
    lasting.api("POST", f"/races/{race_of_its_own}/betting", {"betting": "suspended"})
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{lasting.url}/races/{race_of_its_own}")

    expect(price_of(page, "1", "exchange")).to_contain_text("7/4")
    expect(page.locator('[data-runner-row="2"]')).to_contain_text("NR")
    expect(page.locator("[data-note=non-runners]")).to_contain_text("Horse 2 (2)")
    expect(page.locator("[data-note=suspended]")).to_be_visible()
    expect(page.locator('[data-day-row="1"]')).to_contain_text("6/4")
    page.goto(lasting.url)
    expect(page.locator(f'[data-race-id="{race_of_its_own}"]')).to_contain_text("Horse 1")
    context.close()


def test_nothing_runs_over_the_edge_of_a_phone(lasting: RunningServer, page: Any) -> None:
    for bookmaker in ("exchange", "harrow", "bexley"):
        quote(lasting, bookmaker, r1=2.5, r2=34, r3=151)
    meeting = "/meetings/wexmoor-2030-06-01"
    sign_in(page, lasting, "/staff/")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", meeting, f"/races/{RACE}", "/login", "/nowhere", "/staff/", f"/staff/races/{RACE}"):
        page.goto(f"{lasting.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_who_is_signed_out_is_sent_to_sign_in_and_back(lasting: RunningServer, page: Any) -> None:
    page.goto(f"{lasting.url}/staff/races/{RACE}?bookmaker=tote")
    page.get_by_label("E-mail").fill(lasting.staff_email)
    page.get_by_label("Password").fill("not the password")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")

    page.get_by_label("Password").fill(lasting.staff_password)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{lasting.url}/staff/races/{RACE}?bookmaker=tote")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status").first).to_contain_text("signed out")
    page.goto(f"{lasting.url}/staff/")
    expect(page.get_by_label("E-mail")).to_be_visible()


def test_a_punter_is_told_that_the_desk_is_not_for_it(lasting: RunningServer, page: Any) -> None:
    password = "a punter's password"
    lasting.flask("users", "create", "punter@example.org", "--role", "punter", "--password-stdin", stdin=password)
    page.goto(f"{lasting.url}/login?next=/staff/")
    page.get_by_label("E-mail").fill("punter@example.org")
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("main")).to_contain_text("for staff")
    assert page.evaluate("fetch('/staff/').then((answer) => answer.status)") == 403


def test_signing_in_leads_to_no_other_site(lasting: RunningServer) -> None:
    for elsewhere in ("https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/\t/evil.test"):
        page = requests.get(f"{lasting.url}/login", params={"next": elsewhere}, timeout=10)
        assert "evil" not in page.text
        assert "alert(1)" not in page.text


def test_a_form_without_its_token_is_refused_with_a_sentence(lasting: RunningServer) -> None:
    answer = requests.post(f"{lasting.url}/login", data={"email": "a@b.c", "password": "x"}, timeout=10)
    assert answer.status_code == 400
    assert "form is too old" in answer.text
