"""The race page as the server draws it: what it says to whom has no script."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.extensions import db
from racing.models import Runner
from racing.services import cards, odds, races, thinning
from racing.services.cards import RunnerDeclared
from racing.services.races import Placing
from racing.services.thinning import Point
from racing.statuses import RaceStatus
from racing.views import sparklines
from racing.views.kept_briefly import KEPT_FOR_S, KeptBriefly
from tests.factories import OFF_TIME, RACE, a_card, a_quote, a_race, quotes


def text_of(html: str) -> str:
    """Return what can be read, without tags and superfluous space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"<(script|style|svg).*?</\1>", "", html, flags=re.S)))


def page(client: FlaskClient, query: str = "", race_id: str = RACE) -> str:
    answer = client.get(f"/races/{race_id}{query}")
    assert answer.status_code == 200
    return answer.text


def rows(html: str) -> list[str]:
    return re.findall(r'data-runner-row="([^"]+)"', html)


def row(html: str, runner_id: str) -> str:
    """Return the HTML of a runner's row."""
    found = re.search(rf'<tr data-runner-row="{runner_id}".*?</tr>', html, flags=re.S)
    assert found is not None
    return found[0]


def test_a_card_says_all_that_is_known_of_a_runner(client: FlaskClient) -> None:
    runner = cards.RunnerDeclared(
        "1", "Quiet Harbour", "3", draw=7, jockey="J. Fenn", trainer="R. Oakes", weight="9-4", age=4, form="1-2131",
        official_rating=98, claim=5, headgear="tp", course_distance="C D", silks="red, white hoops",
    )  # fmt: skip
    race = cards.RaceDeclared(
        RACE,
        "Wexmoor",
        OFF_TIME,
        "The Stakes",
        [runner],
        distance="1m 2f",
        going="Good",
        race_class="3",
        prize="£24,500",
    )
    cards.declare_race(race, None)

    html = page(client)
    told = row(html, "1")

    for link in ("/horses/quiet-harbour", "/jockeys/j-fenn", "/trainers/r-oakes"):
        assert f'href="{link}"' in told
    assert "J. Fenn (5) · R. Oakes" in text_of(told)
    for explained in ("claims 5 lb", "tongue tie, cheekpieces", "won on this course", "won over this distance"):
        assert f'title="{explained}"' in told
    for fact in ("1m 2f", "Class 3", "Going Good", "Prize £24,500", "1 runner", "Each-way: win only"):
        assert fact in text_of(html)


def test_prices_stand_in_three_forms_and_the_best_says_where(client: FlaskClient) -> None:
    a_race(prices={"1": "3.75", "2": "1.5"})
    odds.change_prices(RACE, [a_quote("1", "3.75", "tote"), a_quote("2", "1.4", "tote")], None)

    html = page(client)

    assert all(form in row(html, "1") for form in (">11/4<", ">3.75<", ">+275<"))
    assert "data-best-at>House +1<" in row(html, "1")
    assert "data-best-at>House<" in row(html, "2")
    assert ">-200<" in row(html, "2")


def test_the_format_is_chosen_by_a_form_that_comes_back(client: FlaskClient) -> None:
    a_race(prices={"1": "3.75"})
    client.set_cookie("odds_format", "american")

    html = page(client, "?order=name")

    assert 'data-odds-format="american"' in html
    assert re.search(r'<button name="odds_format" value="american"[^>]* aria-pressed="true"', html)
    assert f'name="next" value="/races/{RACE}?order=name"' in html


@pytest.mark.parametrize(
    ("order", "expected"),
    [("price", "4 2 1 3"), ("number", "1 2 4 3"), ("name", "2 1 4 3"), ("draw", "4 1 2 3"), ("nonsense", "4 2 1 3")],
)
def test_the_runners_stand_in_the_order_asked_for_non_runners_last(
    client: FlaskClient, order: str, expected: str
) -> None:
    a_race(prices={"1": "9", "2": "4", "3": "3", "4": "2"})
    for runner, (name, draw) in zip(
        db.session.query(Runner).order_by(Runner.position_on_card),
        (("Bold", 2), ("arctic", 3), ("Cold", 1), ("Dunlin", 1)),
        strict=True,
    ):
        runner.name, runner.draw = name, draw
    db.session.commit()
    races.withdraw(RACE, "3", None)

    assert rows(page(client, f"?order={order}")) == expected.split()


def test_the_order_is_remembered(client: FlaskClient) -> None:
    a_race(prices={"1": "9", "2": "4", "3": "3", "4": "2"})
    page(client, "?order=number")

    assert rows(page(client)) == ["1", "2", "3", "4"]


