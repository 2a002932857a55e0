"""How a change of a race is taken back, by what it was: what stood before is written anew, as a change of its own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from racing.errors import Conflict, RunnerOut, sentence_list
from racing.models import CurrentPrice, Race, Runner, User
from racing.models.odds import bookmaker_name
from racing.services import alerts, card_edits, day_prices, meetings, offers, placings, suspensions, withdrawals
from racing.services.quotes import Quote
from racing.services.race_changes import refuse_settled, runner_of, state
from racing.statuses import BEFORE_THE_OFF, CLOSING, Betting, RaceStatus, RunnerStatus


class Change(NamedTuple):
    """What is taken back: what stood before it, and what it left (as its audit entry has them)."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


TakeBack = Callable[[Race, Change, User, datetime], None]
"""Writes `before` to a locked race, in the running change, under a new version of it.

Raises Conflict, naming what, where something no longer stands as `after` says.
"""
WAYS: dict[str, TakeBack] = {}
"""How each action of the audit trail is taken back; one that is not here cannot be."""


def way(action: str) -> Callable[[TakeBack], TakeBack]:
    """Say that the decorated function takes changes of this action back."""

    def note(take_back: TakeBack) -> TakeBack:
        WAYS[action] = take_back
        return take_back

    return note


@way("prices")
def _prices(race: Race, change: Change, by: User, at: datetime) -> None:
    _refuse_closed(race)
    race.next_version(at)
    _write_prices(race, change, by, at)


@way("status")
def _status(race: Race, change: Change, by: User, at: datetime) -> None:
    _refuse_moved(change, state(race))
    if race.has_result and change.before["status"] != RaceStatus.RESULT:
        raise Conflict("The result was declared since.")
    _write_state(race, change.before)
    race.next_state(at)


@way("betting")
def _betting(race: Race, change: Change, by: User, at: datetime) -> None:
    _refuse_moved(change, state(race))
    if race.status in CLOSING:
        raise Conflict(f"The betting on a race that is {race.status} stays closed.")
    race.betting = Betting(change.before["betting"])
    race.next_state(at)


@way("enquiry")
def _enquiry(race: Race, change: Change, by: User, at: datetime) -> None:
    _refuse_moved(change, {"enquiry": race.enquiry})
    race.enquiry = bool(change.before["enquiry"])
    race.next_state(at)


@way("off_time")
def _off_time(race: Race, change: Change, by: User, at: datetime) -> None:
    if race.off_time != datetime.fromisoformat(change.after["offTime"]):
        raise Conflict("The off time was moved again since.")
    if race.status not in BEFORE_THE_OFF:
        raise Conflict(f"The off time of a race that is {race.status} cannot be moved.")
    race.off_time = datetime.fromisoformat(change.before["offTime"])
    meetings.move(race)
    race.next_state(at)


@way("card")
def _card(race: Race, change: Change, by: User, at: datetime) -> None:
    card_edits.put_back(race, change.before, change.after, at)


@way("withdraw")
@way("reinstate")
def _in_or_out(race: Race, change: Change, by: User, at: datetime) -> None:
    runner = runner_of(race, change.after["runnerId"])
    refuse_settled(race, runner)
    if runner.status.value != change.after["status"] or runner.withdrawn_at != _time(change.after["withdrawnAt"]):
        raise Conflict(f"{runner.name} came out or went back in since.")
    version = race.next_version(at)
    if change.before["status"] == RunnerStatus.NON_RUNNER:
        runner.status, runner.withdrawn_at = RunnerStatus.NON_RUNNER, _time(change.before["withdrawnAt"])
        runner.withdrawn_price, runner.version = _price(change.before["withdrawnPrice"]), version
    else:
        withdrawals.put_back(runner, version)
    _write_prices(race, change, by, at)
    _hold_again(race, change, by, at)


@way("suspend_bookmaker")
def _suspended(race: Race, change: Change, by: User, at: datetime) -> None:
    _refuse_closed(race)
    bookmaker = change.after["bookmaker"]
    held = suspensions.held_prices(race.id).get(bookmaker)
    stood = {each["runnerId"]: _price(each["price"]) for each in change.before["prices"]}
    if held is None or {key: price for key, price in held.items() if price is not None} != stood:
        raise Conflict(f"{bookmaker_name(bookmaker)} is back, or its prices moved since.")
    suspensions.end(race.id, bookmaker)
    race.next_version(at)
    _write_prices(race, change, by, at)


