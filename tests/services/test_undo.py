"""The last change of a race is taken back by a change of its own, and never one that nobody saw."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from racing.errors import Conflict
from racing.extensions import db
from racing.models import AuditEntry, Meeting, PriceChange, Role, User
from racing.services import boards, odds, racecards, races, retention, suspensions, undo, withdrawals
from racing.services.card_edits import FieldChange, edit_card
from racing.services.races import Placing
from racing.services.withdrawals import Others
from racing.statuses import Betting, RaceStatus
from tests.factories import OFF_TIME, RACE, a_race, a_user, quotes
from tests.support.kept import nothing_written

OFF_AT = datetime(2030, 6, 1, 13, 6, 30, tzinfo=UTC)
PLACED = [Placing("1", 1), Placing("2", 2)]
# Each as (what comes before, what is taken back).
CHANGES: dict[str, tuple[Callable[[User], Any], Callable[[User], Any]]] = {
    "prices": (
        lambda by: None,
        lambda by: odds.change_prices(RACE, [*quotes({"1": "2.2"}, "tote"), *quotes({"2": None, "1": "9"})], by),
    ),
    "off": (lambda by: None, lambda by: races.change_status(RACE, RaceStatus.OFF, by)),
    "false start": (
        lambda by: races.change_status(RACE, RaceStatus.OFF, by, OFF_AT),
        lambda by: races.change_status(RACE, RaceStatus.FALSESTART, by),
    ),
    "abandoned": (
        lambda by: races.change_betting(RACE, Betting.SUSPENDED, by),
        lambda by: races.change_status(RACE, RaceStatus.ABANDONED, by),
    ),
    "weighed in": (
        lambda by: races.declare_result(RACE, PLACED, by),
        lambda by: races.change_status(RACE, RaceStatus.WEIGHEDIN, by),
    ),
    "betting": (lambda by: None, lambda by: races.change_betting(RACE, Betting.SUSPENDED, by)),
    "enquiry": (
        lambda by: races.declare_result(RACE, PLACED, by),
        lambda by: races.change_enquiry(RACE, True, by),
    ),
    "off time": (lambda by: None, lambda by: races.change_off_time(RACE, OFF_TIME + timedelta(days=1), by)),
    "withdraw": (lambda by: None, lambda by: races.withdraw(RACE, "1", by)),
    "withdraw and cut": (lambda by: None, lambda by: withdrawals.withdraw(RACE, "1", by, others=Others.CUT)),
    "withdraw and remove": (lambda by: None, lambda by: withdrawals.withdraw(RACE, "1", by, others=Others.REMOVED)),
    "withdraw and cut what is held": (
        lambda by: suspensions.suspend_bookmaker(RACE, "tote", None),
        lambda by: withdrawals.withdraw(RACE, "1", by, others=Others.CUT),
    ),
    "withdraw all that is held": (
        lambda by: (
            odds.change_prices(RACE, quotes({"1": "3"}, "corner"), None),
            suspensions.suspend_bookmaker(RACE, "corner", None),
        ),
        lambda by: races.withdraw(RACE, "1", by),
    ),
    "suspend one": (lambda by: None, lambda by: suspensions.suspend_bookmaker(RACE, "tote", by)),
    "reopen one": (
        lambda by: suspensions.suspend_bookmaker(RACE, "tote", by),
        lambda by: suspensions.reopen_bookmaker(RACE, "tote", by),
    ),
    "card": (
        lambda by: None,
        lambda by: edit_card(
            RACE,
            [
                FieldChange(None, "title", "The Harbour Lights Stakes", "The Lights Handicap"),
                FieldChange(None, "going", "", "Soft"),
                FieldChange("1", "name", "Horse 1", "Quiet Harbour"),
                FieldChange("1", "draw", "", 4),
            ],
            [],
            by,
        ),
    ),
    "reinstate": (lambda by: races.withdraw(RACE, "1", by), lambda by: races.reinstate(RACE, "1", by)),
    "result": (
        lambda by: races.change_status(RACE, RaceStatus.OFF, by, OFF_AT),
        lambda by: races.declare_result(RACE, PLACED, by),
    ),
    "result without the off": (lambda by: None, lambda by: races.declare_result(RACE, PLACED, by)),
    "amended": (
        lambda by: races.declare_result(RACE, PLACED, by),
        lambda by: races.declare_result(RACE, [Placing("2", 1), Placing("1", 1)], by),
    ),
}


def priced() -> User:
    a_race(prices={"1": "2.5", "2": "4", "3": "9"})
    odds.change_prices(RACE, quotes({"1": "2.6", "2": "4.5"}, "tote"), None)
    return a_user()


def undo_last(by: User) -> int:
    last = undo.last_change(RACE)
    assert last is not None
    return undo.undo_last(RACE, by, last.entry.id)


def as_it_is() -> dict[str, Any]:
    """The board and the card, but for when each thing changed and what a price was before."""
    not_looked_at = ("version", "cardVersion", "updatedAt", "previous")

    def told(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: told(of) for key, of in part.items() if key not in not_looked_at}
        return [told(of) for of in part] if isinstance(part, list) else part

    held, card = suspensions.held_prices(RACE), racecards.card(RACE)
    names = [(runner.name, runner.horse_slug, runner.draw) for runner in card.runners]
    return {**told(boards.board(RACE)), "held": held, "card": [card.title, card.handicap, card.going, *names]}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", CHANGES)
def test_what_stood_before_stands_again(name: str) -> None:
    staff = priced()
    begin, change = CHANGES[name]
    begin(staff)
    before, day = as_it_is(), db.session.scalars(select(Meeting.day)).all()
    version = change(staff)
    changed = db.session.scalars(select(AuditEntry).where(AuditEntry.version == version)).one()

    assert undo_last(staff) == version + 1

    assert as_it_is() == before
    assert db.session.scalars(select(Meeting.day)).all() == day
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.version == version + 1)).one()
    assert (entry.action, entry.undoes_id, entry.version) == ("undo", changed.id, version + 1)
    assert (entry.before, entry.after) == (changed.after, changed.before)


@pytest.mark.usefixtures("app")
def test_prices_put_back_are_in_the_history() -> None:
    staff = priced()
    odds.change_prices(RACE, quotes({"1": "9"}), staff)

    undo_last(staff)

    newest = db.session.scalars(select(PriceChange).order_by(PriceChange.id.desc())).first()
    assert newest is not None
    assert (newest.price, newest.version, newest.by_user_id) == (2.5, 4, staff.id)


@pytest.mark.usefixtures("app")
def test_again_walks_further_back_and_a_change_since_comes_first() -> None:
    staff = priced()
    before = as_it_is()
    races.change_betting(RACE, Betting.SUSPENDED, staff)
    races.change_status(RACE, RaceStatus.GOINGDOWN, staff)
    undo_last(staff)
    races.change_status(RACE, RaceStatus.PARADING, staff)

    for _ in range(2):
        undo_last(staff)

    assert as_it_is() == before
    assert undo.last_change(RACE) is None


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("change", "since", "names"),
    [
        (
            lambda by: odds.change_prices(RACE, quotes({"1": "3"}), by),
            lambda: odds.change_prices(RACE, quotes({"1": "3.5"}), None),
            "Horse 1",
        ),
        (
            lambda by: withdrawals.withdraw(RACE, "1", by, others=Others.CUT),
            lambda: odds.change_prices(RACE, quotes({"3": "15"}), None),
            "Horse 3",
        ),
        (
            lambda by: suspensions.suspend_bookmaker(RACE, "tote", by),
            lambda: odds.change_prices(RACE, quotes({"1": "3"}, "tote"), None),
            "Tote is back, or its prices moved",
        ),
        (lambda by: odds.change_prices(RACE, quotes({"1": None}), by), lambda: races.withdraw(RACE, "1", None), "non-"),
        (
            lambda by: races.change_status(RACE, RaceStatus.PARADING, by),
            lambda: races.change_status(RACE, RaceStatus.OFF, None),
            "status and time of the off",
        ),
        (
            lambda by: races.change_status(RACE, RaceStatus.RESULT, by),
            lambda: races.declare_result(RACE, PLACED, None),
            "result was declared",
        ),
        (
            lambda by: races.declare_result(RACE, PLACED, by),
            lambda: races.declare_result(RACE, [Placing("3", 1)], None),
            "amended",
        ),
        (
            lambda by: races.change_betting(RACE, Betting.SUSPENDED, by),
            lambda: races.declare_result(RACE, PLACED, None),
            "betting",
        ),
        (
            lambda by: races.change_off_time(RACE, OFF_AT, by),
            lambda: races.change_status(RACE, RaceStatus.OFF, None),
            "is OFF",
        ),
        (
            lambda by: races.withdraw(RACE, "1", by),
            lambda: (races.reinstate(RACE, "1", None), races.withdraw(RACE, "1", None)),
            "since",
        ),
        (
            lambda by: edit_card(RACE, [FieldChange("1", "draw", "", 4)], [], by),
            lambda: edit_card(RACE, [FieldChange("1", "draw", "4", 5)], [], None),
            "edited again",
        ),
        (
            lambda by: odds.change_prices(RACE, quotes({"1": "3"}), by),
            lambda: races.change_status(RACE, RaceStatus.ABANDONED, None),
            "came before that stands",
        ),
    ],
)
def test_what_a_feed_changed_since_is_named_and_never_lost(
    change: Callable[[User], Any], since: Callable[[], Any], names: str
) -> None:
    staff = priced()
    change(staff)
    since()

    with nothing_written(), pytest.raises(Conflict, match=names):
        undo_last(staff)


@pytest.mark.usefixtures("app")
def test_a_bookmaker_that_was_back_meanwhile_holds_again_what_it_held() -> None:
    staff = priced()
    suspensions.suspend_bookmaker(RACE, "tote", None)
    odds.change_prices(RACE, quotes({"2": None}, "tote"), None)
    before = suspensions.held_prices(RACE)
    races.withdraw(RACE, "1", staff)
    suspensions.reopen_bookmaker(RACE, "tote", staff)

    undo_last(staff)
    undo_last(staff)

    assert suspensions.held_prices(RACE)["tote"]["1"] == before["tote"]["1"]


@pytest.mark.usefixtures("app")
def test_only_the_change_that_was_offered_is_taken_back() -> None:
    staff = priced()
    races.change_betting(RACE, Betting.SUSPENDED, staff)
    offered = undo.last_change(RACE)
    assert offered is not None
    races.change_status(RACE, RaceStatus.GOINGDOWN, a_user(Role.ADMIN))

    with nothing_written(), pytest.raises(Conflict, match="since you looked"):
        undo.undo_last(RACE, staff, offered.entry.id)


@pytest.mark.usefixtures("app")
def test_what_feeds_write_and_the_declaration_are_not_offered() -> None:
    staff = priced()
    races.change_betting(RACE, Betting.SUSPENDED, staff)
    odds.change_prices(RACE, quotes({"3": "8"}), a_user(Role.FEED))

    last = undo.last_change(RACE)
    assert last is not None
    assert (last.entry.action, last.refusal) == ("betting", "")


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("final", [RaceStatus.ABANDONED, RaceStatus.RACEVOID])
def test_a_race_that_ended_can_be_had_back_for_ten_minutes(final: RaceStatus) -> None:
    staff = priced()
    ended = datetime(2030, 6, 1, 13, 0, tzinfo=UTC)
    races.change_status(RACE, final, staff, ended)
    last = undo.last_change(RACE, ended + timedelta(minutes=10, seconds=1))
    assert last is not None
    assert "more than 10 minutes" in last.refusal
    with nothing_written(), pytest.raises(Conflict, match="more than 10 minutes"):
        undo.undo_last(RACE, staff, last.entry.id, ended + timedelta(minutes=10, seconds=1))

    undo.undo_last(RACE, staff, last.entry.id, ended + timedelta(minutes=9))

    assert boards.board(RACE)["race"]["betting"] == "open"


@pytest.mark.usefixtures("either_app")
def test_an_entry_goes_with_old_age_after_the_one_that_takes_it_back(either_app: Flask) -> None:
    staff = priced()
    db.session.rollback()
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    races.change_betting(RACE, Betting.SUSPENDED, staff, long_ago)
    last = undo.last_change(RACE)
    assert last is not None
    undo.undo_last(RACE, staff, last.entry.id, long_ago + timedelta(days=900))
    ages = retention.Ages(*[timedelta(days=30)] * 4)

    assert retention.thin(ages, rows_at_once=1)["audit entries"] == 2
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_of_two_who_take_back_at_once_one_does(either_app: Flask) -> None:
    staff = priced()
    races.change_betting(RACE, Betting.SUSPENDED, staff)
    races.change_status(RACE, RaceStatus.GOINGDOWN, staff)
    last = undo.last_change(RACE)
    assert last is not None
    entry, user, told, ready = last.entry.id, staff.id, list[str](), threading.Barrier(2)

    def take_back() -> None:
        with either_app.app_context():
            by = db.session.get_one(User, user)
            ready.wait()
            try:
                undo.undo_last(RACE, by, entry)
                told.append("done")
            except Conflict:
                told.append("refused")

    both = [threading.Thread(target=take_back) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=30)

    assert sorted(told) == ["done", "refused"]
    race = boards.board(RACE)["race"]
    assert (race["status"], race["betting"]) == ("DORMANT", "suspended")
