"""Answering a write: once, where it comes with an Idempotency-Key."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, jsonify, request

from racing.services.idempotency import Once, answered_once


def answered(change: Callable[[], object], say: Callable[[], dict[str, Any]], *, status: int = 200) -> Response:
    """Make `change`, one transaction of a service, and answer with what `say` says at the end of it.

    Under an Idempotency-Key that this user sent with the same request before, the first answer comes again, marked
    `Idempotency-Replayed: true`, and nothing changes.
    """
    answer = answered_once(_once(), change, say, status)
    response = jsonify(answer.body)
    response.status_code = answer.status
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _once() -> Once | None:
    key = request.headers.get("Idempotency-Key")
    return None if key is None else Once(g.user, key, request.path.encode() + b"\n" + request.get_data())
