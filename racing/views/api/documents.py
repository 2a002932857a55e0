"""The interface, described for machines."""

from typing import Any

from flask import Response, current_app, jsonify, request

from racing.realtime import asyncapi
from racing.views.api import blueprint, openapi
from racing.views.api.documented import documented
from racing.views.declared import for_anyone


@blueprint.get("/asyncapi.json")
@documented(dict[str, Any])
@for_anyone
def show_asyncapi() -> Response:
    """Return the AsyncAPI document of the Socket.IO side."""
    return jsonify(asyncapi.document(request.host, is_secure=request.is_secure))


@blueprint.get("/openapi.json")
@documented(dict[str, Any])
@for_anyone
def show_openapi() -> Response:
    """Return the OpenAPI document of the HTTP side: this one."""
    return jsonify(openapi.document(current_app._get_current_object()))  # type: ignore[attr-defined]
