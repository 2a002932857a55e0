"""What staff see of the live side while it runs: who is connected where, what leaves, how late, what goes wrong."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from racing.logs import SHORT_ID
from racing.realtime.cluster import Cluster, Share, get_subscription_stats
from racing.realtime.counts import COUNTS
from racing.realtime.history import History, Sample
from racing.services import racecards
from racing.views.declared import staff_only
from racing.views.forms import whole_number
from racing.views.ops import redis_state
from racing.views.published import race_name
from racing.views.punters import site_zone
from racing.views.race_cards import now
from racing.views.staff import blueprint
from racing.views.staff.live_charts import drawings, figure, rates, series
from racing.views.staff.live_feeds import feed_lines

MOST_RACES = 50
# What is said of every worker, in the order of the page. The worst lag is nobody's sum.
NUMBERS = {
    "connections": "Connections",
    "rooms": "Rooms",
    "written": "Price writes",
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
FACTS = {"began": "Began", "release": "Release"}
RATES = {
    "writtenPerSecond": "Price writes a second",
    "publishedPerSecond": "Published a second",
    "deliveredPerSecond": "Delivered a second",
    "delay50Ms": "Half leave within, ms",
    "delay95Ms": "95 % leave within, ms",
    "repairedLately": "Repairs, 15 min",
}
REDIS_WORDS = {"ok": "up", "error": "away", "not configured": "none"}
_NO_TIME = "The newest figures that the page has are of no time."


@blueprint.get("/live", endpoint="live")
@staff_only
def page() -> str:
    """Show it as it is now; a script keeps it so."""
    samples = _samples()
    return render_template(
        "staff/live.html",
        live=_live(samples),
        numbers=NUMBERS,
        facts=FACTS,
        rates=RATES,
        charts=drawings(samples),
        number=figure,
        zone=site_zone().key,
        late_after_s=current_app.config["FEED_LATE_SECONDS"],
    )


@blueprint.get("/live.json", endpoint="live_figures")
@staff_only
def figures() -> Response | AnyResponse:
    """Return what the page shows, for the page; of the history what is newer than `after`, an epoch second."""
    after = whole_number(request.args.get("after", "0"), _NO_TIME)
    samples = _samples()
    response = jsonify(**_live(samples), history=series([sample for sample in samples if sample.at > after]))
    response.headers["Cache-Control"] = "no-store"
    return response


def _samples() -> Sequence[Sample]:
    history: History = current_app.extensions["history"]
    return history.samples()


def _live(samples: Sequence[Sample]) -> dict[str, Any]:
    cluster: Cluster = current_app.extensions["cluster"]
    stats, shares, at = get_subscription_stats(), cluster.shares(), now()
    workers = [_worker(worker, share, is_this=worker == cluster.own_id) for worker, share in shares.items()]
    totals = {name: sum(worker[name] for worker in workers) for name in NUMBERS}
    totals.update(
        connections=stats["totalConnections"],
        rooms=stats["totalRooms"],
        lagMs=max(worker["lagMs"] for worker in workers),
    )
    return {
        "asOf": f"{at.astimezone(site_zone()):%H:%M:%S}",
        "redis": REDIS_WORDS[redis_state()],
        "totals": totals,
        "rates": rates(samples),
        "workers": workers,
        "feeds": feed_lines(at),
        "races": _races(stats["raceRooms"]),
        "moreRaces": max(0, len(stats["raceRooms"]) - MOST_RACES),
    }


def _worker(worker: str, share: Share, *, is_this: bool) -> dict[str, Any]:
    counts = {name: share.counts.get(name, 0) for name in COUNTS}
    began = datetime.fromtimestamp(share.began, UTC).astimezone(site_zone())
    return {
        "id": worker[:SHORT_ID],
        "isThis": is_this,
        "began": f"{began.day} {began:%b %H:%M}" if share.began else "",
        "release": share.release,
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
