"""What staff see of the live side while it runs: who is connected where, what leaves, what goes wrong."""

from typing import Any

from flask import Response, current_app, jsonify, render_template
from werkzeug.wrappers import Response as AnyResponse

from racing.logs import SHORT_ID
from racing.realtime.cluster import Cluster, Share, get_subscription_stats
from racing.realtime.counts import COUNTS
from racing.services import racecards
from racing.views.ops import redis_state
from racing.views.published import race_name
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.signed_in import staff_only
from racing.views.staff import blueprint

MOST_RACES = 50
# What is said of every worker, in the order of the page. The worst lag is nobody's sum.
NUMBERS = {
    "connections": "Connections",
    "rooms": "Rooms",
    "published": "Published",
    "relayed": "Relayed",
    "delivered": "Delivered",
    "conflated": "Conflated",
    "repaired": "Repaired",
    "refused": "Refused",
    "slowClosed": "Slow clients closed",
    "unread": "Unread by clients",
    "linkWaiting": "Waiting for Redis",
    "lagMs": "Loop lag, ms",
}
REDIS_WORDS = {"ok": "up", "error": "away", "not configured": "none"}


@blueprint.get("/live", endpoint="live")
@staff_only
def page() -> str:
    """Show it as it is now; a script keeps it so."""
    return render_template("staff/live.html", live=_live(), numbers=NUMBERS)


@blueprint.get("/live.json", endpoint="live_figures")
@staff_only
def figures() -> Response | AnyResponse:
    """Return what the page shows, for the page."""
    response = jsonify(_live())
    response.headers["Cache-Control"] = "no-store"
    return response


def _live() -> dict[str, Any]:
    cluster: Cluster = current_app.extensions["cluster"]
    stats, shares = get_subscription_stats(), cluster.shares()
    workers = [_worker(worker, share, is_this=worker == cluster.own_id) for worker, share in shares.items()]
    totals = {name: sum(worker[name] for worker in workers) for name in NUMBERS}
    totals.update(
        connections=stats["totalConnections"],
        rooms=stats["totalRooms"],
        lagMs=max(worker["lagMs"] for worker in workers),
    )
    return {
        "asOf": f"{now().astimezone(site_zone()):%H:%M:%S}",
        "redis": REDIS_WORDS[redis_state()],
        "totals": totals,
        "workers": workers,
        "races": _races(stats["raceRooms"]),
        "moreRaces": max(0, len(stats["raceRooms"]) - MOST_RACES),
    }


def _worker(worker: str, share: Share, *, is_this: bool) -> dict[str, Any]:
    counts = {name: share.counts.get(name, 0) for name in COUNTS}
    return {
        "id": worker[:SHORT_ID],
        "isThis": is_this,
        "connections": share.connections,
        "rooms": len(share.races),
        **counts,
    }


def _races(followers: dict[str, int]) -> list[dict[str, Any]]:
    most = sorted(followers, key=lambda race_id: (-followers[race_id], race_id))[:MOST_RACES]
    names = {race.id: f"{race_name(race)} · {race.title}" for race in racecards.races(most)}
    return [
        {"raceId": race_id, "name": names.get(race_id, race_id), "followers": followers[race_id]} for race_id in most
    ]
