"""The record on the desk: who did what, when, from where, and the version that punters saw."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request

from racing.realtime.messages import instant
from racing.services import audit_trail
from racing.views import words
from racing.views.csv_lines import as_text, csv_lines
from racing.views.declared import staff_only
from racing.views.paged import in_contexts
from racing.views.punters import site_zone
from racing.views.staff import blueprint
from racing.views.staff.record_filter import Filter, typed_filter
from racing.views.staff.record_words import ACTIONS, SOURCES, Told, told

ENTRIES_A_PAGE = 50
LATELY = 10
MOST_CHANGES = 6
"""Changes of an entry that stand open on a page; the others open on request."""
LOOKS_FOR_S = 2.0
"""How long a page looks for entries; where it has found too few by then, it offers to look further."""
COLUMNS = (
    "id", "at", "user", "source", "address", "api_key", "action", "race_id", "race", "version", "what", "undoes",
    "before", "after",
)  # fmt: skip
Answer = str | tuple[str, int]


@dataclass(frozen=True)
class RecordLine:
    """An entry as pages list it. `undone_by` is the id of the entry that took it back."""

    entry: Any
    day: str
    clock: str
    whence: str
    race: str
    told: Told
    undone_by: int | None


@blueprint.get("/record", endpoint="record")
@staff_only
def page() -> Answer:
    """List what the filter in the address asks for, newest first."""
    asked = typed_filter(request.args, site_zone())
    if asked.wrong:
        return _page(asked, [], None), 422
    found, looked_down_to = _look(asked)
    before = found[ENTRIES_A_PAGE - 1].id if len(found) > ENTRIES_A_PAGE else looked_down_to
    return _page(asked, found[:ENTRIES_A_PAGE], before, is_cut=looked_down_to is not None)


@blueprint.get("/record.csv", endpoint="record_csv")
@staff_only
def export() -> Response | Answer:
    """Return all that the filter asks for, newest first, as it comes out of the database."""
    asked = typed_filter(request.args, site_zone())
    if asked.wrong:
        return _page(asked, [], None), 422
    zone = site_zone()
    response = Response(_csv(in_contexts(_pages(asked)), zone), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="offtime-record.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_template_global()
def race_lately(race_id: str) -> list[RecordLine]:
    """Return the newest entries of a race, for its page on the desk."""
    return _lines(audit_trail.of_race(race_id, LATELY))


def _look(asked: Filter) -> tuple[list[Any], int | None]:
    """Return what a page shows and one more where there is more; the id down to which it looked, where time ran out."""
    found: list[Any] = []
    until = time.monotonic() + LOOKS_FOR_S
    for stretch in audit_trail.stretches(asked.wanted, asked.before, ENTRIES_A_PAGE + 1):
        found += stretch.entries
        if len(found) > ENTRIES_A_PAGE:
            return found, None
        if time.monotonic() > until:
            return found, stretch.down_to
    return found, None


def _page(asked: Filter, found: Sequence[Any], before: int | None, *, is_cut: bool = False) -> str:
    return render_template(
        "staff/record.html",
        asked=asked,
        days=[(day, list(lines)) for day, lines in groupby(_lines(found), key=lambda line: line.day)],
        older=asked.address(before=before) if before else None,
        is_cut=is_cut,
        newest=asked.address() if asked.before else None,
        actions=ACTIONS,
        sources=SOURCES,
        keys=audit_trail.keys(),
        zone_words=words.zone_name(datetime.now(site_zone()), site_zone()),
        most_changes=MOST_CHANGES,
    )


def _lines(found: Sequence[Any]) -> list[RecordLine]:
    zone, names = site_zone(), _names(found)
    undone = audit_trail.undone_by([entry.id for entry in found])
    return [
        RecordLine(
            entry=entry,
            day=_day_words(entry.at.astimezone(zone).date()),
            clock=words.clock(entry.at, zone, seconds=True),
            whence=whence(entry),
            race=race_words(entry),
            told=told(entry, names.get(entry.race_id, {}), _zone_of(entry, zone)),
            undone_by=undone.get(entry.id),
        )
        for entry in found
    ]


def _names(found: Sequence[Any]) -> Mapping[str, Mapping[str, str]]:
    return audit_trail.runner_names({entry.race_id for entry in found if entry.race_id})


def _zone_of(entry: Any, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(entry.time_zone) if entry.time_zone else zone


def _day_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def whence(entry: Any) -> str:
    """Return where an entry came from: "from 203.0.113.9 through the API with the key Tote"; empty: a command."""
    key = "" if entry.key_name is None else f"with the key {entry.key_name} ({entry.key_prefix}…)"
    way = SOURCES.get(entry.source, entry.source or "")
    return " ".join(part for part in (entry.address and f"from {entry.address}", way, key) if part)


def race_words(entry: Any) -> str:
    """Return "14:05 Wexmoor, Sat 1 Jun 2030" in the course's zone; empty where an entry is of no race."""
    if entry.off_time is None:
        return entry.race_id or ""
    zone = ZoneInfo(entry.time_zone)
    local = entry.off_time.astimezone(zone)
    return f"{words.clock(entry.off_time, zone)} {entry.course}, {words.day(entry.off_time, zone)} {local.year}"


def _pages(asked: Filter) -> Iterator[tuple[Sequence[Any], Mapping[str, Mapping[str, str]]]]:
    for stretch in audit_trail.stretches(asked.wanted, asked.before):
        yield stretch.entries, _names(stretch.entries) if stretch.entries else {}


def _csv(pages: Iterator[tuple[Sequence[Any], Mapping[str, Mapping[str, str]]]], zone: ZoneInfo) -> Iterator[str]:
    yield csv_lines([COLUMNS])
    for found, names in pages:
        if found:
            yield csv_lines([_row(entry, names.get(entry.race_id, {}), zone) for entry in found])


def _row(entry: Any, names: Mapping[str, str], zone: ZoneInfo) -> Sequence[Any]:
    texts = (
        entry.email or "", entry.source or "", entry.address or "", entry.key_name or "", entry.action,
        entry.race_id or "", race_words(entry),
    )  # fmt: skip
    what = as_text(told(entry, names, _zone_of(entry, zone)).text)
    kept = ("" if each is None else json.dumps(each, ensure_ascii=False) for each in (entry.before, entry.after))
    version = "" if entry.version is None else entry.version
    return (entry.id, instant(entry.at), *map(as_text, texts), version, what, entry.undoes_id or "", *kept)
