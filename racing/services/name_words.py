"""Keeps the words that names and titles are searched by, as races are declared."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from racing.extensions import db
from racing.models import NameWord, Race, Runner
from racing.services.people import SLUGS, Kind
from racing.services.slugs import LONGEST, folded

TITLES = "race"
"""The kind of the words of titles, beside those of people.Kind."""
_ROWS_AT_ONCE = 1000
# A card that was being declared while others were, at most so many runners, has lower ids than theirs and comes later.
_LATEST = 1000
_KEY = [NameWord.kind, NameWord.ending, NameWord.slug]
_LAST_RUNNER = (
    select(func.max(Runner.id)).where(Runner.race_id == Race.id).correlate(Race).scalar_subquery().label("newest")
)


def note(race_ids: Collection[str]) -> None:
    """Note the titles and the names on the cards of races just declared, as part of the running change.

    So are those of races near them that are not noted yet: declared by a worker of a release that did not know of it.
    """
    ours = _claimed(db.session.execute(select(Race.id, Race.title, _LAST_RUNNER).where(_waits(race_ids))).all())
    columns = (Runner.id, Runner.race_id, *SLUGS.values())
    rows = _name_rows(db.session.execute(select(*columns).where(Runner.race_id.in_(ours))).all())
    for some in _some_at_once(rows):
        insert = _insert()
        told, kept = insert.excluded, NameWord
        newest = case((told.newest > kept.newest, told.newest), else_=kept.newest)
        more = {"newest": newest, "races": kept.races + told.races}
        db.session.connection().execute(insert.on_conflict_do_update(index_elements=_KEY, set_=more), some)


def renote(race: Race, names: Collection[tuple[Kind, str]]) -> None:
    """Note anew, as part of the running change, the title of a race whose card was edited, and these (kind, slug).

    They are names that came onto its card, and names that it had until now: what nobody has any more is not found.
    """
    _forget(TITLES, race.id)
    last = db.session.scalar(select(func.max(Runner.id)).where(Runner.race_id == race.id))
    rows = [_row(TITLES, ending, race.id, last, 1) for ending in endings(folded(race.title))]
    for kind, slug in sorted(names):
        _forget(kind.value, slug)
        has_it = SLUGS[kind] == slug
        newest, count = db.session.execute(
            select(func.max(Runner.id), func.count(Runner.race_id.distinct())).where(has_it)
        ).one()
        rows += [_row(kind.value, ending, slug, newest, count) for ending in endings(slug) if count]
    for some in _some_at_once(rows):
        insert = _insert()
        told = {"newest": insert.excluded.newest, "races": insert.excluded.races}
        db.session.connection().execute(insert.on_conflict_do_update(index_elements=_KEY, set_=told), some)


def _forget(kind: str, slug: str) -> None:
    db.session.execute(delete(NameWord).where(NameWord.kind == kind, NameWord.slug == slug))


def _row(kind: str, ending: str, slug: str, newest: Any, races: int) -> dict[str, Any]:
    return {"kind": kind, "ending": ending, "slug": slug, "newest": newest, "races": races}


def endings(slug: str) -> list[str]:
    """Return a slug from each of its words on: "old-harbour" is "old-harbour", "harbour"; long ones are cut."""
    words = slug.split("-")
    return list(dict.fromkeys("-".join(words[place:])[:LONGEST] for place in range(len(words))))


def _waits(race_ids: Collection[str]) -> ColumnElement[bool]:
    """Tell which races are to be noted with those."""
    noted = select(func.coalesce(func.max(NameWord.newest), 0)).scalar_subquery()
    near = select(Runner.race_id).where(Runner.id > noted - _LATEST)
    is_noted = exists().where(NameWord.kind == TITLES, NameWord.slug == Race.id)
    return or_(Race.id.in_(race_ids), and_(Race.id.in_(near), ~is_noted))


def _claimed(races: Iterable[Any]) -> list[str]:
    """Note the titles, and return the ids of those races that nobody else had noted: their names are ours to count.

    Another writer that notes one of them at this moment is waited for.
    """
    rows = [_row(TITLES, ending, race.id, race.newest, 1) for race in races for ending in endings(folded(race.title))]
    claimed: set[str] = set()
    for some in _some_at_once(rows):
        insert = _insert().on_conflict_do_nothing(index_elements=_KEY)
        claimed.update(db.session.connection().scalars(insert.returning(NameWord.slug), some))
    return sorted(claimed)


def _name_rows(runners: Iterable[Any]) -> list[dict[str, Any]]:
    """Return a row for each word of each name."""
    newest: dict[tuple[str, str], int] = {}
    races: dict[tuple[str, str], set[str]] = {}
    for runner in runners:
        for kind, column in SLUGS.items():
            slug = getattr(runner, column.key)
            if slug is not None:
                newest[kind.value, slug] = max(runner.id, newest.get((kind.value, slug), 0))
                races.setdefault((kind.value, slug), set()).add(runner.race_id)
    return [
        _row(kind, ending, slug, last, len(races[kind, slug]))
        for (kind, slug), last in newest.items()
        for ending in endings(slug)
    ]


def _some_at_once(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows in the order of their keys: so no two writers wait for each other."""
    rows = sorted(rows, key=lambda row: (row["kind"], row["ending"], row["slug"]))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[start : start + _ROWS_AT_ONCE]


def _insert() -> Any:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(NameWord.__table__)
