"""Where a request's changes come from, for the audit trail.

The address is the client's own, as the routers in front say it (routers.py).
"""

from flask import Flask, request

from racing.services import audit
from racing.services.audit import Origin

_LONGEST_ADDRESS = 45


def register(app: Flask) -> None:
    """Note it before each request, and forget it after."""
    app.before_request(_note)
    app.teardown_request(_forget)


def _note() -> None:
    source = "api" if request.path.startswith("/api/") else "form"
    # A router that says something else than an address must not make a change fail.
    audit.comes_from(Origin(source, (request.remote_addr or "")[:_LONGEST_ADDRESS] or None))


def _forget(_error: BaseException | None) -> None:
    audit.comes_from()
