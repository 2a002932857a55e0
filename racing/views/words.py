"""The words and forms pages tell races in: statuses, times in the course's zone, countdowns, prices."""

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import copysign
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from racing import prices
from racing.models.odds import bookmaker_name as bookmaker_name
from racing.statuses import BEFORE_THE_OFF, RaceStatus

Phase = Literal["before", "running", "over"]

STATUS_WORDS: dict[RaceStatus, str] = {
    RaceStatus.DORMANT: "",
    RaceStatus.DELAYED: "delayed",
    RaceStatus.PARADING: "parading",
    RaceStatus.GOINGDOWN: "going down",
    RaceStatus.GOINGBEHIND: "going behind",
    RaceStatus.ATTHEPOST: "at the post",
    RaceStatus.UNDERORDERS: "under orders",
    RaceStatus.OFF: "off",
    RaceStatus.FALSESTART: "false start",
    RaceStatus.FINISHED: "finished",
    RaceStatus.PHOTOGRAPH: "photograph",
    RaceStatus.RESULT: "result",
    RaceStatus.WEIGHEDIN: "weighed in",
    RaceStatus.RACEVOID: "void",
    RaceStatus.ABANDONED: "abandoned",
}
STATUS_SENTENCES: dict[RaceStatus, str] = {
    RaceStatus.DORMANT: "",
    RaceStatus.DELAYED: "The off is delayed.",
    RaceStatus.PARADING: "The runners are parading.",
    RaceStatus.GOINGDOWN: "The runners are going down to the start.",
    RaceStatus.GOINGBEHIND: "The runners are going behind the stalls.",
    RaceStatus.ATTHEPOST: "The runners are at the post.",
    RaceStatus.UNDERORDERS: "The runners are under orders.",
    RaceStatus.OFF: "They are off. A price that moves now is one in running.",
    RaceStatus.FALSESTART: "False start: the runners are called back.",
    RaceStatus.FINISHED: "The race is finished. The result is still to come.",
    RaceStatus.PHOTOGRAPH: "Photograph: the judge calls the result from the print.",
    RaceStatus.RESULT: "The result stands as called. It may change until the jockeys have weighed in.",
    RaceStatus.WEIGHEDIN: "Weighed in: the result is final.",
    RaceStatus.RACEVOID: "The race is void: it does not count, and has no result.",
    RaceStatus.ABANDONED: "The race is abandoned: it will not be run.",
}
"""What a race page says of each; that of DORMANT is nothing, because nothing has happened."""
NOT_BEGUN = "not begun"
"""What staff call DORMANT; punters are told nothing, because nothing has happened."""
_STATUS = re.compile(rf"\b({'|'.join(RaceStatus)})\b")
MINUS, NO_PRICE = "\N{MINUS SIGN}", "\N{EN DASH}"
_RUNNING = (RaceStatus.OFF, RaceStatus.FALSESTART)
_HOUR, _DAY = 3600, 86_400
_UNTOLD_MINUTES = 180


class OffLine(NamedTuple):
    """The head of a race: how far it is, large, with a few quiet words under it."""

    large: str
    small: str


def phase(status: RaceStatus) -> Phase:
    """Return whether a race of this status is still to come, being run, or over."""
    if status in BEFORE_THE_OFF:
        return "before"
    return "running" if status in _RUNNING else "over"


def status_phrases() -> dict[str, tuple[str, Phase]]:
    """Return (word, phase) of every status, for the scripts: they tell races in the same words."""
    return {status.value: (STATUS_WORDS[status], phase(status)) for status in RaceStatus}


def countdown(off_time: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return "4:12", "2 h 05", "Thu 26 Nov", `overdue` once the time is past. ui/countdown.js says the same."""
    seconds = int((off_time - now) / timedelta(seconds=1))
    if seconds <= 0:
        return overdue(off_time, now).capitalize()
    if seconds < _HOUR:
        return f"{seconds // 60}:{seconds % 60:02d}"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // 60:02d}"
    return day(off_time, zone, now)


def minutes_to(off_time: datetime, now: datetime) -> int:
    """Return the minutes to the off, begun ones counted whole."""
    return -int(-(off_time - now).total_seconds() // 60)


def overdue(off_time: datetime, now: datetime) -> str:
    """Return "due off", hours later "no result": it is not due any more, nobody told how it went."""
    return "due off" if minutes_to(off_time, now) > -_UNTOLD_MINUTES else "no result"


def off_line(status: RaceStatus, off_time: datetime, off_at: datetime | None, now: datetime, zone: ZoneInfo) -> OffLine:
    """Return the head of a race at this status. ui/countdown.js says the same."""
    word = STATUS_WORDS[status]
    if phase(status) == "before":
        large = countdown(off_time, now, zone)
        return OffLine(large, " · ".join(part for part in ("to the off" if large[0].isdigit() else "", word) if part))
    return OffLine(word.capitalize(), f"off at {clock(off_at, zone)}" if off_at else "")


def clock(at: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """Return "14:05" (or "14:05:09") in the course's zone."""
    return at.astimezone(zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(at: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """Return "Thu 26 Nov" in the course's zone, with the year where it is not that of `now`."""
    local = at.astimezone(zone)
    is_this_year = now is None or local.year == now.astimezone(zone).year
    return f"{local:%a} {local.day} {local:%b}{'' if is_this_year else f' {local.year}'}"


def zone_name(at: datetime, zone: ZoneInfo) -> str:
    """Return what the zone is called at that moment: "GMT", "BST"."""
    return at.astimezone(zone).strftime("%Z")


def from_wire(text: str) -> datetime:
    """Return the aware instant of a wire timestamp."""
    return datetime.fromisoformat(text).astimezone(UTC)


def as_typed(price: Decimal | None) -> str:
    """Return `price` as a trader would type it, nothing for none."""
    return "" if price is None else prices.as_typed(price)


def statuses_in_words(sentence: str) -> str:
    """Return a sentence of the house as the desk says it: "A race that is OFF" is one that is off."""
    return _STATUS.sub(lambda found: STATUS_WORDS[RaceStatus(found[1])] or NOT_BEGUN, sentence)


def each_way(places: int, fraction: str | None) -> str:
    """Return the each-way terms for a stranger: "1/4 the odds, places 1-2"; "win only" where there are none."""
    return "win only" if fraction is None else f"{fraction} the odds, places 1-{places}"


def percent(value: float | None) -> str:
    """Return a book percentage with one decimal, halves up as in the script, a dash where nothing is priced."""
    return NO_PRICE if value is None else f"{Decimal(value).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def points(change: float | None) -> str:
    """Return a move in probability points with its sign: "+9.5", "0.0"; empty where it is not known."""
    if change is None:
        return ""
    # Halves away from zero, as ui/move.js rounds.
    rounded = copysign(int(abs(change) * 10 + 0.5) / 10, change)
    return f"{'+' if rounded > 0 else MINUS if rounded < 0 else ''}{abs(rounded):.1f}"
