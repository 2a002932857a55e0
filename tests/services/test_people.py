"""Horses, jockeys and trainers under their names: their races here, and how they are found."""

from datetime import UTC, datetime, timedelta

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import delete, insert

from racing.errors import InvalidInput, NotFound
from racing.extensions import db
from racing.models import NameWord
from racing.services import cards, people, races, search
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.services.people import Kind
from racing.statuses import RaceStatus
from tests.factories import a_race
from tests.support.asked import asked, steps
from tests.support.kept import everything_kept

NOW = datetime(2030, 6, 1, 13, 0, tzinfo=UTC)


def declare(race_id: str, minutes: int, *runners: tuple[str, str, str], course: str = "Wexmoor") -> None:
    """Put a race on the site, each runner (horse, jockey, trainer)."""
    declared = [
        RunnerDeclared(str(n), name, None, None, jockey, trainer) for n, (name, jockey, trainer) in enumerate(runners)
    ]
    off_time = NOW + timedelta(minutes=minutes)
    cards.declare_race(RaceDeclared(race_id, course, off_time, "A Handicap", declared), None)


def test_a_jockey_s_rides_to_come_are_by_off_time_and_the_others_newest_first(either_app: Flask) -> None:
    for race_id, minutes in (("later", 60), ("soon", 5), ("old", -3000), ("older", -6000), ("just-run", -20)):
        declare(race_id, minutes, ("Quiet Harbour", "R Moore", "J Smith"), ("Isadora", "T Doyle", "J Smith"))
    races.change_status("just-run", RaceStatus.FINISHED, None)

    assert [run.race_id for run in people.to_come(Kind.JOCKEY, "r-moore", NOW)] == ["soon", "later"]
    assert [run.race_id for run in people.past(Kind.JOCKEY, "r-moore", NOW, 2)] == ["just-run", "old"]
    assert [run.race_id for run in people.past(Kind.JOCKEY, "r-moore", NOW, 2, skipped=2)] == ["older"]
    assert [run.name for run in people.to_come(Kind.TRAINER, "j-smith", NOW)][:2] == ["Quiet Harbour", "Isadora"]


def test_who_went_to_post_does_not_count_the_non_runners(either_app: Flask) -> None:
    declare("soon", 5, ("One", "", ""), ("Two", "", ""), ("Three", "", ""))
    races.withdraw("soon", "1", None)

    assert people.went_to_post(["soon"]) == {"soon": 2}


def test_a_name_is_told_as_the_newest_card_writes_it(either_app: Flask) -> None:
    declare("first", 5, ("QUIET HARBOUR", "", ""))
    declare("second", 9, ("Quiet Harbour", "", ""))

    assert people.name_of(Kind.HORSE, "quiet-harbour") == "Quiet Harbour"
    for nobody in ("nobody", "quiet"):
        with pytest.raises(NotFound):
            people.name_of(Kind.HORSE, nobody)


def names(kind: Kind, text: str) -> list[str]:
    return [found.name for found in search.search(kind, search.letters(text))]


def test_a_search_finds_words_that_begin_so_whole_names_first(either_app: Flask) -> None:
    declare("one", 5, ("Old Harbour", "Ryan Moore", ""), ("Harbour Lights", "", ""), ("Pharbour", "", ""))

    assert names(Kind.HORSE, "harb") == ["Harbour Lights", "Old Harbour"]
    assert names(Kind.HORSE, "Harbour L") == ["Harbour Lights"]
    assert names(Kind.JOCKEY, "MOORE") == ["Ryan Moore"]
    assert names(Kind.JOCKEY, "harb") == []
    assert names(Kind.TRAINER, "xx") == []


def test_a_search_folds_accents_and_takes_no_pattern(either_app: Flask) -> None:
    declare("one", 5, ("Été Indien", "", ""), ("Elsewhere", "", ""))

    assert names(Kind.HORSE, "été") == ["Été Indien"]
    assert names(Kind.HORSE, "et%e") == []


def test_a_search_counts_races_and_is_bounded(either_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 3)
    declare("one", 5, *((f"Harbour {word}", "", "J Smith") for word in ("Ash", "Bay", "Cob", "Dun")))
    declare("two", 9, ("Harbour Ash", "", "J Smith"))

    found = search.search(Kind.HORSE, "harbour")

    assert [each.name for each in found] == ["Harbour Ash", "Harbour Dun", "Harbour Cob"]
    assert found[0].races == 2
    assert search.search(Kind.TRAINER, "smith")[0].races == 2


