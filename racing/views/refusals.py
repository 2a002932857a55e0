"""Which refusals somebody is to be told of: those that say that somebody was where they do not belong."""

from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy import inspect

from racing.realtime.refused import Refused
from racing.services.sign_ins import SignIn

_STATUSES = {
    401: "unauthorized",
    403: "forbidden",
    413: "too_large",
    414: "too_large",
    415: "unsupported",
    429: "rate_limited",
    431: "too_large",
}
_OF_A_BAD_REQUEST = ("csrf", "bad_host")
_EDGES = (("/api/", "api"), ("/static/", "static"))


def register(app: Flask) -> None:
    """Look at every answer of `app`, whoever refused."""
    app.after_request(_look)


def refused_as(kind: str) -> None:
    """Note the type of the error that this request is answered with."""
    g.refused_as = kind


def _look(response: Response) -> Response:
    kind = g.get("refused_as", _STATUSES.get(response.status_code, ""))
    if response.status_code in _STATUSES or kind in _OF_A_BAD_REQUEST:
        rule = request.url_rule
        refused = cast(Refused, current_app.extensions["refused"])
        refused.request(
            kind, _edge(), rule.rule if rule else "-", request.method, request.remote_addr or "", _user_id()
        )
    return response


def _edge() -> str:
    return next((edge for begin, edge in _EDGES if request.path.startswith(begin)), "page")


def _user_id() -> int | None:
    user: Any = g.get("user")
    if user is None:
        sign_in: SignIn | None = g.get("page_sign_in")
        return None if sign_in is None else sign_in.user_id
    # Not by the column: what a refusal rolled back would be read from the database once more.
    identity = inspect(user).identity
    return None if identity is None else int(identity[0])
