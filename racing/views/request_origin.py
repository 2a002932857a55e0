"""Where a request's changes come from, for the audit trail."""

from flask import Flask, request

from racing.services import audit
from racing.services.audit import Origin


def register(app: Flask) -> None:
    """Note it before each request, and forget it after."""
    app.before_request(_note)
    app.teardown_request(_forget)


def _note() -> None:
    source = "api" if request.path.startswith("/api/") else "form"
    audit.comes_from(Origin(source, request.remote_addr))


def _forget(_error: BaseException | None) -> None:
    audit.comes_from()