def test_the_day_of_a_runner_and_who_moved_most(client: FlaskClient) -> None:
    a_race(prices={"1": "5", "2": "3", "3": "41"})
    for prices in ({"1": "6", "2": "3.5", "3": "21"}, {"1": "4", "2": "4"}):
        odds.change_prices(RACE, quotes(prices), None)

    html = page(client)
    edges = re.findall(r'class="of-day"[^>]* data-day="(\w+)" data-price="([^"]*)"', row(html, "1"))

    assert edges == [("opened", "5.00"), ("longest", "6.00"), ("shortest", "4.00")]
    steamers, drifters = (
        text_of(re.search(rf'data-movers="{way}">(.*?)</ol>', html, re.S)[1])  # type: ignore[index]
        for way in ("in", "out")
    )
    assert steamers.index("Horse 1 +5.0") < steamers.index("Horse 3 +2.3")
    assert "Horse 2 \N{MINUS SIGN}8.3" in drifters


def test_a_day_that_was_never_kept_is_read_from_the_history(client: FlaskClient) -> None:
    a_race(prices={"1": "5"})
    odds.change_prices(RACE, quotes({"1": "6"}), None)
    for runner in db.session.query(Runner):
        runner.opening_price = runner.longest_price = runner.shortest_price = runner.priced_day = None
    db.session.commit()

    assert 'data-day="longest" data-price="6.00"' in row(page(client), "1")


def test_a_dead_heat_is_said_with_the_starting_prices(client: FlaskClient) -> None:
    a_race(prices={"1": "3", "2": "4"})
    races.declare_result(RACE, [Placing("2", 1, Decimal("4")), Placing("1", 1, Decimal("3")), Placing("4", 3)], None)

    html = page(client)
    result = text_of(re.search(r"data-placings>(.*?)</ol>", html, re.S)[1])  # type: ignore[index]

    assert re.findall(r"(\d\w\w(?:, dead heat)?) Horse (\d)", result) == [
        ("1st, dead heat", "1"), ("1st, dead heat", "2"), ("3rd", "4"),
    ]  # fmt: skip
    assert "SP 3/14.00+300" in result
    assert "1st, dead heat" in text_of(row(html, "2"))
    assert rows(html)[:2] == ["1", "2"]


def test_a_result_of_the_whole_field_leads_to_each_horse_and_has_every_starting_price(client: FlaskClient) -> None:
    a_race(runners=7, prices={"1": "3", "7": "21"})
    field = [Placing(str(n), n, Decimal(n + 2)) for n in range(1, 8)]
    races.declare_result(RACE, field, None)

    html = page(client)
    result = re.search(r"data-placings>(.*?)</ol>", html, re.S)[1]  # type: ignore[index]

    assert re.findall(r'<a href="(/horses/[^"]+)">([^<]+)</a>', result) == [
        (f"/horses/horse-{n}", f"Horse {n}") for n in range(1, 8)
    ]
    assert "7th Horse 7 SP 8/1" in text_of(result)
    assert "data-place-tag>7th</span>" in row(html, "7")
    assert "8/19.00+800SP" in text_of(row(html, "7"))


def test_a_race_that_is_run_is_told_by_its_prices_at_the_off(client: FlaskClient) -> None:
    a_race(prices={"1": "5", "2": "3", "3": "7"})
    odds.change_prices(RACE, [a_quote("1", "4", "house"), a_quote("1", "4.5", "tote")], None)
    races.change_status(RACE, RaceStatus.OFF, None)
    odds.change_prices(RACE, quotes({"1": "1000", "2": "1.01", "3": "500"}), None)
    odds.change_prices(RACE, [a_quote("1", "900", "tote")], None)

    running = page(client)
    races.change_status(RACE, RaceStatus.FINISHED, None)
    finished = page(client)
    races.declare_result(RACE, [Placing("2", 1, Decimal("2.5"))], None)
    told = page(client)

    assert last_of(running, "1") == ("1000.00", "House", "4.50", "+2.2")
    assert last_of(finished, "1") == ("4.50", "at the off", "4.50", "+2.2")
    assert last_of(finished, "2") == ("3.00", "at the off", "3.00", "0.0")
    assert last_of(told, "2") == ("2.50", "SP", "2.50", "+6.7")
    assert last_of(told, "4") == ("", "", "", "")
    assert re.findall(r'data-day="(\w+)" data-price="([^"]*)"', row(told, "1")) == [
        ("opened", "5.00"), ("longest", "5.00"), ("shortest", "4.50"),
    ]  # fmt: skip
    assert rows(told) == ["2", "1", "3", "4"]
    assert 'data-movers="out"></ol>' in told
    assert ">Last</th>" in told


