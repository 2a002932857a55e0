"""Every event of the protocol (PROTOCOL, section 3), once: its direction, payload and answer, and whom it is for.

The handlers check what comes by this table, and the AsyncAPI document is made from it.
"""

from typing import Any, NamedTuple

from pydantic import BaseModel

from racing.access import Access
from racing.realtime import requests, shapes


class ClientEvent(NamedTuple):
    """What a client may send. `answer` is the event that answers it, and the acknowledgement's payload.

    It is for `access`; the signed-out fill in no key of `for_users`.
    """

    payload: type[BaseModel]
    answer: str
    summary: str
    access: Access
    for_users: tuple[str, ...] = ()

    def access_to(self, asked: BaseModel) -> Access:
        """Return whom this event is for with the payload `asked`."""
        is_own = self.access is Access.ANYONE and any(getattr(asked, key) is not None for key in self.for_users)
        return Access.OWN if is_own else self.access


class ServerEvent(NamedTuple):
    """What a client is sent."""

    payload: Any
    summary: str


CLIENT_EVENTS = {
    "subscribe_race": ClientEvent(
        requests.SubscribeRace,
        "subscribed",
        "Follow a race: the answer, then its board, or what `since` lacks.",
        Access.ANYONE,
    ),
    "unsubscribe_race": ClientEvent(requests.UnsubscribeRace, "unsubscribed", "Follow a race no more.", Access.ANYONE),
    "subscribe_races": ClientEvent(
        requests.SubscribeRaces, "subscribed", "Follow several races with one request.", Access.ANYONE
    ),
    "get_subscriptions": ClientEvent(
        requests.Nothing, "subscriptions", "Ask which races this connection follows.", Access.ANYONE
    ),
    "ping": ClientEvent(requests.Nothing, "pong", "Ask the server's time.", Access.ANYONE),
    "authenticate": ClientEvent(
        requests.Authenticate, "authenticated", "Renew or raise the identity of an open connection.", Access.ANYONE
    ),
    "replay": ClientEvent(
        requests.Replay,
        "replayed",
        "Ask for the news and the unread notifications after these ids, oldest first.",
        Access.ANYONE,
        for_users=("notificationsAfter",),
    ),
}

SERVER_EVENTS = {
    "subscribed": ServerEvent(shapes.SubscribedRace | shapes.SubscribedRaces, "The answer to a subscription."),
    "unsubscribed": ServerEvent(shapes.Unsubscribed, "The answer to `unsubscribe_race`."),
    "subscriptions": ServerEvent(shapes.Subscriptions, "The answer to `get_subscriptions`."),
    "odds_update": ServerEvent(
        shapes.OddsUpdate, "A race's image or delta. In `encoding: msgpack` one binary argument that unpacks to this."
    ),
    "race_status": ServerEvent(shapes.RaceStatusMessage, "The bell: a race's own state has changed."),
    "race_heartbeat": ServerEvent(shapes.RaceHeartbeat, "Everything up to this version has been sent."),
    "news_update": ServerEvent(shapes.NewsUpdate, "An article is published."),
    "notification": ServerEvent(shapes.Notification, "A word to one user, on all its connections."),
    "pong": ServerEvent(shapes.Pong, "The answer to `ping`."),
    "authenticated": ServerEvent(shapes.Authenticated, "The answer to `authenticate`."),
    "server_restart": ServerEvent(shapes.ServerRestart, "This worker is going down: come back after the delay."),
    "error": ServerEvent(shapes.Error, "A refusal, or the warning that an identity has ended."),
}

# `replay` alone is answered by its acknowledgement only.
ACKNOWLEDGEMENTS = {"replayed": shapes.Replayed}
