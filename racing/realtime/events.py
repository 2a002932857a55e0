"""Every event of the protocol (PROTOCOL, section 3), once: its direction, its payload, what it is answered with.

The handlers check what comes by this table, and the AsyncAPI document is made from it.
"""

from typing import Any, NamedTuple

from pydantic import BaseModel

from racing.realtime import requests, shapes


class ClientEvent(NamedTuple):
    """What a client may send. `answer` is the event that answers it, and the acknowledgement's payload."""

    payload: type[BaseModel]
    answer: str
    summary: str


class ServerEvent(NamedTuple):
    """What a client is sent."""

    payload: Any
    summary: str


CLIENT_EVENTS = {
    "subscribe_race": ClientEvent(
        requests.SubscribeRace,
        "subscribed",
        "Follow a race: the answer, then its board, or what `since` lacks.",
    ),
    "unsubscribe_race": ClientEvent(requests.UnsubscribeRace, "unsubscribed", "Follow a race no more."),
    "subscribe_races": ClientEvent(requests.SubscribeRaces, "subscribed", "Follow several races with one request."),
    "get_subscriptions": ClientEvent(requests.Nothing, "subscriptions", "Ask which races this connection follows."),
    "ping": ClientEvent(requests.Nothing, "pong", "Ask the server's time."),
    "authenticate": ClientEvent(
        requests.Authenticate, "authenticated", "Renew or raise the identity of an open connection."
    ),
    "replay": ClientEvent(
        requests.Replay, "replayed", "Ask for the news and the unread notifications after these ids, oldest first."
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
