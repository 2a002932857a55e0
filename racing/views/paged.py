"""Long answers, read page by page while they are sent."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

from flask import Flask, Response, current_app, json

T = TypeVar("T")


def in_contexts(pages: Iterator[T]) -> Iterator[T]:
    """Yield the pages, each read in a context of its own: for a slow reader nothing is held between two."""
    return _read(current_app._get_current_object(), pages)  # type: ignore[attr-defined]


def _read(app: Flask, pages: Iterator[T]) -> Iterator[T]:
    while True:
        with app.app_context():
            page = next(pages, None)
        if page is None:
            return
        yield page


def json_list(key: str, pages: Iterator[Sequence[dict[str, Any]]]) -> Response:
    """Return `{ key: [...] }` with what is on the pages. The first is read at once: what it raises is still refused."""
    begun = [page for page in [next(pages, None)] if page is not None]
    return Response(_written(key, chain(begun, in_contexts(pages))), mimetype="application/json")


def _written(key: str, pages: Iterator[Sequence[dict[str, Any]]]) -> Iterator[str]:
    yield f"{{{json.dumps(key)}:["
    comma = ""
    for page in pages:
        if page:
            yield comma + json.dumps(page, separators=(",", ":"))[1:-1]
            comma = ","
    yield "]}\n"
