"""Results, non-runners and meetings by day, and the way from one day to the next."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from racing.services import odds, races
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import a_race, quotes
from tests.support.asked import asked, reads_of
from tests.views.lists import lines, links, words

DAY = "2030-06-01"
OFF = datetime(2030, 6, 1, 13, 5, tzinfo=UTC)


def today() -> datetime:
    """Return noon of the site's own day."""
    return datetime.now(ZoneInfo("Europe/London")).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize("kind", ["meetings", "results", "non-runners"])
def test_a_day_leads_to_the_days_beside_it_and_back_to_today(kind: str, client: FlaskClient) -> None:
    page = client.get(f"/{kind}/2027-12-31").text

    assert "Friday 31 December 2027" in page
    assert links(page, "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} Day before") == [f"/{kind}/2027-12-30"]
    assert links(page, "Day after \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}") == [f"/{kind}/2028-01-01"]
    assert links(page, "Today") == [f"/{kind}"]


@pytest.mark.parametrize("kind", ["meetings", "results", "non-runners"])
def test_without_a_day_it_is_today(kind: str, client: FlaskClient) -> None:
    page, yesterday = client.get(f"/{kind}").text, today() - timedelta(days=1)

    assert re.search(rf"<b>Today</b>, {today():%A} {today().day} {today():%B}</p>", page)
    assert links(page, "Today") == []
    assert "<b>Yesterday</b>" in client.get(f"/{kind}/{yesterday:%Y-%m-%d}").text


@pytest.mark.parametrize("kind", ["meetings", "results", "non-runners"])
@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_of_the_calendar_is_no_page(kind: str, day: str, client: FlaskClient) -> None:
    page = client.get(f"/{kind}/{day}")

    assert page.status_code == 404
    assert "There is nothing at this address." in page.text


@pytest.mark.parametrize("day", ["26-01-01", "2026-1-1", "20260101", "today", "2026-01-01T00", "%00"])
def test_what_is_not_written_as_a_day_is_none(day: str, client: FlaskClient) -> None:
    assert client.get(f"/results/{day}").status_code == 404
    assert client.get(f"/non-runners/{day}").status_code == 404
    assert "There is no meeting" in client.get(f"/meetings/{day}").text


def test_an_empty_day_says_so_and_today_that_more_comes_by_itself(client: FlaskClient) -> None:
    assert "No result of this day is known." in words(client.get("/results/2020-01-01").text)
    assert "known yet. The first appears here by itself." in words(client.get("/results").text)
    assert "No horse is out of a race of this day." in words(client.get("/non-runners/2020-01-01").text)
    assert "out of a race of this day so far." in words(client.get("/non-runners").text)
    assert "No meeting is declared for this day." in words(client.get("/meetings/2020-01-01").text)
    assert "declared for this day yet." in words(client.get("/meetings").text)


def test_a_result_tells_dead_heats_starting_prices_and_non_runners(either_client: FlaskClient) -> None:
    a_race(runners=6, prices={"5": "4", "6": "11"})
    races.withdraw("wexmoor-1405", "5", None)
    races.withdraw("wexmoor-1405", "6", None)
    placings = [Placing("3", 2), Placing("1", 2, Decimal("2.5")), Placing("2", 1, Decimal("5")), Placing("4", 4)]
    races.declare_result("wexmoor-1405", placings, None)

    (told,) = lines(either_client.get(f"/results/{DAY}").text).values()

    assert told.startswith("14:05 Wexmoor result The Harbour Lights Stakes")
    assert "1st Horse 2 4/1 5.00 +400 starting price 2nd Horse 1 dead heat 6/4 2.50 +150 starting price" in told
    assert "2nd Horse 3 dead heat 4th Horse 4 Non-runners: Horse 5 (5), Horse 6 (6) · Rule 4: 30p in the £" in told


def test_results_are_newest_first_and_only_of_races_with_something_to_tell(client: FlaskClient) -> None:
    for place, race_id in enumerate(("first", "stopped", "void", "under-way", "last")):
        a_race(race_id, off_time=OFF + timedelta(minutes=10 * place))
    for race_id in ("first", "last"):
        races.declare_result(race_id, [Placing("1", 1)], None)
    races.change_enquiry("last", True, None)
    races.change_status("stopped", RaceStatus.ABANDONED, None)
    races.change_status("void", RaceStatus.RACEVOID, None)
    races.change_status("under-way", RaceStatus.OFF, None)

    told = lines(client.get(f"/results/{DAY}").text)

    assert list(told) == ["last", "void", "stopped", "first"]
    assert "stewards' enquiry" in told["last"]
    assert "Horse" not in told["stopped"]
    assert told["stopped"].startswith("14:15 Wexmoor abandoned")
    assert told["void"].startswith("14:25 Wexmoor void")


def test_placings_whose_order_nobody_told_are_placed(client: FlaskClient) -> None:
    a_race()
    races.declare_result("wexmoor-1405", [Placing("2", 1), Placing("3", None), Placing("4", None)], None)

    (told,) = lines(client.get(f"/results/{DAY}").text).values()

    assert "1st Horse 2 placed Horse 3 placed Horse 4" in told
    assert "dead heat" not in told


def test_non_runners_are_told_with_time_price_then_and_rule_4(either_client: FlaskClient) -> None:
    a_race(runners=6, prices={"1": "3", "2": "9"})
    odds.change_prices("wexmoor-1405", quotes({"1": "4"}, "tote"), None)
    a_race("no-one-out", off_time=OFF + timedelta(minutes=30))
    for minute, runner in enumerate(("2", "1", "6")):
        races.withdraw("wexmoor-1405", runner, None, at=datetime(2030, 6, 1, 9, 10 + minute, tzinfo=UTC))

    told = lines(either_client.get(f"/non-runners/{DAY}").text)

    assert list(told) == ["wexmoor-1405"]
    assert "10:10 Horse 2 (2) was 8/1 9.00 +800 10p" in told["wexmoor-1405"]
    assert "10:11 Horse 1 (1) was 3/1 4.00 +300 25p" in told["wexmoor-1405"]
    assert "10:12 Horse 6 (6) no price" in told["wexmoor-1405"]
    assert told["wexmoor-1405"].endswith("Rule 4: bets struck before 10:12 bear at most 35p in the £.")


