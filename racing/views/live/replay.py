"""What was published while a client was away: sent once more, to it alone, in order."""

from collections.abc import Sequence
from typing import Any, cast

from flask import current_app
from flask_socketio import emit

from racing.errors import Unauthorized
from racing.realtime import messages
from racing.realtime.outbox import Outbox
from racing.realtime.requests import Replay
from racing.services import news, notifications
from racing.views.live.handling import Answer, client_event, identities, sid

MOST_REPLAYED = 100


@client_event("replay")
def replay(asked: Replay) -> Answer:
    """Send the news and this user's unread notifications after the ids asked for, then the acknowledgement."""
    identity = identities().of(sid())
    if asked.notificationsAfter is not None and identity is None:
        raise Unauthorized("Sign in to be sent notifications.")
    articles: Sequence[Any] = ()
    told: Sequence[Any] = ()
    if asked.newsAfter is not None:
        articles = news.after(asked.newsAfter, MOST_REPLAYED + 1)
    if asked.notificationsAfter is not None and identity is not None:
        told = notifications.unread_after(identity.user_id, asked.notificationsAfter, MOST_REPLAYED + 1)
    # What the outbox has not sent on yet comes to this connection by itself: sent here as well it would come twice.
    outbox = cast(Outbox, current_app.extensions["outbox"])
    articles, told = _up_to(outbox.sent_news, articles), _up_to(outbox.sent_notifications, told)
    for article in articles[:MOST_REPLAYED]:
        emit("news_update", messages.news_update(article))
    for notification in told[:MOST_REPLAYED]:
        emit("notification", messages.notification(notification))
    more = len(articles) > MOST_REPLAYED or len(told) > MOST_REPLAYED
    return cast(Answer, messages.replayed(len(articles[:MOST_REPLAYED]), len(told[:MOST_REPLAYED]), more=more))


def _up_to(sent: int | None, rows: Sequence[Any]) -> Sequence[Any]:
    return rows if sent is None else [row for row in rows if row["id"] <= sent]
