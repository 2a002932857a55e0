"""Lists of races: which are next, which are of a day, a course, a country, a stage."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from racing.errors import NotFound
from racing.services import courses, race_lists, racecards, races
from racing.services.race_lists import Asked, Stage
from racing.statuses import RaceStatus
from tests.factories import a_race

NOW = datetime(2030, 6, 1, 13, 0, tzinfo=UTC)


def ids(asked: Asked = Asked()) -> list[str]:  # noqa: B008  # frozen
    return [race.id for race in race_lists.listed(asked, NOW)]


def off(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_the_next_races_are_those_to_come_and_those_being_run(either_app: Flask) -> None:
    a_race("late", off_time=off(40))
    a_race("soon", off_time=off(5), course="Castle Ridge")
    a_race("running", off_time=off(-3))
    a_race("over", off_time=off(-10))
    a_race("never-told", off_time=off(-31))
    races.change_status("running", RaceStatus.OFF, None)
    races.change_status("over", RaceStatus.FINISHED, None)

    assert ids() == ["running", "soon", "late"]
    assert ids(Asked(stage=Stage.RUNNING)) == ["running"]
    assert ids(Asked(stage=Stage.TO_COME)) == ["soon", "late"]
    assert ids(Asked(stage=Stage.OVER)) == ["over"]


def test_a_day_has_all_its_races_whatever_became_of_them(either_app: Flask) -> None:
    a_race("morning", off_time=off(-200))
    a_race("evening", off_time=off(300))
    a_race("tomorrow", off_time=off(24 * 60))

    assert ids(Asked(day=date(2030, 6, 1))) == ["morning", "evening"]


def test_a_day_is_the_course_s_own(either_app: Flask) -> None:
    a_race("sunday-in-sydney", off_time=datetime(2030, 6, 1, 22, 0, tzinfo=UTC), time_zone="Australia/Sydney")

    assert ids(Asked(day=date(2030, 6, 2))) == ["sunday-in-sydney"]
    assert ids(Asked(day=date(2030, 6, 1))) == []


def test_the_desk_s_day_is_the_course_s_own_too(either_app: Flask) -> None:
    a_race("saturday-in-florida", off_time=datetime(2030, 6, 2, 1, 0, tzinfo=UTC), time_zone="America/New_York")
    a_race("saturday-in-england", off_time=datetime(2030, 6, 1, 20, 0, tzinfo=UTC), course="Castle Ridge")

    assert [race.id for race in racecards.races_since(datetime(2030, 6, 2, 1, 5, tzinfo=UTC))] == [
        "saturday-in-florida"
    ]


def test_a_course_and_a_country_narrow_the_list(either_app: Flask) -> None:
    a_race("home", off_time=off(5), country="GB")
    a_race("away", off_time=off(6), course="Castle Ridge", country="IE")

    assert ids(Asked(courses=["Castle Ridge"])) == ["away"]
    assert ids(Asked(country="GB")) == ["home"]
    assert ids(Asked(country="GB", courses=["Castle Ridge"])) == []
    assert race_lists.places_of(NOW.date(), NOW.date()) == [("Castle Ridge", "IE"), ("Wexmoor", "GB")]


def test_the_list_of_the_next_races_is_bounded(either_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race_lists, "NEXT_RACES", 2)
    for minute in (3, 1, 2):
        a_race(f"in-{minute}", off_time=off(minute))

    assert ids() == ["in-1", "in-2"]


def test_a_line_is_drawn_from_the_runners_and_prices_of_its_own_race(either_app: Flask) -> None:
    a_race("first", runners=2, prices={"1": "2.5"}, off_time=off(5))
    a_race("second", runners=3, off_time=off(6))

    fields = race_lists.fields_of(["first", "second"])

    assert [runner.name for runner in fields["first"].runners] == ["Horse 1", "Horse 2"]
    assert [str(offer.price) for offer in fields["first"].prices] == ["2.50"]
    assert len(fields["second"].runners) == 3
    assert not fields["second"].prices


def test_a_course_is_found_under_its_own_slug_and_no_other(either_app: Flask) -> None:
    a_race("park", course="Ascot Park", off_time=off(5))
    a_race("plain", course="Ascot", off_time=off(5))

    assert courses.names("ascot") == ["Ascot"]
    assert courses.names("ascot-park") == ["Ascot Park"]
    for nothing in ("", "asc", "ascot-2030", "%", "Ascot"):
        assert courses.names(nothing) == []


def test_a_course_s_meetings_to_come_are_apart_from_those_that_were(either_app: Flask) -> None:
    for days in (-2, -1, 0, 1):
        a_race(f"day{days + 5}", off_time=NOW + timedelta(days=days))

    to_come, past = courses.meetings("wexmoor", NOW.date(), past_most=1)

    assert [meeting.day.day for meeting in to_come] == [1, 2]
    assert [meeting.day.day for meeting in past] == [31]
    assert [meeting.day.day for meeting in courses.meetings("wexmoor", NOW.date(), 5, past_from=1)[1]] == [30]
    with pytest.raises(NotFound):
        courses.meetings("nowhere", NOW.date(), 5)
