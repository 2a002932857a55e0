"""What was published while a client was away: sent once more, to it alone, in order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from racing.errors import Unauthorized
from racing.realtime import messages
from racing.realtime.outbox import Cursor
from racing.realtime.requests import Replay
from racing.services import news, notifications
from racing.views.live.client import Answer, Client
from racing.views.live.handling import client_event

MOST_REPLAYED = 100
Rows = Sequence[Mapping[str, Any]]


@client_event("replay")
def replay(client: Client, asked: Replay) -> Answer:
    """Send the news and this user's unread notifications after the ids asked for, then the acknowledgement."""
    identity = client.identities.of(client.sid)
    cursors = client.outbox
    articles: Rows = ()
    told: Rows = ()
    if asked.newsAfter is not None:
        articles = _missed(client, cursors.news, lambda most: news.after(asked.newsAfter or 0, most))
        _send(client, "news_update", messages.news_update, articles, cursors.news)
    if asked.notificationsAfter is not None and identity is not None:
        user_id, after = identity.user_id, asked.notificationsAfter
        told = _missed(client, cursors.notifications, lambda most: notifications.unread_after(user_id, after, most))
        now = client.identities.of(client.sid)
        if now is None or now.user_id != user_id:  # it ended while the database was asked
            raise Unauthorized("Sign in to be sent notifications.")
        _send(client, "notification", messages.notification, told, cursors.notifications)
    more = max(len(articles), len(told)) > MOST_REPLAYED
    counts = len(articles[:MOST_REPLAYED]), len(told[:MOST_REPLAYED])
    return cast(Answer, messages.replayed(*counts, more=more))


def _missed(client: Client, cursor: Cursor, read: Callable[[int], Rows]) -> Rows:
    """Return the rows to send, one more than that where there are more."""
    before = cursor.sent
    with client.asking():
        rows = read(MOST_REPLAYED + 1)
    after = cursor.sent
    # What the outbox has sent on while the table was read, this connection has been sent already.
    return [row for row in rows if before is None or after is None or not before < row["id"] <= after]


def _send(client: Client, event: str, message: Callable[[Any], Mapping[str, Any]], rows: Rows, cursor: Cursor) -> None:
    for row in rows[:MOST_REPLAYED]:
        client.answer(event, message(row))
        cursor.replayed(client.sid, row["id"])
