"""What a race page says of withdrawals: tests/js/withdrawal_note.test.mjs holds the script to the same cases."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from racing.views.race_notes import Declared, withdrawal_note

CASES = json.loads((Path(__file__).parent / "withdrawal_notes.json").read_text())
LONDON = ZoneInfo("Europe/London")
CARD = Declared({"1": ("5", "Gilded Fern"), "2": (None, "Saltmarsh"), "3": ("1", "Marram Grass")}, (3, "1/5"))


def board_of(case: dict[str, Any]) -> Any:
    out = {runner_id: (at, price) for runner_id, at, price in case["out"]}
    changes = []
    for runner_id in CARD.runners:
        change: dict[str, Any] = {"runnerId": runner_id, "status": "NON_RUNNER" if runner_id in out else "ACTIVE"}
        if runner_id in out:
            at, price = out[runner_id]
            change |= {"withdrawnAt": at} | ({} if price is None else {"withdrawnPrice": price})
        changes.append(change)
    places, fraction = case["eachWay"]
    book = {"best": case["best"], "eachWay": {"places": places, "fraction": fraction}}
    return {"runners": changes, "race": {"status": case["status"]}, "book": book}


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_the_note_says_what_withdrawals_have_made_of_the_race(case: dict[str, Any]) -> None:
    assert withdrawal_note(CARD, board_of(case), LONDON) == case["note"]