def last_of(html: str, runner_id: str) -> tuple[str, ...]:
    """Return the price a row shows, whose it is, the last price of the day, and how far it moved."""
    told, day = row(html, runner_id), re.search(rf'<tr data-day-row="{runner_id}".*?</tr>', html, re.S)
    assert day is not None
    found = (
        re.search(r'data-best data-price="([^"]*)"', told),
        re.search(r"data-best-at>([^<]*)<", told),
        re.search(r'data-day="last" data-price="([^"]*)"', day[0]),
        re.search(r"data-move-points>([^<]*)<", told),
    )
    return tuple(match[1] if match else "missing" for match in found)


def test_prices_that_read_the_same_in_fractions_are_boxed_together_there(client: FlaskClient) -> None:
    a_race()
    offers = (("house", "17"), ("tote", "16.5"), ("exchange", "15"))
    odds.change_prices(RACE, [a_quote("1", price, bookmaker) for bookmaker, price in offers], None)

    boxes = re.findall(r'class="price([^"]*)" data-runner-id="1" data-bookmaker="(\w+)"', page(client))

    assert boxes == [("", "exchange"), (" best", "house"), (" alike", "tote")]


def test_no_order_by_draw_is_offered_where_nobody_has_one(client: FlaskClient) -> None:
    a_race(prices={"1": "5", "2": "3"})
    cards.declare_race(replace(a_card("flat"), runners=[RunnerDeclared("1", "One", draw=3)]), None)

    assert re.findall(r'data-order="(\w+)"', client.get("/races/flat?order=draw").text)[-1] == "draw"
    over_jumps = client.get(f"/races/{RACE}?order=draw").text
    assert re.findall(r'data-order="(\w+)"', over_jumps) == ["price", "number", "name"]
    assert 'data-order="price" aria-current="true"' in over_jumps
    assert rows(over_jumps)[0] == "2"


def test_nobody_who_is_weighed_in_may_lose_the_race(client: FlaskClient) -> None:
    a_race(prices={"1": "5", "2": "3"})
    races.declare_result(RACE, [Placing("1", 1)], None)
    races.change_enquiry(RACE, True, None)
    day = f"/results/{OFF_TIME:%Y-%m-%d}"
    assert re.search(r'data-note="enquiry">', page(client))
    assert "enquiry</span>" in client.get(day).text

    races.change_status(RACE, RaceStatus.WEIGHEDIN, None)

    assert re.search(r'data-note="enquiry" hidden>', page(client))
    assert "enquiry</span>" not in client.get(day).text


def test_a_move_of_less_than_a_step_is_no_steamer(client: FlaskClient) -> None:
    a_race(prices={"1": "17", "2": "17"})
    odds.change_prices(RACE, quotes({"1": "16.5", "2": "15"}), None)

    steamers = re.search(r'data-movers="in">(.*?)</ol>', page(client), re.S)

    assert steamers is not None
    assert re.findall(r"<b>([^<]+)</b>", steamers[1]) == ["Horse 2"]


@pytest.mark.parametrize(
    ("status", "said", "is_shown"),
    [
        (RaceStatus.GOINGDOWN, "going down to the start", False),
        (RaceStatus.ATTHEPOST, "at the post", False),
        (RaceStatus.OFF, "They are off", True),
        (RaceStatus.FINISHED, "result is still to come", True),
        (RaceStatus.PHOTOGRAPH, "Photograph", True),
        (RaceStatus.RACEVOID, "void", True),
        (RaceStatus.ABANDONED, "abandoned", True),
    ],
)
def test_every_turn_of_a_race_is_said(client: FlaskClient, status: RaceStatus, said: str, is_shown: bool) -> None:
    a_race()
    if status is RaceStatus.PHOTOGRAPH:
        races.change_status(RACE, RaceStatus.OFF, None)
    races.change_status(RACE, status, None)

    note = re.search(r'<p class="([^"]+)" data-note="status">([^<]+)<', page(client))

    assert note is not None
    assert said in note[2]
    assert ("note" in note[1]) is is_shown


