"""How far the best prices of runners went between two versions: every step counts, not only the last."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Select, select

from racing.extensions import db
from racing.models import AlertProgress, CurrentPrice, PriceChange, Race
from racing.statuses import BEFORE_THE_OFF


class Best(NamedTuple):
    """A best price, and the slug of the bookmaker that offers it."""

    price: Decimal
    bookmaker: str


class Course(NamedTuple):
    """The longest and the shortest best price of a runner in a while, and the last: None where it ends without."""

    longest: Best
    shortest: Best
    last: Best | None


class Change(NamedTuple):
    """One bookmaker's new price; None: it offers none any more."""

    version: int
    bookmaker: str
    price: Decimal | None


def best(book: Mapping[str, Decimal | None]) -> Best | None:
    """Return the best price of a book (bookmaker -> price), of equals the first by name; None where there is none."""
    offers = [Best(price, bookmaker) for bookmaker, price in sorted(book.items()) if price is not None]
    return max(offers, key=lambda offer: offer.price, default=None)


def steps_of(book: Mapping[str, Decimal | None], changes: Iterable[Change]) -> list[Best | None]:
    """Return a runner's best price after each step of `changes`, ordered by version, from its `book` before them.

    Changes of one version are one step.
    """
    book, steps = dict(book), []
    for _version, together in groupby(changes, key=lambda change: change.version):
        book.update((change.bookmaker, change.price) for change in together)
        steps.append(best(book))
    return steps


def course_through(steps: Sequence[Best | None]) -> Course | None:
    """Return the course of these steps; None where none has a price."""
    priced = [step for step in steps if step is not None]
    if not priced:
        return None
    return Course(max(priced, key=lambda step: step.price), min(priced, key=lambda step: step.price), steps[-1])


def steps_since_told(races: Collection[Race], runner_pks: Collection[int]) -> dict[int, list[Best | None]]:
    """Return the best prices that runners had since the telling's progress of their races: runner -> steps, in order.

    Of a race that is back before its off (a false start, a status taken back) there is one step, what stands now: what
    was offered meanwhile, in running, is another market.
    """
    back = _back_before_the_off(races)
    changes = _changes_since_told([race for race in races if race.id not in back], runner_pks)
    books = _books_when_told(changes) if changes else {}
    steps = {runner_pk: steps_of(books.get(runner_pk, {}), changed) for runner_pk, changed in changes.items()}
    standing = _standing_books(back, runner_pks) if back else {}
    return steps | {runner_pk: [best(book)] for runner_pk, book in standing.items()}


def _back_before_the_off(races: Collection[Race]) -> set[str]:
    ids = [race.id for race in races if race.status in BEFORE_THE_OFF]
    was_off = AlertProgress.status.not_in(BEFORE_THE_OFF)
    return set(db.session.scalars(select(AlertProgress.race_id).where(AlertProgress.race_id.in_(ids), was_off)))


def _standing_books(race_ids: Collection[str], runner_pks: Collection[int]) -> dict[int, dict[str, Decimal | None]]:
    columns = select(CurrentPrice.runner_pk, CurrentPrice.bookmaker, CurrentPrice.price)
    return _books(columns.where(CurrentPrice.race_id.in_(race_ids), CurrentPrice.runner_pk.in_(runner_pks)))


def _changes_since_told(races: Collection[Race], runner_pks: Collection[int]) -> dict[int, list[Change]]:
    """Return what changed in these races since their telling's progress: runner -> changes by version.

    Up to the version that each of `races` was read at, and before its off: what is offered in running is another
    market, and nobody who asked for 5/1 means the last fence.
    """
    race_of = {race.id: race for race in races if race.status in BEFORE_THE_OFF or race.off_at is not None}
    columns = (PriceChange.race_id, PriceChange.runner_pk, PriceChange.at)
    rows = (
        select(*columns, PriceChange.version, PriceChange.bookmaker, PriceChange.price)
        .join(AlertProgress, AlertProgress.race_id == PriceChange.race_id)
        .where(AlertProgress.race_id.in_(race_of), PriceChange.version > AlertProgress.version)
        .where(PriceChange.runner_pk.in_(runner_pks))
    )
    changes: dict[int, list[Change]] = {}
    for race_id, runner_pk, at, version, bookmaker, price in db.session.execute(rows.order_by(PriceChange.version)):
        race = race_of[race_id]
        is_before_the_off = race.status in BEFORE_THE_OFF or (race.off_at is not None and at < race.off_at)
        if version <= race.version and is_before_the_off:
            changes.setdefault(runner_pk, []).append(Change(version, bookmaker, price))
    return changes


def _books_when_told(runner_pks: Collection[int]) -> dict[int, dict[str, Decimal | None]]:
    """Return what was offered at the progress of the telling of each runner's race: runner -> bookmaker -> price."""
    newest = select(PriceChange.price).where(
        PriceChange.runner_pk == CurrentPrice.runner_pk,
        PriceChange.bookmaker == CurrentPrice.bookmaker,
        PriceChange.version <= AlertProgress.version,
    )
    then = newest.order_by(PriceChange.version.desc()).limit(1).scalar_subquery()
    rows = (
        select(CurrentPrice.runner_pk, CurrentPrice.bookmaker, then)
        .join(AlertProgress, AlertProgress.race_id == CurrentPrice.race_id)
        .where(CurrentPrice.runner_pk.in_(runner_pks))
    )
    return _books(rows)


def _books(rows: Select[int, str, Decimal | None]) -> dict[int, dict[str, Decimal | None]]:
    books: dict[int, dict[str, Decimal | None]] = {}
    for runner_pk, bookmaker, price in db.session.execute(rows):
        books.setdefault(runner_pk, {})[bookmaker] = price
    return books
