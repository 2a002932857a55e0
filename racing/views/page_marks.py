"""What a page is drawn with of news and notifications; its script asks the socket for everything after that."""

from typing import NamedTuple

from flask import g, request

from racing.services import news, notifications
from racing.services.notifications import Inbox
from racing.views.signed_in import page_user

_NO_PAGES = (None, "api", "crawlers", "ops")


class PageMarks(NamedTuple):
    """The newest article's id, and where the notifications of the signed-in stand."""

    news: int
    inbox: Inbox | None


def read_marks() -> None:
    """Note both before the page reads anything else: what is published meanwhile is then told, not lost."""
    if request.blueprint in _NO_PAGES:
        return
    user = page_user()
    g.page_marks = PageMarks(news.newest_id(), None if user is None else notifications.inbox(user.id))


def page_marks() -> PageMarks:
    """Return what `read_marks` noted for this request."""
    return g.page_marks