def test_a_race_is_found_by_its_title_with_accents_and_without(either_app: Flask) -> None:
    long = "The Friends of the Old Grandstand and of the Parade Ring Memorial Trophy d'Été"
    for race_id, title in (("first", "Prix de Compiègne"), ("second", long), ("third", "香港"), ("fourth", "Éte Éte")):
        a_race(race_id, title=title)

    def titles(text: str) -> list[str]:
        return [race.id for race in search.races(search.letters(text), NOW)]

    for text in ("compiegne", "Compiègne", "DE COMPI", "prix"):
        assert titles(text) == ["first"]
    assert titles("d'été") == titles("memorial trophy d") == titles(long) == ["second"]
    assert titles("ete") == ["fourth", "second"]
    assert titles("iegne") == titles("pr%x") == titles("third") == []


def test_a_word_of_many_titles_finds_the_same_races_as_a_rare_one(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, hours in enumerate((-30, 3, -6, 1)):
        a_race(f"race-{number}", title=f"Stakes {number} Stakes", off_time=NOW + timedelta(hours=hours))
    a_race("other", title="Chase", off_time=NOW + timedelta(hours=2))
    rare = [race.id for race in search.races("stakes", NOW)]
    monkeypatch.setattr(search, "_RARE", 1)

    assert [race.id for race in search.races("stakes", NOW)] == rare == ["race-3", "race-1", "race-2", "race-0"]


def test_a_name_of_two_words_that_begin_alike_is_found_once(either_app: Flask) -> None:
    declare("one", 5, ("Bay Bayou Bay", "", ""), ("Old Bay", "", ""))

    assert names(Kind.HORSE, "bay") == ["Bay Bayou Bay", "Old Bay"]


def test_names_of_before_the_migration_are_found_as_they_were(either_app: Flask) -> None:
    a_race("prix", title="Prix de Compiègne")
    a_race("signs", title="香港")
    declare("one", 5, ("Old Harbour", "R Moore", "J Smith"), ("Harbour Lights", "", "J Smith"))
    declare("two", 9, ("Harbour Lights", "R Moore", ""))
    before = everything_kept()["name_words"]

    flask_migrate.downgrade(revision="0005")
    flask_migrate.upgrade()

    assert everything_kept()["name_words"] == before
    assert search.search(Kind.HORSE, "harbour")[0].races == 2


def test_names_declared_by_a_worker_of_the_release_before_are_noted_with_the_next_race(either_app: Flask) -> None:
    declare("one", 5, ("Old Harbour", "R Moore", ""))
    noted = everything_kept()["name_words"]
    declare("two", 9, ("Old Harbour", "R Moore", ""), ("Harbour Lights", "T Doyle", ""))
    db.session.execute(delete(NameWord))
    columns = ("kind", "ending", "slug", "newest", "races")
    db.session.execute(insert(NameWord), [dict(zip(columns, row, strict=True)) for row in noted])
    db.session.commit()

    declare("three", 15, ("Elsewhere", "T Doyle", ""))

    assert names(Kind.HORSE, "harbour") == ["Harbour Lights", "Old Harbour"]
    assert [found.races for found in search.search(Kind.JOCKEY, "moore")] == [2]
    assert [found.races for found in search.search(Kind.JOCKEY, "doyle")] == [2]


def test_a_search_reads_what_it_finds_and_nothing_else(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    declare("one", 5, ("Old Harbour", "R Moore", "J Smith"))

    with asked() as noted:
        for kind in Kind:
            search.search(kind, "harbour")
        search.races("hand", NOW)

    ways = [steps(each) for each in noted if each.statement.startswith("SELECT")]
    assert len(ways) == 3 + 1 + 1 + 2
    for way in ways:
        assert "SCAN" not in way
    assert "(kind=? AND ending>? AND ending<?)" in ways[0]

    monkeypatch.setattr(search, "_RARE", 0)
    with asked() as noted:
        search.races("hand", NOW)
    for one in noted[-2:]:
        assert "SEARCH races USING INDEX ix_races_off_time" in steps(one)
        assert "SEARCH name_words USING INDEX ix_name_words_slug" in steps(one)


@pytest.mark.parametrize("text", ["", "a", " ", "-", "a-", "%%", "\u0301\u0301"])
def test_a_search_asks_for_two_letters(text: str) -> None:
    with pytest.raises(InvalidInput, match="two letters"):
        search.letters(text)


def test_courses_are_found_by_their_names_not_by_their_days(either_app: Flask) -> None:
    declare("one", 5, ("A", "", ""), course="Castle Ridge")
    declare("two", 5, ("A", "", ""), course="Ridgeway")

    assert [found.name for found in search.courses("ridge")] == ["Ridgeway", "Castle Ridge"]
    assert search.courses("2030") == []
