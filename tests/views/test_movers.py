"""Steamers and drifters of the day: ranked by chance, races to come first, at a course where the address says so."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient

from racing.services import odds, races
from racing.services.movers import movers_of
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import a_quote, a_race, quotes

OFF = datetime.now(ZoneInfo("Europe/London")).replace(hour=12, minute=0, second=0, microsecond=0)
TODAY = OFF.date()


def a_race_today(race_id: str, opened: dict[str, str], now: dict[str, str], course: str = "Wexmoor") -> str:
    """Put a race of today on the site whose prices have opened and moved."""
    a_race(race_id, prices=opened, course=course, off_time=OFF)
    odds.change_prices(race_id, quotes(now), None)
    return race_id


def rows(page: str, way: str) -> list[str]:
    """Return the lines of one table, each in one string."""
    table = re.search(rf'<tbody data-refreshed="{way}">(.*?)</tbody>', page, re.DOTALL)
    assert table is not None
    lines = re.findall(r"<tr.*?</tr>", table[1], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_movers_are_ranked_by_chance_not_by_price(client: FlaskClient) -> None:
    a_race_today("wexmoor-1", {"1": "41", "2": "2.5", "3": "5"}, {"1": "21", "2": "2", "3": "6"})

    page = client.get("/movers").text

    assert [line.split()[:2] for line in rows(page, "in")] == [["Horse", "2"], ["Horse", "1"]]
    assert rows(page, "in")[0].endswith("House +10.0")
    (drifter,) = rows(page, "out")
    assert drifter.startswith("Horse 3")
    assert drifter.endswith("\N{MINUS SIGN}3.3")


def test_the_best_price_counts_and_who_offers_it_is_said(either_app: object) -> None:
    a_race_today("wexmoor-1", {"1": "5"}, {"1": "3"})
    odds.change_prices("wexmoor-1", [a_quote("1", "3.5", "tote"), a_quote("1", "3.2", "exchange")], None)

    (mover,) = movers_of(TODAY)

    assert (str(mover.opened), str(mover.now), mover.bookmaker) == ("5.00", "3.50", "tote")
    assert round(mover.points, 4) == round(100 / 3.5 - 100 / 5, 4)


def test_races_to_come_are_first_and_those_run_are_judged_by_the_starting_price(either_app: object) -> None:
    a_race_today("wexmoor-1", {"1": "5", "2": "9"}, {"1": "4", "2": "8"})
    races.change_status("wexmoor-1", RaceStatus.OFF, None)
    odds.change_prices("wexmoor-1", quotes({"1": "1.01", "2": "900"}), None)
    a_race_today("wexmoor-2", {"1": "5"}, {"1": "4.5"})

    in_running = movers_of(TODAY)
    races.declare_result("wexmoor-1", [Placing("1", 1, Decimal("3.5"))], None)
    told = movers_of(TODAY)

    assert [mover.race_id for mover in in_running] == ["wexmoor-2"]
    assert [(mover.race_id, str(mover.now), mover.bookmaker) for mover in told] == [
        ("wexmoor-1", "3.50", None),
        ("wexmoor-2", "4.50", "house"),
    ]


def test_the_page_tells_races_to_come_before_those_run(client: FlaskClient) -> None:
    a_race_today("wexmoor-1", {"1": "5"}, {"1": "4"})
    races.declare_result("wexmoor-1", [Placing("1", 1, Decimal("2"))], None)
    a_race_today("wexmoor-2", {"1": "5"}, {"1": "4.5"})

    lines = rows(client.get("/movers").text, "in")

    assert "House +2.2" in lines[0]
    assert lines[1].startswith("Already run")
    assert "SP +30.0" in lines[2]


def test_a_non_runner_another_day_and_a_price_never_moved_are_left_out(client: FlaskClient) -> None:
    a_race_today("wexmoor-1", {"1": "5", "2": "3"}, {"1": "4"})
    races.withdraw("wexmoor-1", "1", None)
    a_race("wexmoor-later", prices={"1": "5"}, off_time=OFF + timedelta(days=3))
    odds.change_prices("wexmoor-later", quotes({"1": "4"}), None)

    page = client.get("/movers").text

    assert rows(page, "in") == ["No horse of a race to come has shortened so far."]
    assert rows(page, "out") == ["No horse of a race to come has lengthened so far."]


def test_one_course_alone_by_the_address(client: FlaskClient) -> None:
    a_race_today("wexmoor-1", {"1": "5"}, {"1": "4"})
    a_race_today("castle-1", {"1": "5"}, {"1": "3"}, course="Castle Ridge")

    here, everywhere = client.get("/movers?course=castle-ridge").text, client.get("/movers?course=nowhere").text

    assert [("Castle Ridge" in line) for line in rows(here, "in")] == [True]
    assert 'href="/movers?course=wexmoor"' in here
    assert len(rows(everywhere, "in")) == 2
    assert "There is no course &#39;nowhere&#39;." in everywhere


def test_a_script_that_holds_the_same_movers_gets_no_page(client: FlaskClient) -> None:
    a_race_today("wexmoor-1", {"1": "5"}, {"1": "4"})
    mark = re.search(r'data-list-mark="(\w+)"', client.get("/movers").text)
    assert mark is not None

    same = client.get("/movers", headers={"If-List-Differs": mark[1]})
    odds.change_prices("wexmoor-1", quotes({"1": "3"}), None)
    moved = client.get("/movers", headers={"If-List-Differs": mark[1]})

    assert (same.status_code, moved.status_code) == (204, 200)
