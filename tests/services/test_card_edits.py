"""Editing a card: what punters see of it, who may not be written over, what is kept of it."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from racing.errors import Conflict, InvalidInput, RunnerNotInRace, StaleCard
from racing.extensions import db
from racing.models import AuditEntry, Notification, WatchKind
from racing.services import alerts, boards, cards, racecards, races, search, watchlists
from racing.services.card_edits import FieldChange, edit_card
from racing.services.cards import RunnerDeclared
from racing.services.people import Kind
from racing.statuses import RaceStatus
from tests.factories import RACE, a_card, a_race, a_user
from tests.support.kept import nothing_written


def change(field: str, now: object, was: str = "", runner: str | None = None) -> FieldChange:
    return FieldChange(runner, field, was, now)


def found(kind: Kind, text: str) -> list[tuple[str, int]]:
    db.session.rollback()
    return [(each.name, each.races) for each in search.search(kind, search.letters(text))]


def test_what_punters_see_of_a_card_raises_the_version_and_is_on_the_record(either_app: Flask) -> None:
    by = a_user()
    a_race(prices={"1": "2.5"})

    version = edit_card(
        RACE, [change("going", "Soft"), change("jockey", "T Doyle", runner="1"), change("draw", 7, runner="2")], [], by
    )

    assert version == 2
    delta = boards.board(RACE, 1)
    assert (delta["version"], delta["race"]["version"], delta["race"]["cardVersion"]) == (2, 2, 2)
    assert (delta["odds"], delta["runners"]) == ([], [])
    race = racecards.card(RACE)
    first, second, *_ = race.runners
    assert (race.going, first.jockey, first.jockey_slug, second.draw) == ("Soft", "T Doyle", "t-doyle", 7)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.version) == ("card", 2)
    assert entry.before == {
        "going": None, "runners": [{"runnerId": "1", "jockey": None}, {"runnerId": "2", "draw": None}],
    }  # fmt: skip
    assert entry.after == {
        "going": "Soft", "runners": [{"runnerId": "1", "jockey": "T Doyle"}, {"runnerId": "2", "draw": 7}],
    }  # fmt: skip
    assert edit_card(RACE, [change("going", "Soft", "Soft")], [], by) == 2


def test_two_editors_of_one_field_see_each_other_and_of_different_ones_need_not(app: Flask) -> None:
    a_race()
    edit_card(RACE, [change("going", "Soft"), change("name", "Otter", "Horse 1", "1")], [], None)

    with nothing_written(), pytest.raises(StaleCard) as refusal:
        edit_card(
            RACE,
            [change("going", "Heavy"), change("name", "Adder", "Horse 1", "1"), change("prize", "£1")],
            [],
            None,
        )
    assert refusal.value.fields == {"going": "Soft", "1/name": "Otter"}
    assert edit_card(RACE, [change("prize", "£1"), change("going", "Soft")], [], None) == 2
    assert edit_card(RACE, [change("going", "Heavy", "Soft")], [], None) == 3


def test_what_cannot_be_is_refused_and_nothing_changes(app: Flask) -> None:
    a_race()
    refused = [
        ([change("name", None, "Horse 1", "1")], [], InvalidInput),
        ([change("offTime", "x")], [], InvalidInput),
        ([change("name", "X", "", "stranger")], [], RunnerNotInRace),
        ([change("going", "Soft")], [RunnerDeclared("5", "horse 4")], InvalidInput),
        ([], [RunnerDeclared(f"new-{n}", f"New {n}") for n in range(57)], InvalidInput),
    ]
    for changes, added, error in refused:
        with nothing_written(), pytest.raises(error):
            edit_card(RACE, changes, added, None)
    races.change_status(RACE, RaceStatus.OFF, None)
    with nothing_written(), pytest.raises(Conflict):
        edit_card(RACE, [], [RunnerDeclared("5", "Late")], None)
    assert edit_card(RACE, [change("name", "Mended", "Horse 1", "1")], [], None) == 2


def test_a_runner_more_is_declared_to_who_watches_it_and_is_no_horse_that_runs_after_all(either_app: Flask) -> None:
    by = a_user()
    cards.declare_race(a_card("before", runners=1), None)
    edit_card("before", [change("name", "Velvet Otter", "Horse 1", "1")], [], None)
    watchlists.watch(by.id, WatchKind.HORSE, "velvet-otter")
    a_race()
    watchlists.watch(by.id, WatchKind.RACE, RACE)

    version = edit_card(RACE, [], [RunnerDeclared("5", "Velvet Otter", number="5", jockey="R Hale")], by)

    (entry,) = boards.board(RACE, version - 1)["runners"]
    assert entry == {"runnerId": "5", "status": "ACTIVE", "version": version}
    assert [runner.runner_id for runner in racecards.card(RACE).runners] == ["1", "2", "3", "4", "5"]
    alerts.tell_due()
    assert db.session.scalars(select(Notification.kind)).all() == ["declared"]
    races.withdraw(RACE, "5", None)
    alerts.tell_due()
    assert db.session.scalars(select(Notification.kind).order_by(Notification.id)).all() == ["declared", "non_runner"]


def test_who_is_renamed_is_found_under_the_new_name_alone(either_app: Flask) -> None:
    card = a_card(runners=1)
    named = replace(card.runners[0], name="Old Harbour", jockey="L Orphan")
    cards.declare_race(replace(card, runners=[named]), None)
    cards.declare_race(replace(card, race_id="other", runners=[named]), None)

    edit_card(
        RACE,
        [change("name", "New Harbour", "Old Harbour", "1"), change("jockey", None, "L Orphan", "1"),
         change("title", "The Dusk Handicap", card.title)],
        [],
        None,
    )  # fmt: skip

    assert sorted(found(Kind.HORSE, "harbour")) == [("New Harbour", 1), ("Old Harbour", 1)]
    assert found(Kind.JOCKEY, "orphan") == [("L Orphan", 1)]
    assert [race.id for race in search.races("dusk", card.off_time)] == [RACE]
    assert [race.id for race in search.races("lights", card.off_time)] == ["other"]
    assert racecards.race(RACE).handicap
