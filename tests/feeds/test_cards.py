"""Betfair market catalogues become race cards."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from racing.errors import FeedError
from racing.feeds import card_files
from racing.services import racecards
from tests.support.kept import every_race

METADATA = {
    "CLOTH_NUMBER": "1A",
    "STALL_DRAW": "4",
    "JOCKEY_NAME": "T Quillback",
    "TRAINER_NAME": "D Fennimoor",
    "WEIGHT_VALUE": "161",
    "WEIGHT_UNITS": "pounds",
    "AGE": "5",
    "FORM": "12-03",
    "OFFICIAL_RATING": "104",
    "COLOURS_DESCRIPTION": "Maroon and yellow diamonds, yellow cap",
    "JOCKEY_CLAIM": "5",
    "WEARING": "Blinkers,Tongue strap",
}


def horse(
    selection: int = 11, metadata: dict[str, Any] | None = None, name: str | None = "Velvet Otter"
) -> dict[str, Any]:
    return {"selectionId": selection, "runnerName": name, "sortPriority": selection, "metadata": metadata}


def market(market_id: str = "1.777", **more: Any) -> dict[str, Any]:
    return {
        "marketId": market_id,
        "marketName": "2m1f Nov Hrd",
        "description": {"marketTime": "2026-11-24T12:25:00.000Z", "marketType": "WIN"},
        "event": {"venue": "Castle Ridge", "countryCode": "IE", "timezone": "Europe/Dublin"},
        "runners": [horse(metadata=METADATA)],
        **more,
    }


def catalogue(folder: Path, content: Any) -> Path:
    path = folder / "card.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_card_is_declared_with_all_it_says(app: Flask, tmp_path: Path) -> None:
    assert card_files.import_cards(catalogue(tmp_path, [market()])) == card_files.Imported(1, 0, 0)

    race = racecards.card("betfair-1-777")
    (runner,) = race.runners
    assert (race.title, race.distance, race.meeting.course, race.meeting.country) == (
        "2m1f Nov Hrd",
        "2m1f",
        "Castle Ridge",
        "IE",
    )
    assert (runner.runner_id, runner.number, runner.name, runner.draw) == ("11", "1A", "Velvet Otter", 4)
    assert (runner.jockey, runner.trainer, runner.weight) == ("T Quillback", "D Fennimoor", "11-7")
    assert (runner.age, runner.form, runner.official_rating) == (5, "12-03", 104)
    assert runner.silks == "Maroon and yellow diamonds, yellow cap"
    assert (runner.claim, runner.headgear, runner.course_distance, race.prize) == (5, "tb", None, None)


@pytest.mark.parametrize(
    ("worn", "letters"),
    [
        ("Tongue strap,Cheek pieces", "tp"),
        ("cheekpieces and tongue strap", "tp"),
        ("Hood", "h"),
        ("visor and tongue strap", "tv"),
        ("blinkers &amp; Lasix", "b"),
        ("B", "b"),
        ("Eyeshields", "es"),
        ("Lasix", None),
        ("O", None),
        ("Blinkers off", None),
        (None, None),
    ],
)
def test_headgear_becomes_the_letters_of_a_card(
    app: Flask, tmp_path: Path, worn: str | None, letters: str | None
) -> None:
    card_files.import_cards(catalogue(tmp_path, [market(runners=[horse(metadata={"WEARING": worn})])]))

    assert racecards.card("betfair-1-777").runners[0].headgear == letters


@pytest.mark.parametrize(
    ("name", "race_class"),
    [("2m5f Listed Hrd", "Listed"), ("R7 1600m Grp1", "Group 1"), ("3m Grd 2 Chs", "Grade 2"), ("1m Hcap", None)],
)
def test_a_class_is_taken_from_the_name_where_it_stands_there(
    app: Flask, tmp_path: Path, name: str, race_class: str | None
) -> None:
    card_files.import_cards(catalogue(tmp_path, [market(marketName=name)]))

    assert racecards.race("betfair-1-777").race_class == race_class


def test_a_claim_or_a_jockey_that_is_none_is_left_out(app: Flask, tmp_path: Path) -> None:
    metadata = {"JOCKEY_CLAIM": "54", "JOCKEY_NAME": "Non Runner"}

    card_files.import_cards(catalogue(tmp_path, [market(runners=[horse(metadata=metadata)])]))

    (runner,) = racecards.card("betfair-1-777").runners
    assert (runner.claim, runner.jockey, runner.jockey_slug) == (None, None, None)


@pytest.mark.parametrize(
    ("pounds", "weight"), [("161", "11-7"), ("123.0", "8-11"), ("126", "9-0"), ("117.5", "117.5 pounds")]
)
def test_weights_are_printed_in_stones(app: Flask, tmp_path: Path, pounds: str, weight: str) -> None:
    card_files.import_cards(catalogue(tmp_path, [market(runners=[horse(metadata={"WEIGHT_VALUE": pounds})])]))

    assert racecards.card("betfair-1-777").runners[0].weight == weight


@pytest.mark.parametrize("unknown", ["0", None, "", "0.0"])
def test_what_is_not_known_is_left_out(app: Flask, tmp_path: Path, unknown: str | None) -> None:
    metadata = dict.fromkeys((field for field in METADATA if field != "FORM"), unknown)

    card_files.import_cards(catalogue(tmp_path, [market(runners=[horse(metadata=metadata)])]))

    (runner,) = racecards.card("betfair-1-777").runners
    said = [runner.number, runner.draw, runner.weight, runner.age, runner.official_rating, runner.silks]
    assert [*said, runner.claim, runner.headgear] == [None] * 8


def test_a_card_without_metadata_still_names_its_runners(app: Flask, tmp_path: Path) -> None:
    runners = [horse(12, name="2. Paper Falcon"), horse(13, name=None)]

    card_files.import_cards(catalogue(tmp_path, [market(runners=runners)]))

    declared = racecards.card("betfair-1-777").runners
    assert [(one.number, one.name) for one in declared] == [("2", "Paper Falcon"), (None, "Selection 13")]


def test_runners_stand_in_the_order_of_their_numbers(app: Flask, tmp_path: Path) -> None:
    numbers = {21: "10", 22: "2", 23: "1A", 24: "1"}
    runners = [horse(selection, {"CLOTH_NUMBER": number}) for selection, number in numbers.items()]

    card_files.import_cards(catalogue(tmp_path, [market(runners=runners)]))

    assert [one.number for one in racecards.card("betfair-1-777").runners] == ["1", "1A", "2", "10"]


def test_a_race_that_is_there_stays_as_it_is(app: Flask, tmp_path: Path) -> None:
    card_files.import_cards(catalogue(tmp_path, [market()]))
    changed = [market(marketName="Another Name"), market("1.778"), market("1.779", description=place_market())]

    assert card_files.import_cards(catalogue(tmp_path, changed)) == card_files.Imported(1, 1, 1)
    assert racecards.race("betfair-1-777").title == "2m1f Nov Hrd"


def place_market() -> dict[str, Any]:
    return {"marketTime": "2026-11-24T12:25:00.000Z", "marketType": "PLACE"}


REFUSED = {
    "nothing": ("", "is empty"),
    "no JSON": ("{", "not JSON"),
    "brackets alone": ("[" * 5000, "not JSON"),
    "a market of nothing": ({"marketId": "1.777"}, "Entry 1, description"),
    "an empty list": ([], "holds no races"),
    "a list of words": (["1.777"], "Entry 1: This is no market"),
    "no runners": ([market(), market("1.778", runners=[])], "Entry 2, runners"),
    "no id": ([market("dogs")], "Entry 1, marketId"),
    "no off time": ([market(description={})], "Entry 1, description.marketTime"),
    "a runner twice": ([market(runners=[horse(11), horse(11)])], "twice"),
    "greyhounds by type": ([market("1.778"), market(eventType={"id": "4339"})], "another sport"),
    "greyhounds by name": ([market(marketName="A7 480m")], "another sport"),
    "no such time zone": ([market(event={"venue": "Mars", "timezone": "Mars/Olympus"})], "time zone"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_card_is_refused_and_nothing_is_declared(app: Flask, tmp_path: Path, what: str) -> None:
    content, sentence = REFUSED[what]

    with pytest.raises(FeedError, match=sentence) as refusal:
        card_files.import_cards(catalogue(tmp_path, content))
    assert refusal.value.message.endswith(".")
    assert every_race() == []
