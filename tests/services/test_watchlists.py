"""Watchlists: what a user wants to hear of, with what is next for it."""

from datetime import UTC, datetime, timedelta

import pytest

from racing.errors import Conflict, NotFound, RaceNotFound
from racing.extensions import db
from racing.models import AlertProgress, Role, WatchKind
from racing.services import cards, races, watchlists
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import OFF_TIME, RACE, a_race, a_user
from tests.support.kept import nothing_written

pytestmark = pytest.mark.usefixtures("either_app")


def a_punter(email: str = "ann@example.org") -> int:
    return int(a_user(Role.PUNTER, email).id)


def a_ride(race_id: str, off_time: datetime = OFF_TIME, horse: str = "Arkle") -> str:
    """Declare a race in which Pat Taaffe rides a horse of Tom Dreaper's."""
    runner = RunnerDeclared("1", horse, jockey="Pat Taaffe", trainer="Tom Dreaper")
    cards.declare_race(RaceDeclared(race_id, "Wexmoor", off_time, "The Harbour Lights Stakes", [runner]), None)
    return race_id


def test_a_race_a_horse_and_its_people_are_watched_under_their_names() -> None:
    ann = a_punter()
    a_ride(RACE)

    for kind, key in (
        (WatchKind.RACE, RACE), (WatchKind.HORSE, "arkle"), (WatchKind.JOCKEY, "pat-taaffe"),
        (WatchKind.TRAINER, "tom-dreaper"),
    ):  # fmt: skip
        watchlists.watch(ann, kind, key)

    assert [(each.watch.kind, each.watch.name) for each in watchlists.watched(ann)] == [
        ("race", "14:05 Wexmoor, Sat 1 Jun"), ("horse", "Arkle"), ("jockey", "Pat Taaffe"), ("trainer", "Tom Dreaper"),
    ]  # fmt: skip
    assert watchlists.is_watched(ann, WatchKind.HORSE, "arkle")
    assert not watchlists.is_watched(ann, WatchKind.RACE, "arkle")
    assert watchlists.watched_keys(ann, WatchKind.RACE, [RACE, "other"]) == {RACE}


def test_what_is_watched_twice_is_on_the_list_once() -> None:
    ann = a_punter()
    a_ride(RACE)

    first = watchlists.watch(ann, WatchKind.HORSE, "arkle").id
    watchlists.set_alerts(ann, WatchKind.HORSE, "arkle", False)

    again = watchlists.watch(ann, WatchKind.HORSE, "arkle")
    assert (again.id, again.alerts) == (first, False)


def test_a_list_shows_what_is_next_soonest_first_and_what_is_over_last() -> None:
    ann = a_punter()
    a_ride("second", OFF_TIME + timedelta(hours=2))
    a_ride("first")
    a_ride("run", datetime(2020, 6, 1, 12, tzinfo=UTC))
    a_ride("unrelated", OFF_TIME - timedelta(hours=1), "Mill House")
    races.change_status("first", RaceStatus.ABANDONED, None)
    a_ride("third", OFF_TIME + timedelta(hours=3))
    for race_id in ("first", "second"):
        watchlists.watch(ann, WatchKind.RACE, race_id)
    watchlists.watch(ann, WatchKind.HORSE, "arkle")
    watchlists.watch(ann, WatchKind.HORSE, "mill-house")

    listed = watchlists.watched(ann)

    assert [each.watch.key for each in listed] == ["second", "first", "mill-house", "arkle"]
    assert [run.race_id for run in listed[3].next_runs] == ["second", "third"]
    assert [runner.name for runner in listed[0].race.runners] == ["Arkle"]


def test_a_busy_jockey_shows_the_next_few_rides() -> None:
    ann = a_punter()
    for hour in range(5):
        a_ride(f"race-{hour}", OFF_TIME + timedelta(hours=hour))
    watchlists.watch(ann, WatchKind.JOCKEY, "pat-taaffe")

    (watched,) = watchlists.watched(ann)

    assert [run.race_id for run in watched.next_runs] == ["race-0", "race-1", "race-2"]


def test_what_is_taken_off_is_gone_from_this_list_alone() -> None:
    ann, bob = a_punter(), a_punter("bob@example.org")
    a_race()
    for user in (ann, bob):
        watchlists.watch(user, WatchKind.RACE, RACE)

    watchlists.unwatch(ann, WatchKind.RACE, RACE)

    assert watchlists.watched(ann) == []
    assert watchlists.is_watched(bob, WatchKind.RACE, RACE)
    with nothing_written():
        watchlists.unwatch(ann, WatchKind.RACE, RACE)
        with pytest.raises(NotFound):
            watchlists.set_alerts(ann, WatchKind.RACE, RACE, True)


def test_what_is_not_here_cannot_be_watched() -> None:
    ann = a_punter()
    a_ride(RACE)
    with nothing_written():
        with pytest.raises(RaceNotFound):
            watchlists.watch(ann, WatchKind.RACE, "nowhere")
        for kind, key in ((WatchKind.HORSE, "pat-taaffe"), (WatchKind.JOCKEY, "arkle"), (WatchKind.TRAINER, "")):
            with pytest.raises(NotFound):
                watchlists.watch(ann, kind, key)


def test_a_full_list_makes_room_by_what_is_over_and_else_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlists, "MOST", 2)
    ann = a_punter()
    for race_id in ("over", "one", "two", "three"):
        a_race(race_id)
    for race_id in ("over", "one"):
        watchlists.watch(ann, WatchKind.RACE, race_id)

    with nothing_written(), pytest.raises(Conflict):
        watchlists.watch(ann, WatchKind.RACE, "two")
    races.declare_result("over", [Placing("1", 1)], None)
    watchlists.watch(ann, WatchKind.RACE, "two")

    assert {each.watch.key for each in watchlists.watched(ann)} == {"one", "two"}


def test_telling_begins_at_the_present_and_not_for_what_is_over() -> None:
    ann = a_punter()
    a_ride(RACE)
    a_ride("over")
    races.change_status(RACE, RaceStatus.PARADING, None)
    races.change_status("over", RaceStatus.ABANDONED, None)

    watchlists.watch(ann, WatchKind.HORSE, "arkle")
    watchlists.watch(ann, WatchKind.RACE, "over")

    (progress,) = db.session.query(AlertProgress).all()
    assert (progress.race_id, progress.version, progress.status) == (RACE, 1, RaceStatus.PARADING)
