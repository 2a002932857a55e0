"""News and notifications on their way to the connections of this worker.

The tables are the outbox: whoever publishes commits a row, and every worker sends on the rows after the last one it
sent, in the order of their ids. So each worker tells each of them once, also those that another process has written.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import current_app

from racing.realtime import messages, rooms
from racing.realtime.shapes import NewsPayload, NotificationPayload

Emit = Callable[..., Any]
MOST_AT_ONCE = 100


class Tables(NamedTuple):
    """The readers of both tables: rows after an id, at most so many, oldest first; the newest id, 0 for none."""

    news_after: Callable[[int, int], Sequence[NewsPayload]]
    newest_news: Callable[[], int]
    notifications_after: Callable[[int, int], Sequence[tuple[int, NotificationPayload]]]
    newest_notification: Callable[[], int]


class Outbox:
    """Sends on what was published since it last looked. A row's id is its place in the order of publication."""

    def __init__(self, tables: Tables, emit: Emit, wake: Callable[[], None] = lambda: None) -> None:
        """`emit(event, message, to=room)` reaches local rooms; `wake` ends the wait of whoever polls."""
        self._tables, self._emit, self._wake = tables, emit, wake
        self._sent_news: int | None = None
        self._sent_notifications: int | None = None
        self._is_due = True

    def touch(self) -> None:
        """Note that something was published. No database, no wait: the caller is answering a writer."""
        self._is_due = True
        self._wake()

    def due_in(self) -> float | None:
        """Return 0 where something was published, else None."""
        return 0 if self._is_due else None

    def do_due(self) -> None:
        """Send on what was published here."""
        if self._is_due:
            self.poll()

    def poll(self) -> None:
        """Send on whatever is new. The first call only notes where both tables are: before it, nobody was here."""
        # Cleared before reading: what is published during the read is due again.
        self._is_due = False
        if self._sent_news is None or self._sent_notifications is None:
            self._sent_news, self._sent_notifications = self._tables.newest_news(), self._tables.newest_notification()
            return
        self._sent_news = self._deliver_news(self._sent_news)
        self._sent_notifications = self._deliver_notifications(self._sent_notifications)

    @property
    def sent_news(self) -> int | None:
        """The id of the last article sent on; None before the first look."""
        return self._sent_news

    @property
    def sent_notifications(self) -> int | None:
        """The id of the last notification sent on, whoever's; None before the first look."""
        return self._sent_notifications

    def _deliver_news(self, sent: int) -> int:
        while articles := self._tables.news_after(sent, MOST_AT_ONCE):
            for article in articles:
                self._emit("news_update", messages.news_update(article), to=rooms.NEWS)
                sent = self._sent_news = article["id"]
        # A restored database has stepped back behind what was sent: go on from where it is.
        return min(sent, self._tables.newest_news())

    def _deliver_notifications(self, sent: int) -> int:
        while told := self._tables.notifications_after(sent, MOST_AT_ONCE):
            for user_id, notification in told:
                self._emit("notification", messages.notification(notification), to=rooms.user(user_id))
                sent = self._sent_notifications = notification["id"]
        return min(sent, self._tables.newest_notification())


def touch() -> None:
    """Mark the current application's outbox: something was published. Call it after the commit."""
    current_app.extensions["outbox"].touch()
