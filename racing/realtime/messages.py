"""Makes what is sent to clients, each in its shape (shapes.py), stamped with the time. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgpack

from racing.realtime.rooms import Encoding
from racing.realtime.shapes import (
    Authenticated,
    Board,
    Error,
    NewsPayload,
    NewsUpdate,
    Notification,
    NotificationPayload,
    OddsUpdate,
    Pong,
    RaceHeartbeat,
    RaceState,
    RaceStatusMessage,
    Reason,
    Rejected,
    Replayed,
    ServerRestart,
    Standing,
    StatusPayload,
    SubscribedRace,
    SubscribedRaces,
    Subscriptions,
    Unsubscribed,
)

U = TypeVar("U", bound=Mapping[str, Any])
MOST_SHARED = 256


class Shared(dict[str, Any]):
    """A message that many are sent one by one. Whoever encodes it may leave in `framed` what leaves on the wire."""

    __slots__ = ("framed",)

    def __init__(self, message: Mapping[str, Any]) -> None:
        """Make `message` one that is not changed any more."""
        super().__init__(message)
        self.framed: Any = None


def instant(at: datetime) -> str:
    """Return `at` (aware) as the wire has it: ISO 8601, UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _now() -> str:
    return instant(datetime.now(UTC))


def odds_update(race_id: str, board: Board) -> OddsUpdate:
    """Return the event that carries `board`."""
    return {"type": "odds_update", "raceId": race_id, "payload": board, "timestamp": _now()}


def delta_of(image: Board, since: int) -> Board:
    """Return what of `image` changed after version `since`: what the database would say of that same version."""
    delta: Board = {
        "version": image["version"],
        "base": since,
        "full": False,
        "odds": [entry for entry in image["odds"] if entry["version"] > since],
        "runners": [change for change in image["runners"] if change["version"] > since],
        "book": image["book"],
        "updatedAt": image["updatedAt"],
    }
    if image["race"]["version"] > since:
        delta["race"] = image["race"]
    return delta


def encoded(update: U, encoding: Encoding) -> U | bytes:
    """Return `update` as it leaves: as it is for JSON, packed for msgpack (stock clients get one binary argument)."""
    return msgpack.packb(update) if encoding == "msgpack" else update


def race_status(race_id: str, state: RaceState, previous: str, version: int) -> RaceStatusMessage:
    """Return the bell for a race that now stands at `state`, `previous` being the status told before."""
    payload: StatusPayload = {**state, "previous": previous, "version": version}
    return {"type": "race_status", "raceId": race_id, "payload": payload, "timestamp": _now()}


def race_heartbeat(race_id: str, version: int) -> RaceHeartbeat:
    """Return the heartbeat of a race whose rooms have everything up to `version`."""
    return {"type": "race_heartbeat", "raceId": race_id, "version": version, "timestamp": _now()}


@lru_cache(MOST_SHARED)
def subscribed_race(race_id: str, version: int, status: str) -> Shared:
    """Return the answer to `subscribe_race` (a SubscribedRace), one for all who follow at one version."""
    message = f"You follow race {race_id}."
    made: SubscribedRace = {
        "type": "race", "raceId": race_id, "message": message, "version": version, "status": status,
    }  # fmt: skip
    return Shared(made)


def subscribed_races(standings: list[Standing], rejected: list[Rejected]) -> SubscribedRaces:
    """Return the answer to `subscribe_races`."""
    message = f"You follow {len(standings)} races." if len(standings) != 1 else "You follow 1 race."
    race_ids = [standing["raceId"] for standing in standings]
    return {"type": "races", "raceIds": race_ids, "races": standings, "rejected": rejected, "message": message}


def unsubscribed(race_id: str) -> Unsubscribed:
    """Return the answer to `unsubscribe_race`."""
    return {"type": "race", "raceId": race_id, "message": f"You no longer follow race {race_id}."}


def subscriptions(race_ids: list[str]) -> Subscriptions:
    """Return the answer to `get_subscriptions`."""
    return {"type": "subscriptions", "raceIds": race_ids}


def pong() -> Pong:
    """Return the answer to `ping`."""
    return {"timestamp": _now()}


def news_update(article: NewsPayload) -> NewsUpdate:
    """Return the event that tells of an article."""
    return {"type": "news_update", "payload": article, "timestamp": _now()}


def notification(told: NotificationPayload) -> Notification:
    """Return the event that brings a user's notification."""
    return {"type": "notification", "payload": told, "timestamp": _now()}


def replayed(news: int, notifications: int, *, more: bool) -> Replayed:
    """Return the acknowledgement of `replay`."""
    return {"news": news, "notifications": notifications, "more": more}


def authenticated(user_id: int, expires_at: datetime) -> Authenticated:
    """Return the answer to `authenticate`."""
    return {"type": "authenticated", "userId": user_id, "expiresAt": instant(expires_at)}


def server_restart(retry_after_ms: int) -> ServerRestart:
    """Return the word to one client that this worker is going down."""
    return {"type": "server_restart", "retryAfterMs": retry_after_ms}


def error(
    reason: Reason,
    message: str,
    *,
    event: str | None = None,
    race_id: str | None = None,
    retry_after_ms: int | None = None,
) -> Error:
    """Return a refusal, or the warning that an identity has ended."""
    made: Error = {"type": reason, "message": message}
    if event is not None:
        made["event"] = event
    if race_id is not None:
        made["raceId"] = race_id
    if retry_after_ms is not None:
        made["retryAfterMs"] = retry_after_ms
    return made
