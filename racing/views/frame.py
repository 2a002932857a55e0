"""What the frame of every page asks: who is signed in, how they want it, what they were told, where they may go."""

from typing import Any, NamedTuple

from flask import Flask, request

from racing.views.page_marks import page_marks, read_marks
from racing.views.reader import device_reader, reader
from racing.views.signed_in import page_user


class Place(NamedTuple):
    """A link of the top bar. Its page, and all below it, show it as the current one."""

    path: str
    name: str

    @property
    def is_current(self) -> bool:
        """Whether the page being drawn is there."""
        return request.path == self.path or (self.path != "/" and request.path.startswith(f"{self.path}/"))


PLACES = (
    Place("/", "Next races"),
    Place("/meetings", "Meetings"),
    Place("/results", "Results"),
    Place("/news", "News"),
    Place("/my", "Mine"),
)


def register(app: Flask) -> None:
    """Note where the page stands before it is drawn, and give every template the questions of its frame."""
    app.before_request(read_marks)
    app.context_processor(_questions)


def _questions() -> dict[str, Any]:
    # Functions, not answers: a page that fails because the database is away asks it nothing.
    return {
        "page_user": page_user,
        "page_marks": page_marks,
        "reader": reader,
        "device_reader": device_reader,
        "places": PLACES,
    }
