"""Keeps the words that names and titles are searched by, as races are declared."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from racing.extensions import db
from racing.models import NameWord, Race, Runner
from racing.services.people import SLUGS
from racing.services.slugs import LONGEST, folded

TITLES = "race"
"""The kind of the words of titles, beside those of people.Kind."""
_ROWS_AT_ONCE = 1000


def note(race_id: str) -> None:
    """Note the title and the names on the card of a race just declared, as part of the running change.

    So are those declared after the last that was noted: by a worker of a release that did not know of it.
    """
    noted = select(func.coalesce(func.max(NameWord.newest), 0)).scalar_subquery()
    columns = (Runner.id, Runner.race_id, Race.title, *SLUGS.values())
    which = or_(Runner.race_id == race_id, Runner.id > noted)
    runners = db.session.execute(select(*columns).join(Runner.race).where(which)).all()
    rows = _rows(runners)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        _write(rows[start : start + _ROWS_AT_ONCE])


def endings(slug: str) -> list[str]:
    """Return a slug from each of its words on: "old-harbour" is "old-harbour", "harbour"; long ones are cut."""
    words = slug.split("-")
    return list(dict.fromkeys("-".join(words[place:])[:LONGEST] for place in range(len(words))))


def _rows(runners: Iterable[Any]) -> list[dict[str, Any]]:
    """Return a row for each word of each name, in the order of their keys: so no two writers wait for each other."""
    newest: dict[tuple[str, str, str], int] = {}
    races: dict[tuple[str, str, str], set[str]] = {}
    for runner in runners:
        for kind, slug, name in _names(runner):
            newest[kind, slug, name] = max(runner.id, newest.get((kind, slug, name), 0))
            races.setdefault((kind, slug, name), set()).add(runner.race_id)
    return sorted(
        (
            {"kind": kind, "ending": ending, "slug": slug, "newest": last, "races": len(races[kind, slug, name])}
            for (kind, slug, name), last in newest.items()
            for ending in endings(name)
        ),
        key=lambda row: (row["kind"], row["ending"], row["slug"]),
    )


def _names(runner: Any) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, slug, what its words are taken from) of all that a line of a card names."""
    yield TITLES, runner.race_id, folded(runner.title)
    for kind, column in SLUGS.items():
        slug = getattr(runner, column.key)
        if slug is not None:
            yield kind.value, slug, slug


def _write(rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(NameWord).values(rows)
    told, kept = insert.excluded, NameWord
    # Another writer may have noted the same card of a worker that did not.
    more = case((told.newest == kept.newest, 0), else_=told.races)
    newest = case((told.newest > kept.newest, told.newest), else_=kept.newest)
    changed = insert.on_conflict_do_update(
        index_elements=[kept.kind, kept.ending, kept.slug], set_={"newest": newest, "races": kept.races + more}
    )
    db.session.execute(changed)
