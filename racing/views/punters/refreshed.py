"""Pages whose script asks for them again: what it may follow, and how it is told cheaply that nothing changed."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from flask import Response, current_app, request

from racing.models import Race
from racing.realtime.connections import Connections
from racing.statuses import ENDED
from racing.views.race_cards import now

# A list drawn anew takes some 12 ms of the loop, 8 where nothing changed: so the prices keep most of it.
MS_A_READER = 30


def list_mark(shown: Iterable[Any]) -> str:
    """Return letters that change with anything of `shown`: with which races a page lists, not with their prices."""
    return sha256(repr(list(shown)).encode()).hexdigest()[:12]


def unchanged(mark: str) -> Response | None:
    """Return the answer for a script that holds the list of this mark already (204); None for everybody else."""
    if request.headers.get("If-List-Differs") != mark:
        return None
    return Response(status=204, headers={"Cache-Control": "no-store"})


def spread_ms() -> int:
    """Return over how many milliseconds the readers connected to this worker are to spread what they ask anew."""
    connections: Connections = current_app.extensions["connections"]
    return len(connections) * MS_A_READER


def most_followed() -> int:
    """Return how many races one connection may follow."""
    return int(current_app.config["MAX_SUBSCRIPTIONS"])


def followed(races: Sequence[Race]) -> list[tuple[str, int]]:
    """Return (race id, version) of the first races that may still change, as many as a connection follows."""
    return [(race.id, race.version) for race in races if race.status not in ENDED][: most_followed()]


def live_facts(races: Sequence[Race], zone_key: str) -> dict[str, Any]:
    """Return what every page of lists says to its script."""
    return {"follow": followed(races), "zone": zone_key, "rendered_at": now().isoformat()}
