"""What the staff desk shows of a race beside its prices: where it may go next, its runners, its result."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for

from racing.models import Race
from racing.services import boards, undo
from racing.services.undo import LastChange
from racing.statuses import BEFORE_THE_OFF, CLOSING, ENDED, FOLLOWERS, Betting, RaceStatus, RunnerStatus, likely_next
from racing.views import words
from racing.views.race_cards import now, what_now
from racing.views.result_lines import result_lines
from racing.views.staff.change_words import change_words

ASKED = {RaceStatus.WEIGHEDIN: "Weigh in", RaceStatus.ABANDONED: "Abandon", RaceStatus.RACEVOID: "Declare void"}
"""Statuses with no way back, as a desk says them: each is asked about once more."""


@dataclass(frozen=True)
class RunnerLine:
    """A runner on the desk, whether it is out, and where its taking out or putting back is asked about."""

    number: str | None
    name: str
    is_out: bool
    path: str


@dataclass(frozen=True)
class UndoOffer:
    """The last change in words, which entry it is, and why it cannot be taken back; empty where it can."""

    words: str
    entry_id: int
    refusal: str


def race_forms(race: Race) -> dict[str, Any]:
    """Return the template's variables for the forms of a race."""
    zone, status = race.meeting.zone, race.status
    last = undo.last_change(race.id)
    return {
        "race": race,
        "off_clock": words.clock(race.off_time, zone),
        "off_day": words.day(race.off_time, zone, now()),
        "off_local": race.off_time.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        "zone_words": f"{race.meeting.course} ({words.zone_name(race.off_time, zone)})",
        "status_word": status_word(status),
        "followers": [_follower(race, each) for each in likely_next(status) if each is not RaceStatus.RESULT],
        "bettings": [] if status in CLOSING else [betting for betting in Betting if betting is not race.betting],
        "enquiry_offered": race.enquiry or status not in ENDED,
        "off_time_offered": status in BEFORE_THE_OFF,
        "runners_offered": status not in CLOSING,
        "result_offered": takes_result(race),
        "result": standing_result(race),
        "lines": [_line(race, runner) for runner in race.runners],
        "last_change": None if last is None else _undo_offer(race, last),
    }


def status_word(status: RaceStatus) -> str:
    """Return what the desk calls a status."""
    return words.STATUS_WORDS[status] or words.NOT_BEGUN


def takes_result(race: Race) -> bool:
    """Tell whether a result may be declared, or amended."""
    return race.status is RaceStatus.RESULT or RaceStatus.RESULT in FOLLOWERS[race.status]


def standing_result(race: Race) -> list[Any]:
    """Return the lines of the result as punters see it, none where there is none."""
    runners = {runner.runner_id: runner for runner in race.runners}
    return result_lines(boards.result(race.runners)["placings"], runners) if race.has_result else []


def _follower(race: Race, status: RaceStatus) -> tuple[str, str, str | None]:
    """Return (status, its button, the page that asks about it or None)."""
    if status in ASKED:
        asks = url_for("staff.ask_status", race_id=race.id, status=status.value)
        return status.value, ASKED[status], asks
    return status.value, words.STATUS_WORDS[status].capitalize(), None


def _line(race: Race, runner: Any) -> RunnerLine:
    is_out = runner.status is RunnerStatus.NON_RUNNER
    asks = "staff.ask_reinstate" if is_out else "staff.ask_withdraw"
    return RunnerLine(runner.number, runner.name, is_out, url_for(asks, race_id=race.id, runner_id=runner.runner_id))


def _undo_offer(race: Race, last: LastChange) -> UndoOffer:
    entry, zone = last.entry, race.meeting.zone
    who = "you" if entry.user_id == g.user.id else f"{entry.user.email.partition('@')[0]}@…" if entry.user else "?"
    day = "" if entry.at.astimezone(zone).date() == now().astimezone(zone).date() else f"{words.day(entry.at, zone)} "
    said = f"{change_words(entry, race)}, {day}{words.clock(entry.at, zone)} by {who}"
    return UndoOffer(said, entry.id, words.statuses_in_words(last.refusal))


def desk_line(race: Race) -> dict[str, Any]:
    """Return a race as the desk lists it: where it is, and what is to be done next."""
    return {
        "race": race,
        "clock": words.clock(race.off_time, race.meeting.zone),
        "status_word": status_word(race.status),
        "phase": words.phase(race.status),
        "when": what_now(race, now()) if race.status in BEFORE_THE_OFF else "",
        "is_due": race.status in BEFORE_THE_OFF and race.off_time <= now(),
        "todo": _todo(race),
    }


def _todo(race: Race) -> tuple[str, str] | None:
    """Return (what is to be done next, where), None where the race has ended."""
    if race.status in ENDED:
        return None
    step = likely_next(race.status)[0]
    if race.status is RaceStatus.RESULT and race.has_result:
        return ASKED[step], url_for("staff.ask_status", race_id=race.id, status=step.value)
    if race.status in (RaceStatus.FINISHED, RaceStatus.PHOTOGRAPH, RaceStatus.RESULT):
        return "Declare the result", url_for("staff.ask_result", race_id=race.id)
    return words.STATUS_WORDS[step].capitalize(), url_for("staff.race", race_id=race.id, _anchor="state-title")