def test_the_page_leads_to_the_races_beside_it(client: FlaskClient) -> None:
    for minutes, race_id in ((-60, "earlier"), (0, RACE), (30, "later")):
        cards.declare_race(a_card(race_id, off_time=OFF_TIME + timedelta(minutes=minutes)), None)
    cards.declare_race(a_card("elsewhere", course="Castle Ridge", off_time=OFF_TIME + timedelta(minutes=10)), None)
    cards.declare_race(a_card("tomorrow", course="Castle Ridge", off_time=OFF_TIME + timedelta(days=1)), None)

    html = page(client)
    strip = re.search(r'<nav class="strip".*?</nav>', html, re.S)
    steps = re.search(r'<nav class="steps".*?</nav>', html, re.S)

    assert strip is not None
    assert steps is not None
    assert re.findall(r'/races/(\w+)" rel="(\w+)"', strip[0]) == [("earlier", "prev"), ("later", "next")]
    assert text_of(steps[0]).strip() == "Before, next off 13:05 Wexmoor After 14:15 Castle Ridge"
    races.change_status("earlier", RaceStatus.ABANDONED, None)
    later = page(client, race_id="later")
    assert "Next off 14:05 Wexmoor" in text_of(later)
    assert "After Sun 14:05 Castle Ridge" in text_of(later)
    cards.declare_race(a_card("new-year", off_time=OFF_TIME + timedelta(days=300)), None)
    assert "After Fri 28 Mar 2031 13:05 Wexmoor" in text_of(page(client, race_id="tomorrow"))


def test_a_script_gets_the_way_to_other_races_alone_and_only_where_it_changed(client: FlaskClient, app: Flask) -> None:
    seconds = 0.0
    app.extensions["kept_others"] = KeptBriefly(lambda: seconds)
    a_race()
    a_race("later", off_time=OFF_TIME + timedelta(minutes=30))
    html = page(client)
    others = re.search(r"<div data-others=.*?</div>\n", html, re.S)
    assert others is not None
    mark = re.search(r'data-list-mark="(\w+)"', others[0])
    assert mark is not None

    def asked() -> tuple[int, str]:
        answer = client.get(f"/races/{RACE}/others", headers={"If-List-Differs": mark[1]})
        return answer.status_code, answer.text

    assert client.get(f"/races/{RACE}/others").text.strip() == others[0].strip()
    assert asked() == (204, "")
    odds.change_prices("later", quotes({"1": "3"}), None)
    assert asked() == (204, "")
    races.change_off_time("later", OFF_TIME + timedelta(minutes=35), None)
    seconds = KEPT_FOR_S
    status, told = asked()
    assert status == 200
    assert "14:40" in text_of(told)
    assert "<html" not in told
    assert client.get("/races/nowhere/others").status_code == 404


def test_the_way_to_other_races_is_told_anew_where_the_race_is_put_off_to_another_day(client: FlaskClient) -> None:
    a_race()
    mark = re.search(r'data-list-mark="(\w+)"', page(client))
    assert mark is not None
    meeting, moved = (f"/meetings/wexmoor-{OFF_TIME + timedelta(days=days):%Y-%m-%d}" for days in (0, 1))
    assert f'<a data-meeting href="{meeting}">' in page(client)

    races.change_off_time(RACE, OFF_TIME + timedelta(days=1), None)

    answer = client.get(f"/races/{RACE}/others", headers={"If-List-Differs": mark[1]})
    assert f'data-meeting-path="{moved}"' in answer.text


def test_a_horse_s_name_is_text_whatever_it_says(client: FlaskClient) -> None:
    runner = cards.RunnerDeclared("1", "<script>alert(1)</script>", "1", jockey="<b>", trainer="&amp;")
    cards.declare_race(cards.RaceDeclared(RACE, "Wexmoor", OFF_TIME, "Stakes", [runner]), None)

    html = page(client)

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in row(html, "1")


def test_who_only_reads_prices_is_given_no_session(client: FlaskClient) -> None:
    a_race(prices={"1": "3"})

    answer = client.get(f"/races/{RACE}")

    assert not any(cookie.startswith("session=") for cookie in answer.headers.getlist("Set-Cookie"))
    chosen = client.post("/settings/odds-format", data={"odds_format": "american", "next": f"/races/{RACE}?order=name"})
    assert chosen.headers["Location"] == f"/races/{RACE}?order=name"
    assert 'data-odds-format="american"' in page(client)


def test_only_the_line_of_a_runner_that_moved_is_drawn_anew(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_race(runners=3, prices={"1": "2.75", "2": "3.75", "3": "4.75"})
    client.get(f"/races/{RACE}")
    drawn: list[list[tuple[int, int]]] = []

    def thinned(prices: list[tuple[int, int]], most: int) -> list[Point]:
        drawn.append(prices)
        return thinning.thinned(prices, most)

    monkeypatch.setattr(sparklines, "thinned", thinned)
    odds.change_prices(RACE, quotes({"2": "3.5"}), None)
    client.get(f"/races/{RACE}")

    assert [[price for _, price in line] for line in drawn] == [[375, 350]]
