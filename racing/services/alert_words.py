"""What users are told, in words: a title that says it all on a locked screen, a body with the rest."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from racing import prices
from racing.errors import InvalidInput, sentence_list
from racing.models import OddsFormat, Race, Runner, Wanted
from racing.statuses import BEFORE_THE_OFF, CALLED_OFF, CLOSING, RaceStatus, RunnerStatus

LONGEST_TITLE = 150
_TOLD_PLACINGS = 4
_STATUS_WORDS = {
    RaceStatus.DELAYED: "The {place} is delayed",
    RaceStatus.GOINGDOWN: "Going down for the {place}",
    RaceStatus.OFF: "They are off in the {place}",
    RaceStatus.FALSESTART: "False start in the {place}",
    RaceStatus.RACEVOID: "The {place} is void",
    RaceStatus.ABANDONED: "The {place} is abandoned",
}
_RUN = (RaceStatus.OFF, RaceStatus.FINISHED, RaceStatus.PHOTOGRAPH)
TOLD_STATUSES = frozenset(_STATUS_WORDS)
"""What watchers of a race hear of besides its result: what changes their plans. The steps between are on its page."""


class Words(NamedTuple):
    """What one user is told; the title has at most LONGEST_TITLE characters."""

    title: str
    body: str


def place(race: Race) -> str:
    """Return "14:05 Wexmoor", in the course's time."""
    return f"{_clock(race)} {race.meeting.course}"


def written(price: Decimal, odds_format: OddsFormat) -> str:
    """Return a price as its reader writes prices: "5/1", "6.00", "+500".

    A price between two steps of the ladder is written in decimal, for it is no fraction.
    """
    if odds_format is OddsFormat.AMERICAN:
        return prices.american(price)
    if odds_format is OddsFormat.FRACTIONAL:
        fraction = prices.fractional(price)
        try:
            if prices.parse(fraction) == price:
                return fraction
        except InvalidInput:  # 1/100 and shorter round to the end of the scale
            return f"{price:.2f}"
    return f"{price:.2f}"


def status(race: Race) -> Words:
    """Tell where a race has got to."""
    return _words(_STATUS_WORDS[race.status].format(place=place(race)), race.title)


def taken_back(race: Race, told: RaceStatus) -> Words | None:
    """Tell that a race has not got to what was `told` last; None where what it has got to since says enough."""
    if told in CALLED_OFF and race.status not in (*CALLED_OFF, RaceStatus.RESULT, RaceStatus.WEIGHEDIN):
        title = f"The {place(race)} is not {'void' if told is RaceStatus.RACEVOID else 'abandoned'} after all"
    elif told in CLOSING and race.status not in CLOSING:
        title = f"The result of the {place(race)} is taken back"
    elif told in _RUN and race.status in BEFORE_THE_OFF:
        title = f"The {place(race)} is not off yet"
    else:
        return None
    return _words(title, race.title)


def off_time_moved(race: Race, off_time_before: datetime) -> Words:
    """Tell that the off is scheduled for another time, and on which day where that is another."""
    before, local = off_time_before.astimezone(race.meeting.zone), race.off_time.astimezone(race.meeting.zone)
    day = "" if before.date() == local.date() else f" on {_day(local)}"
    return _words(f"The {before:%H:%M} {race.meeting.course} is now due off at {_clock(race)}{day}", race.title)


def non_runner(race: Race, runner: Runner, left: int, *, has_alert: bool = False) -> Words:
    """Tell that a runner is out, or is in after all; `left` run. `has_alert`: to somebody who waits for its price."""
    field = f"{left} runner{'' if left == 1 else 's'}"
    if runner.status is RunnerStatus.NON_RUNNER:
        closed = " Your price alert is closed." if has_alert else ""
        return _words(f"{runner.name} is a non-runner in the {place(race)}", f"{race.title}: {field} left.{closed}")
    again = " Your price alert waits again." if has_alert else ""
    return _words(f"{runner.name} runs after all in the {place(race)}", f"{race.title}: {field}.{again}")


def declared(race: Race, runner: Runner) -> Words:
    """Tell that a horse is on the card of a race."""
    rides = f" {runner.jockey} rides." if runner.jockey else ""
    title = f"{runner.name} is declared for the {place(race)}, {_day(race.off_time.astimezone(race.meeting.zone))}"
    return _words(title, f"{race.title}.{rides}")


def result(race: Race, placed: Sequence[Runner], odds_format: OddsFormat, *, amended: bool) -> Words:
    """Tell the result; `placed` are the winners and the placed, in their order."""
    winners = [runner for runner in placed if runner.position == 1]
    if not winners:  # a market of places alone knows no order
        winners = list(placed)
        did = "was placed in" if len(winners) == 1 else "were placed in"
    else:
        did = "won" if len(winners) == 1 else "dead-heated in"
    names = sentence_list([runner.name for runner in winners])
    price = f" at {written(winners[0].sp, odds_format)}" if len(winners) == 1 and winners[0].sp else ""
    start = "Amended result: " if amended else ""
    lines = [
        f"{ordinal(runner.position)} {runner.name}{_sp(runner, odds_format)}" for runner in placed[:_TOLD_PLACINGS]
    ]
    enquiry = [] if not race.enquiry else ["Stewards' enquiry: it may change."]
    return _words(f"{start}{names} {did} the {place(race)}{price}", ". ".join([", ".join(lines), *enquiry]))


def finish(race: Race, runner: Runner, ran: int, odds_format: OddsFormat, *, amended: bool) -> Words:
    """Tell how one of `ran` runners did."""
    start = "Amended: " if amended else ""
    if runner.status is RunnerStatus.WINNER:
        did = "won"
    elif runner.status is RunnerStatus.PLACED:
        did = "was placed" if runner.position is None else f"was {ordinal(runner.position)} of {ran}"
    else:
        did = "was unplaced"
    where = f" the {place(race)}" if did == "won" else f" in the {place(race)}"
    sp = "" if runner.sp is None else f"SP {written(runner.sp, odds_format)}. "
    return _words(f"{start}{runner.name} {did}{where}", f"{sp}{race.title}")


def price(race: Race, runner: Runner, offer: "Offer", wanted: Wanted, waited_for: Decimal, form: OddsFormat) -> Words:
    """Tell that a runner's best price is, or for a moment was, what somebody waited for."""
    verb = "is" if offer.stands else "was"
    title = f"{runner.name} {verb} {written(offer.price, form)} ({offer.bookmaker}), {place(race)}"
    return _words(title, f"You asked for {written(waited_for, form)} or {wanted}. {race.title}")


class Offer(NamedTuple):
    """A best price and whose it is, as shown; `stands`: it is still to be had."""

    price: Decimal
    bookmaker: str
    stands: bool = True


def ordinal(position: int | None) -> str:
    """Return "1st", "2nd", "11th"; "placed" where the order is not known."""
    if position is None:
        return "placed"
    suffix = "th" if position % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    return f"{position}{suffix}"


def _sp(runner: Runner, odds_format: OddsFormat) -> str:
    return "" if runner.sp is None else f" ({written(runner.sp, odds_format)})"


def _day(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b}"


def _clock(race: Race) -> str:
    return f"{race.off_time.astimezone(race.meeting.zone):%H:%M}"


def _words(title: str, body: str) -> Words:
    if len(title) > LONGEST_TITLE:
        title = f"{title[: LONGEST_TITLE - 1]}\N{HORIZONTAL ELLIPSIS}"
    return Words(title, body)
