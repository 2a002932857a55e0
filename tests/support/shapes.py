"""Every payload of the wire, held strictly against its typed dictionary: no key more, no key less, no other type."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import is_typeddict

from racing.realtime import shapes
from racing.statuses import Betting, RaceStatus, RunnerStatus

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
INSTANTS = {"timestamp", "updatedAt", "offTime", "offAt", "withdrawnAt", "publishedAt", "createdAt", "expiresAt"}
STATUSES = {*RaceStatus, *RunnerStatus}
REASONS = {
    "invalid_payload", "unknown_race", "rate_limited", "too_many_subscriptions", "too_many_connections",
    "unauthorized", "token_invalid", "token_expired", "server_error",
}  # fmt: skip


def _strict_shapes() -> dict[str, TypeAdapter[Any]]:
    for kind in vars(shapes).values():
        if is_typeddict(kind):
            kind.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    return {
        "subscribed": TypeAdapter(shapes.SubscribedRace | shapes.SubscribedRaces),
        "unsubscribed": TypeAdapter(shapes.Unsubscribed),
        "odds_update": TypeAdapter(shapes.OddsUpdate),
        "race_status": TypeAdapter(shapes.RaceStatusMessage),
        "race_heartbeat": TypeAdapter(shapes.RaceHeartbeat),
        "subscriptions": TypeAdapter(shapes.Subscriptions),
        "pong": TypeAdapter(shapes.Pong),
        "error": TypeAdapter(shapes.Error),
        "news_update": TypeAdapter(shapes.NewsUpdate),
        "notification": TypeAdapter(shapes.Notification),
        "authenticated": TypeAdapter(shapes.Authenticated),
        "server_restart": TypeAdapter(shapes.ServerRestart),
        "replayed": TypeAdapter(shapes.Replayed),
    }


SHAPES = _strict_shapes()


def faults(event: str, payload: Any) -> list[str]:
    """Return what in this payload is not as the protocol has it."""
    if event not in SHAPES:
        return [f"{event}: not an event of the protocol"]
    try:
        SHAPES[event].validate_python(payload)
    except ValidationError as error:
        return [f"{event}: {error}"]
    found = [f"{event}: {fault}" for fault in _faults_within(payload)]
    if event == "error" and payload["type"] not in REASONS:
        found.append(f"error: {payload['type']!r} is no reason")
    return found


def _faults_within(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _faults_within(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in INSTANTS and not INSTANT.fullmatch(item):
                yield f"{key} {item!r} is no instant with milliseconds and Z"
            if key in ("status", "previous") and isinstance(item, str) and item not in STATUSES:
                yield f"{key} {item!r} is no status"
            if key == "betting" and item not in set(Betting):
                yield f"betting {item!r}"
            yield from _faults_within(item)
