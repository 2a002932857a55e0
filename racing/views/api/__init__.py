"""The HTTP API (PROTOCOL, section 4): JSON in, JSON out, tokens in the Authorization header, no cookies."""

from flask import Blueprint

from racing.extensions import csrf
from racing.views.api.limits import state_limit

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(blueprint)  # nobody's browser sends our tokens by itself
blueprint.after_request(state_limit)

# They add their routes to the blueprint.
from racing.views.api import auth, documents, news, notifications, reads, writes  # noqa: E402

__all__ = ["auth", "blueprint", "documents", "news", "notifications", "reads", "writes"]
