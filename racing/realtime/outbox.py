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
Newest = Callable[[], int]
MOST_AT_ONCE = 100
# A happening in a race may be told to thousands at once: after so many rows prices have their turn.
MOST_A_TURN = 500


class Tables(NamedTuple):
    """The readers of both tables: rows after an id, at most so many, oldest first; the newest id, 0 for none."""

    news_after: Callable[[int, int], Sequence[NewsPayload]]
    newest_news: Newest
    notifications_after: Callable[[int, int], Sequence[tuple[int, NotificationPayload]]]
    newest_notification: Newest


class Cursor:
    """How far one table has been sent on, and which connections were sent more than that by a replay of their own."""

    def __init__(self, newest: Newest) -> None:
        """`newest` returns the table's newest id."""
        self._newest = newest
        self.sent: int | None = None
        self._ahead: dict[str, int] = {}

    def start(self) -> None:
        """Begin at the newest row, where this is the first look: before it, nobody was here to be told."""
        if self.sent is None:
            self.sent = self._newest()

    def pass_over(self, row_id: int) -> list[str]:
        """Move to this row; return the connections that have it already."""
        self.sent = row_id
        return [sid for sid, up_to in self._ahead.items() if up_to >= row_id]

    def settle(self) -> None:
        """End a look at the table. A restored one has stepped back behind what was sent: go on from where it is."""
        self.sent = min(self.sent or 0, self._newest())
        self._ahead = {sid: up_to for sid, up_to in self._ahead.items() if up_to > self.sent}

    def replayed(self, sid: str, up_to: int) -> None:
        """Note that a connection has been sent everything up to this row."""
        if self.sent is None or up_to > self.sent:
            self._ahead[sid] = up_to

    def forget(self, sid: str) -> None:
        """Drop a connection that has gone, or is another user's now."""
        self._ahead.pop(sid, None)


class Outbox:
    """Sends on what was published since it last looked. A row's id is its place in the order of publication."""

    def __init__(self, tables: Tables, emit: Emit, wake: Callable[[], None] = lambda: None) -> None:
        """`emit(event, message, to=room, skip_sid=sids)` reaches local rooms; `wake` ends the wait of whoever polls."""
        self._tables, self._emit, self._wake = tables, emit, wake
        self.news, self.notifications = Cursor(tables.newest_news), Cursor(tables.newest_notification)
        self._is_due = True

    def touch(self) -> None:
        """Note that something was published. No database, no wait: the caller is answering a writer."""
        self._is_due = True
        self._wake()

    def due_in(self) -> float | None:
        """Return 0 where something was published, or is left over from the last turn; else None."""
        return 0 if self._is_due else None

    def do_due(self) -> None:
        """Send on what was published here."""
        if self._is_due:
            self.poll()

    def poll(self) -> None:
        """Send on whatever is new, whoever published it; of very many notifications a portion, the next at once."""
        # Cleared before reading: what is published during the read is due again.
        self._is_due = False
        failure: Exception | None = None
        for send in (self._send_news, self._send_notifications):
            try:
                send()
            except Exception as error:  # noqa: BLE001  # one table's trouble must not hold up the other
                failure = error
        if failure is not None:
            raise failure

    def _send_news(self) -> None:
        cursor = self.news
        cursor.start()
        while articles := self._tables.news_after(cursor.sent or 0, MOST_AT_ONCE):
            for article in articles:
                message, have_it = messages.news_update(article), cursor.pass_over(article["id"])
                self._emit("news_update", message, to=rooms.NEWS, skip_sid=have_it)
        cursor.settle()

    def _send_notifications(self) -> None:
        cursor = self.notifications
        cursor.start()
        for _ in range(MOST_A_TURN // MOST_AT_ONCE):
            told = self._tables.notifications_after(cursor.sent or 0, MOST_AT_ONCE)
            for user_id, notification in told:
                message, have_it = messages.notification(notification), cursor.pass_over(notification["id"])
                self._emit("notification", message, to=rooms.user(user_id), skip_sid=have_it)
            if not told:
                break
        else:
            self._is_due = True
        cursor.settle()


def touch() -> None:
    """Mark the current application's outbox: something was published. Call it after the commit."""
    current_app.extensions["outbox"].touch()
