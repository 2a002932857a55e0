"""Moving prices: checked against the race, all or none, with their history."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from racing.errors import BettingClosed, Doubtful
from racing.models import Race, Runner, User
from racing.models.columns import now
from racing.realtime import publisher
from racing.services import audit, offers, price_guards, racecards, suspensions
from racing.services.offers import price_in_words, set_price
from racing.services.price_guards import PriceWarning
from racing.services.quotes import Held, Quote, refuse_stale, refuse_unfit
from racing.services.transactions import one_change
from racing.statuses import Betting, RunnerStatus

__all__ = [
    "Quote",
    "Written",
    "change_prices",
    "change_prices_of_races",
    "price_in_words",
    "set_price",
    "write_books",
]


class Written(NamedTuple):
    """What became of a write in one race: the race's version, committed, and what looked like a slip in it."""

    version: int
    warnings: list[PriceWarning]


def change_prices(
    race_id: str,
    quotes: Sequence[Quote],
    by: User | None,
    *,
    seen: int | None = None,
    at: datetime | None = None,
) -> int:
    """Move prices in one race, and let the punters know; returns the race's version. All as in `write_books`."""
    return change_prices_of_races({race_id: quotes}, by, seen=seen, at=at)[race_id]


def change_prices_of_races(
    books: Mapping[str, Sequence[Quote]],
    by: User | None,
    *,
    seen: int | None = None,
    at: datetime | None = None,
) -> dict[str, int]:
    """As `change_prices`, for several races: all prices of all of them move, or none. Returns race id -> version."""
    written = write_books(books, by, seen=seen, at=at)
    return {race_id: book.version for race_id, book in written.items()}


def write_books(
    books: Mapping[str, Sequence[Quote]],
    by: User | None,
    *,
    seen: int | None = None,
    at: datetime | None = None,
    sure: Collection[str] | None = None,
    tell: Callable[[Mapping[str, Written]], object] = lambda _written: None,
) -> dict[str, Written]:
    """Move prices in races (race id -> quotes), and let the punters know: all of them move, or none.

    `seen` is the race's version the writer last saw: a price being written that changed after it is refused.
    `at` is when the prices were made, where a feed knows (default: now). Prices that do not change raise no version.
    Prices of a suspended bookmaker are held until it is back: they raise none either. A feed on the command line (`by`
    None) is warned of nothing; `sure` are the keys of the warnings that the writer has read, None for all of them.
    Returns what became of each race, committed; `tell` is called with it inside the change, by who keeps it with that.
    Raises RaceNotFound, BettingClosed, RunnerNotInRace, RunnerOut, StalePrice, Doubtful or InvalidInput.
    """
    when = at or now()
    with one_change():
        # Always in one order: two writers of the same races must not wait for each other.
        races = [racecards.race_for_update(race_id) for race_id in sorted(books)]
        if len(books) > 1:
            # In one order, too: two batches that bring the same new bookmakers would wait for each other.
            offers.open_bookmakers(quote.maker for quotes in books.values() for quote in quotes)
        before = {race.id: race.version for race in races}
        warnings = {race.id: _change_book(race, books[race.id], by, seen, when) for race in races}
        _refuse_doubtful(warnings, sure)
        written = {race.id: Written(race.version, warnings[race.id]) for race in races}
        tell(written)
    for race_id, book in written.items():
        if book.version > before[race_id]:
            publisher.touch(race_id, book.version)  # after the commit: no punter sees a price we may lose
    return written


def _change_book(
    race: Race, quotes: Sequence[Quote], by: User | None, seen: int | None, at: datetime
) -> list[PriceWarning]:
    if race.betting is Betting.CLOSED:
        raise BettingClosed(f"Race {race.id} takes no more prices: its betting is closed ({race.status}).")
    runners = {runner.runner_id: runner for runner in race.runners}
    refuse_unfit(race, runners, quotes)
    current, held = offers.current_prices(race.id), suspensions.held_prices(race.id)
    refuse_stale(race.id, runners, current, held, quotes, seen)
    warnings = [] if by is None else _warnings(runners, current, held, quotes)
    if withheld := [quote for quote in quotes if quote.maker in held]:
        suspensions.hold(race, withheld, by, at)
    moving = [
        (runners[quote.runner_id], quote)
        for quote in quotes
        if quote.maker not in held
        and offers.differs(current.get((runners[quote.runner_id].id, quote.maker)), quote.price)
    ]
    if moving:
        _move(race, moving, current, by, at)
    return warnings


def _move(
    race: Race, moving: Sequence[tuple[Runner, Quote]], current: offers.Rows, by: User | None, at: datetime
) -> None:
    offers.open_bookmakers(quote.maker for _, quote in moving)
    version = race.next_version(at)
    stood = offers.as_written(
        replace(quote, price=row.price if (row := current.get((runner.id, quote.maker))) else None)
        for runner, quote in moving
    )
    offers.move(race, moving, current, at, by)
    written = offers.as_written(quote for _, quote in moving)
    audit.record("prices", by, at, race_id=race.id, version=version, before=stood, **written)


def _warnings(
    runners: Mapping[str, Runner], current: offers.Rows, held: Held, quotes: Sequence[Quote]
) -> list[PriceWarning]:
    running = {key: runner.name for key, runner in runners.items() if runner.status is not RunnerStatus.NON_RUNNER}
    ids = {runner.id: runner_id for runner_id, runner in runners.items()}
    before: dict[str, dict[str, Decimal | None]] = {quote.maker: dict(held.get(quote.maker, {})) for quote in quotes}
    for (runner_pk, maker), row in current.items():
        if maker in before and maker not in held:
            before[maker][ids[runner_pk]] = row.price
    after = {maker: dict(book) for maker, book in before.items()}
    for quote in quotes:
        after[quote.maker][quote.runner_id] = quote.price
    return price_guards.warnings(running, before, after)


def _refuse_doubtful(warnings: Mapping[str, Sequence[PriceWarning]], sure: Collection[str] | None) -> None:
    told = [warning for of_race in warnings.values() for warning in of_race]
    if sure is not None and any(price_guards.key_of(warning) not in sure for warning in told):
        raise Doubtful("Nothing is written yet. Is this what you mean?", told)
