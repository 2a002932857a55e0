"""The interface, described for machines."""

from flask import Response, jsonify

from racing.realtime import asyncapi
from racing.views.api import blueprint


@blueprint.get("/asyncapi.json")
def show_asyncapi() -> Response:
    """Return the AsyncAPI document of the Socket.IO side."""
    return jsonify(asyncapi.document())
