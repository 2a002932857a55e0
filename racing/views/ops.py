"""What operators look at: health and metrics."""

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis import Redis, RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from racing.extensions import db, limiter

blueprint = Blueprint("ops", __name__)
REDIS_TIMEOUT_S = 0.5


@blueprint.get("/health")
@limiter.exempt
def health() -> tuple[Response, int]:
    """Return what works: 503 without the database, `degraded` while a configured Redis is away."""
    database, redis = _database(), _redis()
    status = "error" if database != "ok" else "degraded" if redis == "error" else "ok"
    connections, publisher = current_app.extensions["connections"], current_app.extensions["publisher"]
    websocket = {"connected": connections.count(), "rooms": len(publisher.races())}
    services = {"database": database, "redis": redis, "websocket": websocket}
    return jsonify(status=status, services=services), 200 if database == "ok" else 503


@blueprint.get("/metrics")
@limiter.exempt
def metrics() -> Response:
    """Return the counters as Prometheus text."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return "error"
    return "ok"


def _redis() -> str:
    url = current_app.config["REDIS_URL"]
    if not url:
        return "not configured"
    try:
        with Redis.from_url(url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S) as redis:
            redis.ping()
    except RedisError:
        return "error"
    return "ok"
