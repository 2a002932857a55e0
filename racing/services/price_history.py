"""The price history of a race, some at a time: no busy market fits into memory at once, or keeps others waiting."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select, tuple_

from racing.errors import RaceNotFound
from racing.extensions import db, socketio
from racing.models import PriceChange, Race, Runner
from racing.services.transactions import one_look

ROWS_AT_ONCE = 250
Rows = Select[*tuple[Any, ...]]


class Seen(NamedTuple):
    """How far somebody has read: the version and the id of the last change."""

    version: int
    id: int


START = Seen(-1, 0)


def version_of(race_id: str) -> int:
    """Return the race's version, committed. Raises RaceNotFound."""
    with one_look():
        version = db.session.scalar(select(Race.version).where(Race.id == race_id))
    if version is None:
        raise RaceNotFound(race_id)
    return version


def told(race_id: str, until: int) -> Iterator[Sequence[Any]]:
    """Yield pages of rows of every change of every bookmaker up to the version `until`, oldest first.

    A row has number, name, bookmaker, price (Decimal or None), version and at.
    """
    return pages(_changes(), race_id, START, until, _with_runners)


def newest(
    race_id: str, until: int, most: int, runner_id: str | None = None, bookmaker: str | None = None
) -> Iterator[Sequence[Any]]:
    """Yield pages of the newest `most` changes up to the version `until`, oldest first; None: of all.

    A row is as those of `told`.
    """
    changes = _changes()
    if runner_id is not None:
        runner = select(Runner.id).where(Runner.race_id == race_id, Runner.runner_id == runner_id)
        changes = changes.where(PriceChange.runner_pk == runner.scalar_subquery())
    if bookmaker is not None:
        changes = changes.where(PriceChange.bookmaker == bookmaker)
    return pages(changes, race_id, _last_but(most, changes, race_id, until), until, _with_runners)


def _last_but(most: int, changes: Rows, race_id: str, until: int) -> Seen:
    last = changes.with_only_columns(PriceChange.version, PriceChange.id)
    last = last.where(PriceChange.race_id == race_id, PriceChange.version <= until)
    with one_look():
        found = db.session.execute(
            last.order_by(PriceChange.version.desc(), PriceChange.id.desc()).offset(most).limit(1)
        ).first()
    return START if found is None else Seen(*found)


def _changes() -> Rows:
    return select(
        PriceChange.id, PriceChange.version, PriceChange.at, PriceChange.runner_pk, PriceChange.bookmaker,
        PriceChange.price,
    )  # fmt: skip


def _with_runners(changes: Rows) -> Rows:
    # A limit beside the join would look up the runner of every change still to come.
    page = changes.subquery()
    columns = (*page.c, Runner.number, Runner.name, Runner.runner_id)
    return select(*columns).join(Runner, Runner.id == page.c.runner_pk).order_by(page.c.version, page.c.id)


def pages(
    changes: Rows, race_id: str, after: Seen, until: int, with_more: Callable[[Rows], Rows] = lambda page: page
) -> Iterator[Sequence[Any]]:
    """Yield pages of the race's `changes` (with `id` and `version` of PriceChange), after `after`, oldest first.

    `with_more` joins to the changes of one page what else is told of them, in their order. Each page is a transaction
    of its own, over before it is yielded: whoever reads slowly keeps no snapshot open.
    """
    place = tuple_(PriceChange.version, PriceChange.id)
    changes = changes.where(PriceChange.race_id == race_id, PriceChange.version <= until)
    changes = changes.order_by(PriceChange.version, PriceChange.id).limit(ROWS_AT_ONCE)
    while True:
        with one_look():
            page = db.session.execute(with_more(changes.where(place > tuple_(after.version, after.id)))).all()
        if page:
            yield page
        if len(page) < ROWS_AT_ONCE:
            return
        after = Seen(page[-1].version, page[-1].id)
        socketio.sleep(0)  # the prices of others go on between two pages
