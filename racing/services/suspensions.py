"""One bookmaker off in one race: its prices go at once, what is written for it is held, and comes when it is back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from racing.errors import BettingClosed, NotFound
from racing.extensions import db
from racing.models import BookmakerSuspension, Race, Runner, User
from racing.models.columns import now
from racing.services import audit, offers
from racing.services.quotes import Held, Quote
from racing.services.race_changes import changing
from racing.statuses import Betting, RunnerStatus

# Made once: every write of prices looks.
_OF_RACE = select(BookmakerSuspension).where(BookmakerSuspension.race_id == bindparam("race_id"))


def suspend_bookmaker(race_id: str, bookmaker: str, by: User | None, at: datetime | None = None) -> int:
    """Take one bookmaker's prices off, for the punters to see at once; they are held, and come back with it.

    Returns the race's version; a bookmaker that is off already changes nothing.
    Raises RaceNotFound, BettingClosed, or NotFound where this bookmaker has priced nothing in the race.
    """
    when = at or now()
    with changing(race_id) as race:
        _refuse_closed(race)
        if bookmaker not in _rows(race_id):
            current = offers.current_prices(race_id)
            if not any(maker == bookmaker for _, maker in current):
                raise NotFound(f"{bookmaker[:64]} has priced nothing in this race.")
            on_offer = [
                (runner, Quote(runner.runner_id, row.price, bookmaker))
                for runner in race.runners
                if (row := current.get((runner.id, bookmaker))) is not None and row.price is not None
            ]
            begin(race, bookmaker, [quote for _, quote in on_offer], by, when)
            taken_off = [(runner, replace(quote, price=None)) for runner, quote in on_offer]
            _move(race, taken_off, current, by, when)
            _record("suspend_bookmaker", race, bookmaker, [quote for _, quote in on_offer], taken_off, by, when)
        version = race.version
    return version


def reopen_bookmaker(race_id: str, bookmaker: str, by: User | None, at: datetime | None = None) -> int:
    """Put its prices back at once, as they have become meanwhile; a runner that came out is not offered again.

    Returns the race's version; a bookmaker that is not off changes nothing. Raises RaceNotFound or BettingClosed.
    """
    when = at or now()
    with changing(race_id) as race:
        _refuse_closed(race)
        if suspension := _rows(race_id).get(bookmaker):
            held, current = _held_by(suspension), offers.current_prices(race_id)
            offered = [
                (runner, Quote(runner.runner_id, price, bookmaker))
                for runner in race.runners
                if (price := held.get(runner.runner_id)) is not None and runner.status is not RunnerStatus.NON_RUNNER
            ]
            end(race_id, bookmaker)
            _move(race, offered, current, by, when)
            nothing = [replace(quote, price=None) for _, quote in offered]
            _record("reopen_bookmaker", race, bookmaker, nothing, offered, by, when)
        version = race.version
    return version


def begin(race: Race, bookmaker: str, held: Sequence[Quote], by: User | None, at: datetime) -> None:
    """Let a bookmaker be off, holding these prices, in the running transaction; those on offer are its caller's."""
    prices: dict[str, Any] = {quote.runner_id: str(quote.price) for quote in held}
    user_id = by.id if by else None
    db.session.add(BookmakerSuspension(race_id=race.id, bookmaker=bookmaker, at=at, by_user_id=user_id, held=prices))


def end(race_id: str, bookmaker: str) -> None:
    """Let a bookmaker that is off be back, in the running transaction, without a price yet."""
    db.session.delete(_rows(race_id)[bookmaker])


def held_prices(race_id: str) -> Held:
    """Return what the race's suspended bookmakers will offer once they are back."""
    return {bookmaker: _held_by(suspension) for bookmaker, suspension in _rows(race_id).items()}


def hold(race: Race, quotes: Sequence[Quote], by: User | None, at: datetime) -> None:
    """Keep these prices of suspended bookmakers until they are back, in the running transaction. No punter sees them.

    The race must be locked. No version rises; the audit entry has none either.
    """
    rows = _rows(race.id)
    stood = [replace(quote, price=_held_by(rows[quote.maker]).get(quote.runner_id)) for quote in quotes]
    changed = [(quote, was) for quote, was in zip(quotes, stood, strict=True) if quote.price != was.price]
    for quote, _ in changed:
        suspension = rows[quote.maker]
        suspension.held = {**suspension.held, quote.runner_id: None if quote.price is None else str(quote.price)}
    if changed:
        before = offers.as_written(was for _, was in changed)
        after = offers.as_written(quote for quote, _ in changed)
        audit.record("hold_prices", by, at, race_id=race.id, before=before, **after)


def drop_held(race_id: str, runner_id: str) -> None:
    """Forget what is held for a runner that comes out, in the running transaction: if it is back, it is priced anew."""
    for suspension in _rows(race_id).values():
        if runner_id in suspension.held:
            suspension.held = {key: price for key, price in suspension.held.items() if key != runner_id}


def _rows(race_id: str) -> dict[str, BookmakerSuspension]:
    return {row.bookmaker: row for row in db.session.scalars(_OF_RACE, {"race_id": race_id})}


def _held_by(suspension: BookmakerSuspension) -> Mapping[str, Decimal | None]:
    return {runner_id: None if price is None else Decimal(price) for runner_id, price in suspension.held.items()}


def _move(
    race: Race, moving: Sequence[tuple[Runner, Quote]], current: offers.Rows, by: User | None, at: datetime
) -> None:
    if moving:
        race.next_version(at)
        offers.move(race, moving, current, at, by)


def _record(
    action: str,
    race: Race,
    bookmaker: str,
    before: Sequence[Quote],
    after: Sequence[tuple[Runner, Quote]],
    by: User | None,
    at: datetime,
) -> None:
    is_off = action == "suspend_bookmaker"
    stood = {"suspended": not is_off, **offers.as_written(before)}
    stands = {"suspended": is_off, **offers.as_written(quote for _, quote in after)}
    audit.record(action, by, at, race_id=race.id, version=race.version, before=stood, bookmaker=bookmaker, **stands)


def _refuse_closed(race: Race) -> None:
    if race.betting is Betting.CLOSED:
        raise BettingClosed(f"The betting on race {race.id} is closed ({race.status}): its prices stay as they are.")
