"""A race's price history to take away: every change of every bookmaker, as CSV and as JSON."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Response, json

from racing import prices
from racing.realtime.messages import instant
from racing.services import boards, price_history
from racing.views.csv_lines import as_text, csv_lines
from racing.views.declared import for_anyone
from racing.views.paged import in_contexts
from racing.views.punters import blueprint

COLUMNS = ("runner_number", "runner_name", "bookmaker", "decimal", "fractional", "version", "at")
Pages = Iterator[Sequence[Any]]
Writer = Callable[[str, int, Pages], Iterator[str]]


@blueprint.get("/races/<race_id>/history.csv")
@for_anyone
def history_csv(race_id: str) -> Response:
    """Return the history, oldest first, as it comes out of the database: a heading, then a line a change."""
    return _download(race_id, "csv", "text/csv", _csv)


@blueprint.get("/races/<race_id>/history.json")
@for_anyone
def history_json(race_id: str) -> Response:
    """Return the same as `{ raceId, version, history: [{ runnerId, number, name, bookmaker, price, ... }] }`."""
    return _download(race_id, "json", "application/json", _json)


def _download(race_id: str, kind: str, mimetype: str, write: Writer) -> Response:
    version = price_history.version_of(race_id)  # before the answer begins: an unknown race is still refused properly
    pages = in_contexts(price_history.told(race_id, version))
    response = Response(write(race_id, version, pages), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="offtime-{race_id}-prices.{kind}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def _csv(_race_id: str, _version: int, pages: Pages) -> Iterator[str]:
    yield csv_lines([COLUMNS])
    for page in pages:
        yield csv_lines([_line(row) for row in page])


def _line(row: Any) -> Sequence[Any]:
    decimal, fraction = ("", "") if row.price is None else (f"{row.price:.2f}", prices.fractional(row.price))
    texts = [as_text(text) for text in (row.number or "", row.name, row.bookmaker)]
    return (*texts, decimal, fraction, row.version, instant(row.at))


def _json(race_id: str, version: int, pages: Pages) -> Iterator[str]:
    yield f'{{"raceId":{json.dumps(race_id)},"version":{version},"history":['
    comma = ""
    for page in pages:
        yield comma + ",".join(json.dumps(_entry(row)) for row in page)
        comma = ","
    yield "]}\n"


def _entry(row: Any) -> dict[str, Any]:
    return {
        "runnerId": row.runner_id,
        "number": row.number,
        "name": row.name,
        "bookmaker": row.bookmaker,
        "price": boards.number(row.price),
        "fractional": None if row.price is None else prices.fractional(row.price),
        "version": row.version,
        "at": instant(row.at),
    }
