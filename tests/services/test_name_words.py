"""Names that a worker of the release before declares are noted by the others: each race once, whoever is first."""

import threading
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from racing.extensions import db
from racing.models import Race, Runner
from racing.services import cards, racecards, search
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.services.people import Kind
from tests.factories import OFF_TIME, a_race
from tests.support.asked import Asked, asked, steps

ROUNDS = 8


def declare(race_id: str, horse: str, jockey: str) -> None:
    runners = [RunnerDeclared("1", horse, jockey=jockey)]
    cards.declare_race(RaceDeclared(race_id, "Wexmoor", OFF_TIME, f"The {race_id} Stakes", runners), None)


def of_the_release_before(race_id: str, horse: str, jockey: str) -> Race:
    """Return a race at the course of "first", as a worker writes it that knows of no words."""
    slugs = {"horse_slug": horse.lower().replace(" ", "-"), "jockey_slug": jockey.lower().replace(" ", "-")}
    runner = Runner(runner_id="1", position_on_card=0, name=horse, jockey=jockey, **slugs)
    meeting_id = racecards.race("first").meeting_id
    return Race(id=race_id, meeting_id=meeting_id, off_time=OFF_TIME, title=f"The {race_id} Stakes", runners=[runner])


def found(kind: Kind, text: str) -> list[tuple[str, int]]:
    db.session.rollback()
    return [(each.name, each.races) for each in search.search(kind, search.letters(text))]


def test_what_is_committed_after_later_declarations_is_noted_with_the_next(postgres_app: Flask) -> None:
    a_race("first")
    with Session(db.engine, expire_on_commit=False) as other:
        other.add(of_the_release_before("slow", "Lost Harbour", "L Orphan"))
        other.flush()
        declare("quick", "Found Harbour", "L Orphan")
        other.commit()

    declare("next", "Elsewhere", "T Doyle")

    assert found(Kind.HORSE, "harbour") == [("Found Harbour", 1), ("Lost Harbour", 1)]
    assert found(Kind.JOCKEY, "orphan") == [("L Orphan", 2)]
    assert [race.id for race in search.races("slow", OFF_TIME - timedelta(days=1))] == ["slow"]


def test_two_who_note_the_same_race_count_it_once(postgres_app: Flask) -> None:
    a_race("first")
    failures: list[BaseException] = []

    def at_once(together: threading.Barrier, race_id: str, horse: str, jockey: str) -> None:
        with postgres_app.app_context():
            try:
                together.wait(10)
                declare(race_id, horse, jockey)
            except Exception as error:  # noqa: BLE001  # told by the assertion below
                failures.append(error)

    for number in range(ROUNDS):
        db.session.add(of_the_release_before(f"old-{number}", f"Horse {number}", "T Twice"))
        db.session.commit()
        together = threading.Barrier(2)
        ours = (f"one-{number}", "Ash", "T Twice"), (f"two-{number}", "Bay", "S Other")
        writers = [threading.Thread(target=at_once, args=(together, *each)) for each in ours]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(30)

    assert failures == []
    assert found(Kind.JOCKEY, "twice") == [("T Twice", 2 * ROUNDS)]
    assert found(Kind.JOCKEY, "other") == [("S Other", ROUNDS)]


def test_to_note_a_race_reads_no_more_than_the_last_cards(app: Flask) -> None:
    a_race("first")

    with asked() as noted:
        a_race("second", title="香港")

    def is_of_words(one: Asked) -> bool:
        return one.statement.startswith("SELECT") and "name_words" in one.statement

    ways = [steps(one) for one in noted if is_of_words(one)]
    assert len(ways) == 1
    assert "SCAN" not in ways[0]
