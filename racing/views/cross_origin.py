"""Whose pages may read the API from another site: those of FRONTEND_URL, with tokens, without our cookies."""

import re
from collections.abc import Collection

from flask import Flask, Response, request
from flask_cors import CORS

API = "/api/v1/"
ASKED_AGAIN_S = 600
_MAY_SEND = ("Authorization", "Content-Type", "Idempotency-Key", "X-API-Key", "If-None-Match")
_MAY_READ = (
    "ETag", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After", "X-Request-ID",
    "Idempotency-Replayed",
)  # fmt: skip


def register(app: Flask, origins: Collection[str]) -> None:
    """Let pages of these origins, and of no other, read the API."""
    if not origins:
        return
    CORS(
        app,
        resources=f"{API}.*",
        # As expressions of our own: the library would take an IPv6 address for one.
        origins=[re.compile(rf"{re.escape(origin)}\Z") for origin in origins],
        methods=["GET", "HEAD", "POST"],
        allow_headers=list(_MAY_SEND),
        expose_headers=list(_MAY_READ),
        max_age=ASKED_AGAIN_S,
        always_send=False,
        vary_header=False,
    )
    app.after_request(_differ_by_origin)


def _differ_by_origin(response: Response) -> Response:
    # Also where nobody named an origin: a cache that keeps this answer must not give it to who does.
    if request.path.startswith(API):
        response.vary.add("Origin")
    return response