def test_a_reinstated_horse_is_no_non_runner_and_the_script_is_told(client: FlaskClient) -> None:
    a_race()
    races.withdraw("wexmoor-1405", "2", None)
    page = client.get(f"/non-runners/{DAY}").text
    mark = re.search(r'data-list-mark="(\w+)"', page)
    assert mark is not None
    races.reinstate("wexmoor-1405", "2", None)

    now = client.get(f"/non-runners/{DAY}", headers={"If-List-Differs": mark[1]})

    assert "Horse 2" in lines(page)["wexmoor-1405"]
    assert now.status_code == 200
    assert list(lines(now.text)) == ["empty"]


def test_a_meeting_tells_going_hours_and_how_far_each_race_is(either_client: FlaskClient) -> None:
    for place, race_id in enumerate(("first", "second", "third")):
        a_race(race_id, off_time=OFF + timedelta(minutes=35 * place), going="Good to Soft")
    a_race("abroad", course="Castle Ridge", off_time=OFF)
    races.declare_result("first", [Placing("1", 1)], None)
    races.change_status("second", RaceStatus.OFF, None)

    told = lines(either_client.get(f"/meetings/{DAY}").text)

    assert list(told) == ["castle-ridge-2030-06-01", "wexmoor-2030-06-01"]
    assert told["castle-ridge-2030-06-01"].startswith("Castle Ridge 1 race 14:05")
    assert told["wexmoor-2030-06-01"].startswith("Wexmoor Going: Good to Soft · 3 races · 14:05 to 15:15")
    assert "14:05 result 14:40 off 15:15 Sat 1 Jun 2030" in told["wexmoor-2030-06-01"]


def test_a_day_is_the_course_s_own(client: FlaskClient) -> None:
    a_race("sunday", off_time=datetime(2030, 6, 1, 22, 0, tzinfo=UTC), time_zone="Australia/Sydney", course="Randwick")

    assert "empty" in lines(client.get("/meetings/2030-06-01").text)
    assert list(lines(client.get("/meetings/2030-06-02").text)) == ["randwick-2030-06-02"]


def test_one_meeting_s_page_leads_to_its_course_its_day_and_the_others(client: FlaskClient) -> None:
    a_race("here", off_time=OFF)
    a_race("there", off_time=OFF, course="Castle Ridge")

    page = client.get("/meetings/wexmoor-2030-06-01").text

    assert list(lines(page)) == ["here"]
    assert links(page, "Wexmoor")[0] == "/courses/wexmoor"
    assert links(page, "Saturday 1 June 2030") == ["/meetings/2030-06-01"]
    assert links(page, "Castle Ridge") == ["/meetings/castle-ridge-2030-06-01"]
    assert client.get("/meetings/wexmoor-2030-06-02").status_code == 404


def test_the_page_of_a_day_tells_its_script_what_may_still_change(client: FlaskClient) -> None:
    a_race("open", off_time=OFF)
    a_race("ended", off_time=OFF + timedelta(minutes=5))
    races.change_status("ended", RaceStatus.ABANDONED, None)

    for page in ("meetings", "results", "non-runners"):
        assert 'data-follow="[[&#34;open&#34;, 0]]"' in client.get(f"/{page}/{DAY}").text


def test_a_meeting_reads_its_prices_once_and_none_to_say_that_nothing_changed(client: FlaskClient) -> None:
    a_race(prices={"1": "2.5"})
    with asked() as noted:
        page = client.get(f"/meetings/wexmoor-{DAY}").text
    mark = page.split('data-list-mark="')[1].split('"')[0]
    with asked() as again:
        assert client.get(f"/meetings/wexmoor-{DAY}", headers={"If-List-Differs": mark}).status_code == 204

    assert len(reads_of(noted, "current_prices")) == 1
    assert reads_of(again, "current_prices") == []
    assert reads_of(again, "runners") == []


def test_many_results_of_a_day_go_on_on_another_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("racing.views.punters.results.RESULTS_A_PAGE", 2)
    for hour in range(3):
        a_race(f"race-{hour}", off_time=OFF + timedelta(hours=hour))
        races.declare_result(f"race-{hour}", [Placing("1", 1)], None)
    first, second, third = (client.get(f"/results/{DAY}{query}").text for query in ("", "?page=2", "?page=3"))

    assert re.findall(r'data-key="(race-\d)"', first) == ["race-2", "race-1"]
    assert links(first, "Older") == [f"/results/{DAY}?page=2"]
    assert re.findall(r'data-key="(race-\d)"', second) == ["race-0"]
    assert (links(second, "Newer"), links(second, "Older")) == ([f"/results/{DAY}?page=1"], [])
    assert "No result of this day is older." in third


def test_a_day_of_more_races_than_a_list_has_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("racing.services.race_lists.MOST_OF_A_DAY", 2)
    for hour in range(3):
        a_race(f"race-{hour}", off_time=OFF + timedelta(hours=hour))

    assert "Only the first 2 races of this day are listed." in words(client.get(f"/?day={DAY}").text)
    monkeypatch.setattr("racing.services.race_lists.MOST_OF_A_DAY", 4)
    assert "Only the first" not in client.get(f"/?day={DAY}").text
