"""What operators look at: health and metrics."""

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import racing.metrics
from racing.extensions import db, limiter
from racing.realtime.cluster import get_subscription_stats
from racing.views.declared import for_anyone, for_operators

blueprint = Blueprint("ops", __name__)
ANSWERS_WITHIN_S = 2.0


@blueprint.get("/health")
@limiter.exempt
@for_anyone
def health() -> tuple[Response, int]:
    """Return what works: 503 without the database, `degraded` while a configured Redis is away."""
    database, redis = _database(), redis_state()
    status = "error" if database != "ok" else "degraded" if redis == "error" else "ok"
    stats = get_subscription_stats()
    websocket = {"connected": stats["totalConnections"], "rooms": stats["totalRooms"]}
    services = {"database": database, "redis": redis, "websocket": websocket}
    return jsonify(status=status, services=services), 200 if database == "ok" else 503


@blueprint.get("/metrics")
@limiter.exempt
@for_operators
def metrics() -> Response:
    """Return the counters as Prometheus text."""
    transports = current_app.extensions["transports"]
    racing.metrics.TRANSPORT.labels(transports.kind, transports.send_loop).set(1)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        current_app.config["BOUNDED"](lambda: db.session.execute(text("SELECT 1")), ANSWERS_WITHIN_S)
    except SQLAlchemyError:
        db.session.rollback()
        return "error"
    except TimeoutError:
        db.session().invalidate()  # a rollback would wait as long
        return "error"
    return "ok"


def redis_state() -> str:
    """Return "ok", "error" or "not configured"."""
    # What the link has seen lately: asking now would keep the caller waiting where Redis hangs.
    link = current_app.extensions["link"]
    if link is None:
        return "not configured"
    return "ok" if link.is_up else "error"
