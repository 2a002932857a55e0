"""What withdrawals have made of a race, in sentences: who is out, Rule 4, each-way terms, the book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from racing import prices
from racing.errors import sentence_list
from racing.models import Race
from racing.realtime.shapes import Board, RunnerChange
from racing.statuses import RaceStatus
from racing.views import words
from racing.views.price_cells import exact


@dataclass(frozen=True)
class Declared:
    """What the card says: the runners' (number, name) by id in its order, the each-way terms with all of them."""

    runners: Mapping[str, tuple[str | None, str]]
    terms: tuple[int, str | None]


def declared(race: Race) -> Declared:
    """Return what was declared, whoever came out since."""
    runners = {runner.runner_id: (runner.number, runner.name) for runner in race.runners}
    return Declared(runners, prices.each_way(len(runners), handicap=race.handicap))


def withdrawal_note(card: Declared, board: Board, zone: ZoneInfo) -> str:
    """Return the sentences; empty where everybody runs. ui/withdrawal_note.js says the same.

    After the off nothing is said of a book that nobody makes any more.
    """
    changes = {change["runnerId"]: change for change in board["runners"]}
    out = [changes[runner_id] for runner_id in card.runners if "withdrawnAt" in changes[runner_id]]
    if not out:
        return ""
    sentences = [_who(card, out), _deductions(out, zone), _terms(card, board)]
    if words.phase(RaceStatus(board["race"]["status"])) == "before":
        sentences.append(_book(out, board["book"]["best"]))
    return " ".join(sentence for sentence in sentences if sentence)


def _who(card: Declared, out: Sequence[RunnerChange]) -> str:
    names = [
        f"{name} ({number})" if number else name
        for number, name in (card.runners[change["runnerId"]] for change in out)
    ]
    return f"{sentence_list(names)} {'is a non-runner' if len(out) == 1 else 'are non-runners'}."


def _deductions(out: Sequence[RunnerChange], zone: ZoneInfo) -> str:
    """Return Rule 4: a bet bears what was withdrawn after it, so each withdrawal begins another rate."""
    rates: list[tuple[str, int]] = []
    in_time = sorted(out, key=lambda change: change["withdrawnAt"])
    for place, change in enumerate(in_time):
        pence = prices.rule4([exact(later["withdrawnPrice"]) for later in in_time[place:] if "withdrawnPrice" in later])
        until = words.clock(words.from_wire(change["withdrawnAt"]), zone)
        if rates and rates[-1][1] == pence:
            rates.pop()
        if not rates or rates[-1][0] != until:
            rates.append((until, pence))
    (until, pence), *rest = [rate for rate in rates if rate[1]] or [("", 0)]
    if not pence:
        return "Rule 4 takes nothing."
    told = [f"Rule 4: bets struck before {until} bear a deduction of {pence}p in the £"]
    return ", ".join([*told, *(f"later ones before {until} {pence}p" for until, pence in rest)]) + "."


def _terms(card: Declared, board: Board) -> str:
    now = (board["book"]["eachWay"]["places"], board["book"]["eachWay"]["fraction"])
    return "" if now == card.terms else f"Each-way was {words.each_way(*card.terms)}; now {words.each_way(*now)}."


def _book(out: Sequence[RunnerChange], best: float | None) -> str:
    gone = sum(100 / change["withdrawnPrice"] for change in out if "withdrawnPrice" in change)
    if not gone or best is None:
        return ""
    return f"{words.points(gone)[1:]} points of the book went; best prices now add up to {words.percent(best)}."


def note_words() -> dict[str, Any]:
    """Return what the script writes notes with: a sentence for each status, Rule 4 for each step of the ladder."""
    sentences = {status.value: sentence for status, sentence in words.STATUS_SENTENCES.items()}
    return {"sentences": sentences, "pence": prices.rule4_ladder()}
