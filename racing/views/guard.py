"""Stands before every view: whom it is for is declared beside it; who asks is let through, or is not.

A view that declares nothing is for nobody, and an application that has one does not start.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from racing.access import decide
from racing.errors import Forbidden, Unauthorized
from racing.extensions import limiter
from racing.models import User
from racing.views.declared import Declared, Keeping, Onward, declared, the_same_for_anyone

log = structlog.get_logger()


class Undeclared(Exception):
    """A view does not say whom it is for."""


def register(app: Flask) -> None:
    """Ask before each view, and state on each answer who may keep it."""
    app.before_request(let_in)
    app.after_request(_state_keeping)


def refuse_undeclared(app: Flask) -> None:
    """Raise Undeclared where a view of the application does not say whom it is for."""
    silent = sorted(endpoint for endpoint, view in app.view_functions.items() if declared(view) is None)
    if silent:
        raise Undeclared(f"Say whom these views are for (racing/views/declared.py): {', '.join(silent)}.")


def let_in() -> AnyResponse | None:
    """Let whoever the view is for through, as `g.user`; send the signed-out to sign in where it is a page.

    Raises Unauthorized, TokenInvalid or TokenExpired where nobody is signed in, Forbidden where it is for others.
    """
    rule = request.url_rule
    if rule is None or (request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False)):
        return None  # there is no view, or it is not asked
    says = declared(current_app.view_functions[rule.endpoint])
    if says is None:
        log.error("a view does not say whom it is for", endpoint=rule.endpoint)
        raise Forbidden("This is for nobody.")
    g.declared = says
    user = says.asks()
    try:
        decide(None if user is None else user.role, says.access)
    except Unauthorized:
        if says.onward is None:
            raise
        return redirect(url_for("auth.login", **_after_signing_in(says.onward)))
    if user is not None:
        g.user = user
        _count(user, says)
    return None


def _after_signing_in(onward: Onward) -> Mapping[str, Any]:
    if request.method == "GET":
        return {"next": request.full_path.rstrip("?")}
    return {"next": url_for(onward)} if isinstance(onward, str) else onward()


def _count(user: User, says: Declared) -> None:
    """Count a write against its user's limit. Raises RateLimitExceeded."""
    if says.is_limited:
        limit = f"{current_app.config['WRITES_PER_SECOND']}/second"
        with limiter.limit(limit, key_func=lambda: f"user:{user.id}", scope="writes"):
            pass


def _state_keeping(response: Response) -> Response:
    says: Declared = g.get("declared", the_same_for_anyone)  # nobody has said anything: there is no such address
    kept = response.cache_control
    if says.keeping is Keeping.NOBODY:
        response.headers["Cache-Control"] = "no-store"
    elif says.keeping is Keeping.ITS_READER and not (kept.public or kept.no_store or kept.private) and _is_somebodys():
        kept.private = True
    return response


def _is_somebodys() -> bool:
    # Not whether it still lets somebody in: that would ask the database once more, and an old cookie is rare.
    names = current_app.config["JWT_ACCESS_COOKIE_NAME"], current_app.config["JWT_REFRESH_COOKIE_NAME"]
    return any(name in request.cookies for name in names)
