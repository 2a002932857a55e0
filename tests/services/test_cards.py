"""Declaring races: a race and its runners come onto the site in one change."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from racing.errors import InvalidInput, RaceExists
from racing.extensions import db
from racing.models import AuditEntry, Meeting
from racing.services import boards, cards, racecards
from racing.services.slugs import slugify
from tests.factories import RACE, a_card, a_race, a_user
from tests.support.kept import nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("app")


def test_a_new_race_is_dormant_open_and_at_version_0() -> None:
    cards.declare_race(a_card(runners=3), None)

    board = boards.board(RACE)
    assert (board["version"], board["odds"], len(board["runners"])) == (0, [], 3)
    assert board["race"] == {
        "status": "DORMANT", "betting": "open", "enquiry": False,
        "offTime": "2030-06-01T13:05:00.000Z", "version": 0,
    }  # fmt: skip


def test_the_runners_stay_in_the_order_of_the_card() -> None:
    card = a_card(runners=12)
    cards.declare_race(replace(card, runners=card.runners[::-1]), None)

    assert [runner.runner_id for runner in racecards.card(RACE).runners] == [str(n) for n in range(12, 0, -1)]


def test_the_races_of_a_course_and_day_make_one_meeting() -> None:
    a_race()
    a_race("wexmoor-1440", off_time=datetime(2030, 6, 1, 13, 40, tzinfo=UTC))
    a_race("ayr-1400", course="Ayr")

    assert rows_of(Meeting) == 2
    assert [race.id for race in racecards.meeting("wexmoor-2030-06-01").races] == [RACE, "wexmoor-1440"]


def test_the_day_of_a_meeting_is_the_courses_own() -> None:
    late = datetime(2030, 5, 31, 23, 30, tzinfo=UTC)
    a_race(off_time=late)
    a_race("sydney-1", course="Randwick", off_time=late, time_zone="Australia/Sydney")
    a_race("new-york-1", course="Belmont", off_time=late, time_zone="America/New_York")

    days = {meeting.course: str(meeting.day) for meeting in db.session.scalars(select(Meeting))}
    assert days == {"Wexmoor": "2030-06-01", "Randwick": "2030-06-01", "Belmont": "2030-05-31"}


def test_a_course_keeps_the_time_zone_it_had_before() -> None:
    a_race("sydney-1", course="Randwick", time_zone="Australia/Sydney", country="AU")

    a_race("sydney-2", course="Randwick", off_time=datetime(2030, 6, 8, 4, tzinfo=UTC))

    meeting = racecards.race("sydney-2").meeting
    assert (meeting.time_zone, meeting.country) == ("Australia/Sydney", "AU")


@pytest.mark.parametrize(
    ("title", "handicap"),
    [
        ("The Harbour Lights Handicap", True), ("Summer Nursery", True), ("Class 4 Hcap Chase", True),
        ("The Harbour Lights Stakes", False), ("Handicapper's Gift Maiden", False),
    ],
)  # fmt: skip
def test_a_handicap_is_known_by_its_title(title: str, handicap: bool) -> None:
    a_race(title=title)

    assert racecards.race(RACE).handicap is handicap


def test_a_race_that_is_there_already_stays_as_it_was() -> None:
    a_race(prices={"1": "3"})
    staff = a_user()

    with nothing_written(), pytest.raises(RaceExists):
        cards.declare_race(a_card(runners=9, title="Another"), staff)


def test_a_runner_that_comes_twice_keeps_the_race_off_the_site() -> None:
    card = a_card()

    with nothing_written(), pytest.raises(InvalidInput):
        cards.declare_race(replace(card, runners=[*card.runners, card.runners[0]]), None)


def test_a_race_without_runners_is_none() -> None:
    with nothing_written(), pytest.raises(InvalidInput):
        cards.declare_race(a_card(runners=0), None)


def test_staff_who_declare_a_race_are_in_the_audit_trail() -> None:
    staff = a_user()

    cards.declare_race(a_card(), staff)

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.user_id, entry.race_id, entry.version) == ("race", staff.id, RACE, 0)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Castle Ridge", "castle-ridge"), ("  L'Abbaye! ", "l-abbaye"), ("東京", "course"), ("Compiègne", "compiegne")],
)
def test_a_course_has_a_name_for_addresses(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_a_course_written_in_other_letters_is_the_same_meeting() -> None:
    a_race("a-1", course="Ascot")
    a_race("a-2", course="ascot")

    assert [meeting.course for meeting in db.session.scalars(select(Meeting))] == ["Ascot"]


def test_two_courses_whose_names_leave_the_same_letters_have_a_meeting_each() -> None:
    a_race("a-1", course="Castle Ridge")
    a_race("a-2", course="Castle-Ridge")
    a_race("a-3", course="東京")
    a_race("a-4", course="京都")

    slugs = sorted(db.session.scalars(select(Meeting.slug)))
    assert slugs == ["castle-ridge-2030-06-01", "castle-ridge-2030-06-01-2", "course-2030-06-01", "course-2030-06-01-2"]


def a_card_with(**marks: Any) -> cards.RaceDeclared:
    card = a_card(runners=2)
    return replace(card, runners=[card.runners[0], replace(card.runners[1], **marks)])


def test_what_a_card_prints_is_kept_in_one_spelling() -> None:
    cards.declare_race(replace(a_card_with(claim=7, headgear=" T, P1", course_distance="d/c"), prize=" £24,500 "), None)

    race = racecards.card(RACE)
    plain, marked = race.runners
    assert race.prize == "£24,500"
    assert (marked.claim, marked.headgear, marked.course_distance) == (7, "tp1", "C D")
    assert (plain.claim, plain.headgear, plain.course_distance) == (None, None, None)


@pytest.mark.parametrize(
    ("mark", "said"),
    [("claim", 0), ("claim", 11), ("headgear", "bonnet"), ("headgear", "b" * 21), ("course_distance", "CDE")],
)
def test_a_mark_that_no_card_prints_is_refused_and_the_race_with_it(mark: str, said: Any) -> None:
    with nothing_written(), pytest.raises(InvalidInput) as refusal:
        cards.declare_race(a_card_with(**{mark: said}), None)

    assert refusal.value.message.endswith(".")
    assert rows_of(Meeting) == 0


def test_a_prize_is_short_enough_to_be_printed() -> None:
    with nothing_written(), pytest.raises(InvalidInput, match="40"):
        cards.declare_race(replace(a_card(), prize="£" + "9" * 40), None)
