"""Pages take turns: those who write prices and those who send them need the database's connections more than readers.

A page holds one from its first read until it is drawn. When a race goes off, hundreds ask at the same moment.
"""

import threading

from flask import Flask, Response, g, request
from werkzeug.exceptions import ServiceUnavailable

AT_ONCE = 8
"""Of the 15 connections that a worker may open; the next reader begins when one of these has its page."""
LONGEST_WAIT_S = 20.0
_PAGES = frozenset(("punters", "news", "notifications", "mine", "crawlers"))


def register(app: Flask) -> None:
    """Let so many read at a time. Staff and feeds, and whoever sends a form, wait for nobody."""
    turns = threading.BoundedSemaphore(AT_ONCE)

    def take() -> None:
        if request.blueprint not in _PAGES or request.method not in ("GET", "HEAD"):
            return
        if not turns.acquire(timeout=LONGEST_WAIT_S):
            raise ServiceUnavailable("Too many are reading at this moment. Please try again.")
        g.holds_turn = True

    def give(_failure: BaseException | None = None) -> None:
        if g.pop("holds_turn", False):
            turns.release()

    def give_when_drawn(response: Response) -> Response:
        # What is streamed after this holds no connection, however slowly it is read.
        give()
        return response

    app.before_request(take)
    app.after_request(give_when_drawn)
    app.teardown_request(give)