@way("reopen_bookmaker")
def _reopened(race: Race, change: Change, by: User, at: datetime) -> None:
    _refuse_closed(race)
    bookmaker = change.after["bookmaker"]
    if bookmaker in suspensions.held_prices(race.id):
        raise Conflict(f"{bookmaker_name(bookmaker)} was suspended again since.")
    race.next_version(at)
    _write_prices(race, change, by, at)
    offered = [Quote(each["runnerId"], _price(each["price"]), bookmaker) for each in change.after["prices"]]
    suspensions.begin(race, bookmaker, offered, by, at)


@way("result")
def _result(race: Race, change: Change, by: User, at: datetime) -> None:
    # Told first, so that those who heard of it, or are about to, hear that it is taken back.
    alerts.catch_up(race.id)
    _refuse_moved(change, state(race))
    if _in_order(change.after["placings"]) != _in_order(placings.in_words(placings.standing(race))):
        raise Conflict("The result was amended since.")
    _write_state(race, change.before)
    placings.write(race, placings.from_words(change.before["placings"]), race.next_state(at))


def _refuse_closed(race: Race) -> None:
    if race.betting is Betting.CLOSED:
        raise Conflict("The betting is closed: its last prices stand.")


def _refuse_moved(change: Change, present: Mapping[str, Any]) -> None:
    moved = [name for name, value in present.items() if change.after.get(name, value) != value]
    if moved:
        words = {"status": "status", "betting": "betting", "offAt": "time of the off", "enquiry": "enquiry"}
        raise Conflict(f"What would be taken back has changed since: {sentence_list([words[each] for each in moved])}.")


def _write_state(race: Race, before: Mapping[str, Any]) -> None:
    off_at = _time(before["offAt"])
    race.status, race.betting = RaceStatus(before["status"]), Betting(before["betting"])
    if off_at is not None and off_at != race.off_at:
        race.off_at = off_at
        day_prices.end_day(race)
    race.off_at = off_at


def _write_prices(race: Race, change: Change, by: User, at: datetime) -> None:
    """Put prices back, under the version that the race has now; those that others wrote meanwhile are never lost."""
    current = offers.current_prices(race.id)
    left, stood = (_by_runner(race, written["prices"]) for written in (change.after, change.before))
    moved = [runner.name for (runner, maker), price in left.items() if _standing(current, runner, maker) != price]
    if moved:
        raise Conflict(f"Prices moved since: {sentence_list(list(dict.fromkeys(moved)))}. Nothing is taken back.")
    moving = [
        (runner, Quote(runner.runner_id, price, maker))
        for (runner, maker), price in stood.items()
        if _standing(current, runner, maker) != price
    ]
    _refuse_out(moving)
    offers.move(race, moving, current, at, by)


def _hold_again(race: Race, change: Change, by: User, at: datetime) -> None:
    """Let suspended bookmakers hold what they held; what they hold since is never lost."""
    if "held" not in change.before:
        return
    held, before = suspensions.held_prices(race.id), change.before["held"]
    # Where the runner was all that was held, nothing was left; to hold no price is to hold nothing.
    left = {(each["runnerId"], each["bookmaker"], _price(each["price"])) for each in change.after.get("held", [])}
    holding = {(runner_id, maker, price) for maker, book in held.items() for runner_id, price in book.items()}
    makers = {each["bookmaker"] for each in before}
    if _priced(left) != _priced(holding) or not makers <= held.keys():
        raise Conflict(f"What is held of {sentence_list([*map(bookmaker_name, sorted(makers))])} moved since.")
    again = [Quote(each["runnerId"], _price(each["price"]), each["bookmaker"]) for each in before]
    suspensions.hold(race, again, by, at)


def _priced(held: Collection[tuple[str, str, Decimal | None]]) -> set[tuple[str, str, Decimal | None]]:
    return {each for each in held if each[2] is not None}


def _refuse_out(moving: Sequence[tuple[Runner, Quote]]) -> None:
    for runner, quote in moving:
        if quote.price is not None and runner.status is RunnerStatus.NON_RUNNER:
            raise RunnerOut(f"{runner.name} is a non-runner.", {quote.runner_id: "a non-runner has no price"})


def _standing(current: Mapping[tuple[int, str], CurrentPrice], runner: Runner, bookmaker: str) -> Decimal | None:
    held = current.get((runner.id, bookmaker))
    return None if held is None else held.price


def _by_runner(race: Race, written: Sequence[Mapping[str, Any]]) -> dict[tuple[Runner, str], Decimal | None]:
    return {(runner_of(race, each["runnerId"]), each["bookmaker"]): _price(each["price"]) for each in written}


def _in_order(written: Sequence[Mapping[str, Any]]) -> list[tuple[str, int | None, Decimal | None]]:
    return sorted((each["runnerId"], each["position"], _price(each["sp"])) for each in written)


def _price(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
