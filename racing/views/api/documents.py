"""The interface, described for machines."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, jsonify

from racing.realtime import asyncapi
from racing.views.api import blueprint, openapi
from racing.views.api.documented import documented
from racing.views.declared import for_anyone
from racing.views.site_address import site_address


@blueprint.get("/asyncapi.json")
@documented(dict[str, Any])
@for_anyone
def show_asyncapi() -> Response:
    """Return the AsyncAPI document of the Socket.IO side."""
    scheme, host = urlsplit(site_address())[:2]
    return jsonify(asyncapi.document(host, is_secure=scheme == "https"))


@blueprint.get("/openapi.json")
@documented(dict[str, Any])
@for_anyone
def show_openapi() -> Response:
    """Return the OpenAPI document of the HTTP side: this one."""
    return jsonify(openapi.document(current_app._get_current_object()))  # type: ignore[attr-defined]
