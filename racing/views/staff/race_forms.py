"""What the staff desk shows of a race beside its prices: where it may go next, its runners, its result."""

from dataclasses import dataclass
from typing import Any

from racing.models import Race
from racing.statuses import BEFORE_THE_OFF, CLOSING, ENDED, FOLLOWERS, Betting, RaceStatus, RunnerStatus
from racing.views import words
from racing.views.forms import Form
from racing.views.race_cards import now

FINAL = frozenset({RaceStatus.ABANDONED, RaceStatus.RACEVOID})
"""Statuses with no way back, which the form asks about once more."""


@dataclass(frozen=True)
class RunnerLine:
    """A runner on the desk: whether it is out, and where it came, as typed or as known."""

    runner_id: str
    number: str | None
    name: str
    is_out: bool
    position: str
    sp: str
    wrong: str = ""


def race_forms(race: Race, typed: Form | None = None, wrong: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the template's variables for the forms of a race. `typed` and `wrong` belong to a refused result."""
    zone, status = race.meeting.zone, race.status
    followers = [follower for follower in RaceStatus if follower in FOLLOWERS[status]]
    return {
        "race": race,
        "off_clock": words.clock(race.off_time, zone),
        "off_day": words.day(race.off_time, zone, now()),
        "off_local": race.off_time.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        "zone_words": f"{race.meeting.course} ({words.zone_name(race.off_time, zone)})",
        "status_word": words.STATUS_WORDS[status] or words.NOT_BEGUN,
        "followers": [(follower.value, words.STATUS_WORDS[follower]) for follower in followers],
        "final_offered": any(follower in FINAL for follower in followers),
        "bettings": [] if status in CLOSING else [betting for betting in Betting if betting is not race.betting],
        "enquiry_offered": race.enquiry or status not in ENDED,
        "off_time_offered": status in BEFORE_THE_OFF,
        "runners_offered": status not in CLOSING,
        "result_offered": status is RaceStatus.RESULT or RaceStatus.RESULT in FOLLOWERS[status],
        "lines": [_line(runner, typed, (wrong or {}).get(runner.runner_id, "")) for runner in race.runners],
    }


def _line(runner: Any, typed: Form | None, wrong: str) -> RunnerLine:
    known = "" if runner.position is None else str(runner.position)
    return RunnerLine(
        runner_id=runner.runner_id,
        number=runner.number,
        name=runner.name,
        is_out=runner.status is RunnerStatus.NON_RUNNER,
        position=known if typed is None else typed.get(f"position-{runner.runner_id}", "")[:4],
        sp=words.as_typed(runner.sp) if typed is None else typed.get(f"sp-{runner.runner_id}", "")[:20],
        wrong=wrong if isinstance(wrong, str) else "",
    )


def desk_line(race: Race) -> dict[str, Any]:
    """Return a race as the desk lists it."""
    return {
        "race": race,
        "clock": words.clock(race.off_time, race.meeting.zone),
        "status_word": words.STATUS_WORDS[race.status] or words.NOT_BEGUN,
        "phase": words.phase(race.status),
    }
