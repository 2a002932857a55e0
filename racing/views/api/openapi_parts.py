"""The parts of the OpenAPI document that its routes share: who may, limits, refusals."""

import inspect
from collections import defaultdict
from typing import Any

from racing.access import Access
from racing.services.idempotency import LONGEST_KEY
from racing.views.api.documented import Documented, Refusal

ABOUT = {
    "title": "Offtime",
    "version": "1.0.0",
    "description": "Races, prices and news over HTTP, as JSON. A write is made whole or not at all. Unknown keys "
    "of a body are ignored; ignore those you do not know in an answer. The live side is in /api/v1/asyncapi.json.",
}
SECURITY_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The accessToken of /auth/login (for /auth/refresh the refreshToken). An API key may come here.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A key that an admin made for a feed. It does what its user's role may, in writes only.",
    },
}
_TOKEN: list[dict[str, Any]] = [{"token": []}]
_EITHER: list[dict[str, Any]] = [{"token": []}, {"apiKey": []}]
SECURITY: dict[Access, list[dict[str, Any]]] = {
    Access.ANYONE: [],
    Access.USER: _TOKEN,
    Access.OWN: _TOKEN,
    Access.WRITER: _EITHER,
    Access.STAFF: _EITHER,
}
SPENT = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
_COUNT = {"type": "integer", "minimum": 0}
HEADERS: dict[str, Any] = {
    "X-RateLimit-Limit": {"description": "How many there may be in one span of time.", "schema": _COUNT},
    "X-RateLimit-Remaining": {"description": "How many of these are left.", "schema": _COUNT},
    "X-RateLimit-Reset": {"description": "When the next span begins, in Unix seconds.", "schema": {"type": "number"}},
    "Retry-After": {"description": "Try again after so many seconds.", "schema": _COUNT},
    "Idempotency-Replayed": {
        "description": "The change was made before, under this Idempotency-Key: this is its answer again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "ETag": {"description": "Send it as If-None-Match.", "schema": {"type": "string"}},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A word of yours for this write: sent again in 24 hours it changes nothing and is answered alike.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}


def error_responses(says: Documented, *, has_parameters: bool) -> dict[str, Any]:
    """Return every refusal of a route, by status, each with the words that `type` may be."""
    reasons: defaultdict[int, list[Refusal]] = defaultdict(list)
    for reason in says.refusals(has_parameters=has_parameters):
        reasons[reason.status].append(reason)
    return {str(status): _response(status, found, says) for status, found in reasons.items()}


def _response(status: int, reasons: list[Refusal], says: Documented) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": " ".join(f"`{reason.type}`: {_meaning(reason)}" for reason in reasons),
        "content": {"application/json": {"schema": _one_of({reason.type for reason in reasons})}},
    }
    if status == 429:
        response["headers"] = {name: reference("headers", name) for name in (*SPENT, "Retry-After")}
    return response


def _meaning(reason: Refusal) -> str:
    return " ".join(inspect.cleandoc(reason.__doc__ or "").partition("\n\n")[0].split())


def _one_of(types: set[str]) -> dict[str, Any]:
    return {
        "allOf": [reference("schemas", "Error")],
        "properties": {"error": {"properties": {"type": {"enum": sorted(types)}}}},
    }


def reference(kind: str, name: str) -> dict[str, str]:
    """Return what stands for a part of the document's components."""
    return {"$ref": f"#/components/{kind}/{name}"}
