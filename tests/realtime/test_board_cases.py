"""The rules of a client's board as data, kept by the Python client; tests/js runs the same by the page's modules."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.board_cases.record import FILE, played, shown
from tests.support.board import Board, FollowedRace

CASES = [case for file in sorted(FILE.parent.glob("*.json")) for case in json.loads(file.read_text())]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case"]) for case in CASES])
def test_a_client_keeps_the_rules(case: dict[str, Any]) -> None:
    race = FollowedRace(None if case["start"] is None else Board.of(case["start"]))

    asked = [_happens(race, *event) for event in case["events"]]

    assert asked == [event[-1] == "asks" for event in case["events"]]
    assert shown(race.board) == case["board"]
    if "unanswered" in case:
        assert (race.asked is not None) == case["unanswered"]


def _happens(race: FollowedRace, name: str, *what: Any) -> bool:
    arguments = [one for one in what if one != "asks"]
    return getattr(race, name)(*arguments) is True


def test_the_played_cases_are_those_that_the_server_plays_today(elsewhere: Flask, app: Flask) -> None:
    assert played(app, elsewhere) == FILE.read_text(), "run python -m tests.board_cases.record"
