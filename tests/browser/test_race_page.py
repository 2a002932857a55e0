"""What a punter does on a race page, and how all that happens in a race reaches it; a reload shows the same."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.servers import RunningServer

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def race(lasting: RunningServer, request: pytest.FixtureRequest) -> str:
    """A race of five priced runners of its own, on the shared server."""
    race_id = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[-60:].strip("-")
    names = ("Quiet Harbour", "Bold Chancery", "An Extraordinarily Long Name", "Saltmarsh", "Marram Grass", "Unpriced")
    runners = [
        {"runnerId": str(n), "number": n, "name": name, "draw": 7 - n, "jockey": f"J. Rider {n}", "trainer": "R. Oakes"}
        for n, name in enumerate(names, 1)
    ]
    card = {"raceId": race_id, "course": "Wexmoor", "offTime": "2030-06-01T13:05:00Z", "title": "The Harbour Stakes"}
    assert lasting.api("POST", "/races", {**card, "runners": runners}).status_code == 201
    write(lasting, race_id, "tote", {"1": 2.5, "2": 4, "3": 9, "4": 12, "5": 21})
    write(lasting, race_id, "harrow", {"1": 2.4, "2": 4.5, "3": 9, "4": 13, "5": 19})
    return race_id


def write(server: RunningServer, race_id: str, bookmaker: str, prices: dict[str, float]) -> None:
    odds = [{"runnerId": runner, "bookmaker": bookmaker, "price": price} for runner, price in prices.items()]
    tell(server, race_id, "odds", {"odds": odds})


def tell(server: RunningServer, race_id: str, what: str, body: Any) -> None:
    answer = server.api("POST", f"/races/{race_id}/{what}", body)
    assert answer.status_code == 200, answer.text


def open_live(page: Any, server: RunningServer, race_id: str) -> None:
    page.goto(f"{server.url}/races/{race_id}")
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")


def order_of(page: Any) -> str:
    return "".join(page.locator("[data-runner-row]").evaluate_all("rows => rows.map((row) => row.dataset.runnerRow)"))


def shown(page: Any) -> Any:
    """Return all words of the page that a change can touch, without the marks that fade."""
    words = "nodes => nodes.map((node) => node.textContent.replace(/[▼▲\\s]+|shortened|lengthened/g, ''))"
    parts = ("[data-off-clock], [data-off-large], .facts", "[data-note]:not([hidden])", "[data-placings] li")
    rest = ("[data-movers] li", "tfoot [data-book], [data-best-book]", "thead th")
    ordered = [page.locator(part).evaluate_all(words) for part in (*parts, *rest)]
    # The rows stand as the reader has them.
    return ordered, [sorted(page.locator(part).evaluate_all(words)) for part in ("[data-runner-row]", "[data-day-row]")]


def test_the_reader_orders_the_rows_and_hears_when_prices_have_left_their_order(
    lasting: RunningServer, race: str, page: Any
) -> None:
    page.set_viewport_size(PHONE)
    open_live(page, lasting, race)
    page.evaluate("window.notReloaded = true")
    moved = page.locator("[data-moved]")
    assert order_of(page) == "123456"
    height = page.locator(".orders").bounding_box()["height"]

    write(lasting, race, "tote", {"4": 1.5, "1": 3})
    write(lasting, race, "harrow", {"4": 1.5})
    expect(moved).to_be_visible()
    expect(moved).to_have_text(" moved: sort again")
    assert page.locator(".orders").bounding_box()["height"] == height  # the rows below do not jump
    assert order_of(page) == "123456"  # never under the finger
    page.locator("[data-order=price]").click()
    assert order_of(page) == "412356"
    expect(moved).to_be_hidden()

    page.locator("[data-order=draw]").click()
    assert order_of(page) == "654321"
    assert page.evaluate("window.notReloaded")
    expect(page).to_have_url(re.compile(r"\?order=draw$"))
    page.goto(f"{lasting.url}/races/{race}")
    assert order_of(page) == "654321"


def test_a_race_in_which_nothing_has_moved_is_ordered_too(lasting: RunningServer, race: str, page: Any) -> None:
    open_live(page, lasting, race)
    page.evaluate("window.notReloaded = true")

    for order, expected in (("draw", "654321"), ("price", "123456"), ("name", "325146")):
        page.locator(f"[data-order={order}]").click()
        assert order_of(page) == expected

    assert page.evaluate("window.notReloaded")


def test_the_format_changes_at_once_and_is_remembered(lasting: RunningServer, race: str, page: Any) -> None:
    open_live(page, lasting, race)
    cell = page.locator('.price[data-runner-id="2"][data-bookmaker="tote"]')
    with page.expect_response("**/settings/odds-format") as kept:
        page.get_by_role("button", name="+275").click()
    assert kept.value.ok
    expect(cell.locator(".amer")).to_have_text("+300")
    expect(cell.locator(".frac")).to_be_hidden()

    write(lasting, race, "tote", {"2": 1.5})

    expect(cell.locator(".amer")).to_have_text("-200")
    page.reload()
    expect(cell.locator(".amer")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_phone_opens_a_runner_to_all_its_prices(
    lasting: RunningServer, race: str, browser: Any, scripts: bool
) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{lasting.url}/races/{race}")
    row = page.locator('[data-runner-row="2"]')
    expect(row.locator("[data-best-at]")).to_have_text("Harrow")
    expect(row.locator("td.bookmaker").first).to_be_hidden()

    row.locator("summary").click()

    expect(row.locator("td.bookmaker")).to_have_count(2)
    for cell in row.locator("td.bookmaker, td.of-day, td.card").all():
        expect(cell).to_be_visible()
    expect(row.locator('.price[data-bookmaker="tote"]')).to_contain_text("3/1")
    expect(page.locator('[data-runner-row="1"] td.bookmaker').first).to_be_hidden()
    context.close()


def test_what_a_phone_opens_stands_in_lines_and_columns(lasting: RunningServer, race: str, page: Any) -> None:
    page.set_viewport_size(PHONE)
    for maker in ("bexley", "kestrel-sports", "newcomer"):  # five with those of the race, so that one stands alone
        write(lasting, race, maker, {"1": 11, "2": 2.5})
    open_live(page, lasting, race)
    row = page.locator('[data-runner-row="1"]')
    row.locator("summary").click()

    def edges(cells: str, side: str) -> list[int]:
        return row.locator(cells).evaluate_all(f"all => all.map((it) => Math.round(it.getBoundingClientRect().{side}))")

    makers = edges("td.bookmaker", "left")
    assert len(makers) == 5
    assert len(set(makers)) == len(set(edges("td.bookmaker .price", "right"))) == 2
    for line, cells in ((edges("td.of-day, td.move", "top"), 4), (edges("td.card", "top"), 3)):
        assert [len(line), len(set(line))] == [cells, 1]
    assert edges("td.of-day, td.move", "left")[:3] == edges("td.card", "left")
    assert edges("td.tell", "bottom")[0] <= min(edges("td.bookmaker", "top")), "the way to an alert is the first thing"
    assert max(edges("td.bookmaker", "bottom")) <= min(edges("td.of-day", "top"))


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("form", ["fractional", "american"])
def test_the_day_in_numbers_is_read_without_sideways_scrolling(
    width: int, form: str, lasting: RunningServer, race: str, page: Any
) -> None:
    write(lasting, race, "harrow", {"1": 1000})
    page.set_viewport_size({"width": width, "height": 844})
    open_live(page, lasting, race)
    page.locator(f"[data-format-switch] [value={form}]").click()
    table = page.locator(".day table")
    expect(table.locator(f".{'frac' if form == 'fractional' else 'amer'}").first).to_be_visible()

    assert table.evaluate("it => it.scrollWidth - it.parentElement.clientWidth") <= 0
    cut = "all => all.filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.textContent)"
    assert table.locator("tbody :is(th, td)").evaluate_all(cut) == []
    rights = "all => all.map((it) => Math.round(it.getBoundingClientRect().right))"
    heads = table.locator("thead th:not(.l, .wide)").evaluate_all(rights)
    assert table.locator("tbody tr:first-child td:not(.wide)").evaluate_all(rights) == heads


def test_on_a_phone_no_name_is_cut_and_what_is_touched_is_large_enough(
    lasting: RunningServer, race: str, page: Any
) -> None:
    page.set_viewport_size(PHONE)
    open_live(page, lasting, race)
    for summary in page.locator("[data-runner-row] summary").all():
        summary.click()

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cut = "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.textContent)"
    read = ".race tbody :is(.horse, td:not(.silk, .spark)), .lean tbody th, .movers li, .facts"
    assert page.locator(read).evaluate_all(cut) == []
    low = """nodes => nodes.filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < 43.5)
        .map((node) => node.outerHTML.slice(0, 120))"""
    touched = ".strip a, .steps a, .orders a, .seg button, .race summary, .race .people a, .tell a, .tools .button"
    assert page.locator(touched).evaluate_all(low) == []


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_a_dozen_bookmakers_stay_in_their_own_frame(width: int, lasting: RunningServer, race: str, page: Any) -> None:
    for maker in ("bexley", "corner", "kestrel-sports", "newcomer", "oakes", "pryce", "quill", "rook", "stow", "tern"):
        write(lasting, race, maker, {"1": 2.4, "2": 4})
    page.set_viewport_size({"width": width, "height": 844})
    open_live(page, lasting, race)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    bell = page.locator('[data-runner-row="1"] td.tell a')
    if width > 760:
        bell.scroll_into_view_if_needed()
        expect(bell).to_be_in_viewport()


def test_all_that_happens_in_a_race_is_told_as_a_reload_tells_it(lasting: RunningServer, race: str, page: Any) -> None:
    open_live(page, lasting, race)
    page.evaluate("window.notReloaded = true")
    note, status = page.locator("[data-note=non-runners]"), page.locator("[data-note=status]")

    tell(lasting, race, "runners/4/withdraw", {})
    expect(note).to_contain_text("Saltmarsh (4) is a non-runner. Rule 4 takes nothing.")
    expect(note).to_contain_text("7.7 points of the book went; best prices now add up to")
    write(lasting, race, "newcomer", {"1": 2.2, "3": 11, "6": 51})
    tell(lasting, race, "runners/2/withdraw", {})
    expect(note).to_contain_text("Bold Chancery (2) and Saltmarsh (4) are non-runners. Rule 4: bets struck before")
    expect(note).to_contain_text("Each-way was 1/4 the odds, places 1-2; now win only")
    write(lasting, race, "tote", {"1": 2.0})
    expect(page.locator('.price[data-runner-id="1"][data-bookmaker="tote"]')).to_have_attribute("data-price", "2.00")
    same_after_reload(page, lasting, race)

    for what, said in (
        ("GOINGDOWN", "going down to the start"), ("UNDERORDERS", "under orders"), ("FALSESTART", "False start"),
        ("OFF", "They are off"), ("FINISHED", "result is still to come"), ("PHOTOGRAPH", "Photograph"),
    ):  # fmt: skip
        tell(lasting, race, "status", {"status": what})
        expect(status).to_contain_text(said)
        if what == "OFF":
            write(lasting, race, "tote", {"1": 1.01, "3": 90, "5": 3})
            expect(page.locator('.price[data-runner-id="3"][data-best]')).to_have_attribute("data-price", "90.00")
            same_after_reload(page, lasting, race)
    expect(note).not_to_contain_text("add up to")
    placings = [{"runnerId": "3", "position": 1, "sp": 9}, {"runnerId": "5", "position": 1, "sp": 21}]
    tell(lasting, race, "result", {"placings": placings})
    winner = page.locator("[data-placings] li").first
    expect(winner).to_contain_text("1st, dead heat An Extraordinarily Long Name SP 8/1")
    expect(winner.get_by_role("link")).to_have_attribute("href", "/horses/an-extraordinarily-long-name")
    expect(page.locator('[data-runner-row="3"] [data-place-tag]')).to_have_text("1st, dead heat")
    for runner, price, at in (("3", "9.00", "SP"), ("1", "2.40", "at the off")):
        row = page.locator(f'[data-runner-row="{runner}"]')
        expect(row.locator("[data-best]")).to_have_attribute("data-price", price)
        expect(row.locator("[data-best-at]")).to_have_text(at)
    expect(page.locator("[data-best-book]").first).to_be_hidden()
    expect(page.locator("[data-moved]")).to_have_text(" result: sort again")
    tell(lasting, race, "enquiry", {"enquiry": True})
    expect(page.locator("[data-note=enquiry]")).to_be_visible()
    same_after_reload(page, lasting, race)

    tell(lasting, race, "enquiry", {"enquiry": False})
    tell(lasting, race, "status", {"status": "WEIGHEDIN"})
    expect(status).to_contain_text("Weighed in: the result is final.")
    expect(page.locator("[data-note=enquiry]")).to_be_hidden()
    same_after_reload(page, lasting, race)


def same_after_reload(page: Any, server: RunningServer, race: str) -> None:
    version = server.api("GET", f"/races/{race}").json()["version"]
    expect(page.locator("[data-race-page]")).to_have_attribute("data-version", str(version))
    live = shown(page)
    page.reload()
    expect(page.locator("[data-freshness-badge]")).to_contain_text("Live")
    assert shown(page) == live


def test_a_race_first_priced_while_its_page_is_open_gets_all_that_prices_bring(
    lasting: RunningServer, page: Any
) -> None:
    race = lasting.declare("priced-later", 3)
    open_live(page, lasting, race)

    write(lasting, race, "tote", {"1": 3, "2": 2})
    write(lasting, race, "harrow", {"1": 2.5})
    write(lasting, race, "tote", {"1": 4})

    expect(page.locator('[data-runner-row="1"] [data-day=longest]')).to_contain_text("3/1")
    expect(page.locator("[data-movers=out] li")).to_contain_text("Horse 1")
    expect(page.locator('[data-runner-row="1"] [data-spark] path')).to_have_attribute("d", re.compile(r"^M0"))
    same_after_reload(page, lasting, race)


def test_old_prices_look_old_and_a_word_says_so(lasting: RunningServer, race: str, page: Any) -> None:
    open_live(page, lasting, race)
    expect(page.locator(".stale-word")).to_be_hidden()
    page.evaluate("document.querySelector('[data-race-page]').dataset.freshness = 'stale'")

    expect(page.locator(".stale-word")).to_be_visible()
    assert page.locator(".price").first.evaluate("cell => getComputedStyle(cell).borderStyle") == "dashed"
