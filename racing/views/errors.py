"""How a refusal is told: JSON under /api/ and at addresses that end in .json, a page elsewhere; never a traceback."""

from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from jwt import PyJWTError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from racing.errors import InvalidInput, LimitReached, RacingError, TokenExpired, TokenInvalid, Unauthorized
from racing.extensions import db, jwt
from racing.views import page_session
from racing.views.addresses import own_path
from racing.views.refusals import refused_as
from racing.views.request_log import told_path
from racing.views.retry_after import say_when

log = structlog.get_logger()
_TYPES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "invalid_payload",
    429: "rate_limited",
    503: "unavailable",
}
_TITLES = {
    401: "Please sign in",
    403: "Not for you",
    404: "Not found",
    409: "Not possible now",
    410: "No longer here",
    429: "Too many",
    503: "Back soon",
}
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "That is too large: 1 MB at most.",
}


def register(app: Flask) -> None:
    """Hook every way a request can fail."""
    app.register_error_handler(RacingError, _racing)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unfit_for_the_database)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(NoConnectionFree, _database)
    app.register_error_handler(Exception, _unexpected)
    # Flask-JWT-Extended answers for itself unless it is given our words.
    jwt.expired_token_loader(lambda _header, _claims: _racing(TokenExpired("The token has expired.")))
    jwt.invalid_token_loader(lambda _why: _racing(TokenInvalid("The token is not valid.")))
    jwt.unauthorized_loader(lambda _why: _racing(Unauthorized("Sign in first: send a token.")))


def _answer(status: int, error: dict[str, object], **ways_on: object) -> tuple[Response | str, int]:
    refused_as(str(error["type"]))
    if request.path.startswith("/api/") or request.path.endswith(".json"):
        return jsonify(error=error), status
    title = _TITLES.get(status, "Something is wrong" if status >= 500 else "That did not work")
    page = render_template("errors/error.html", status=status, title=title, message=error["message"], **ways_on)
    return page, status


def _racing(error: RacingError) -> tuple[Response | str, int]:
    if isinstance(error, LimitReached):
        say_when(error)
    return _answer(error.status, error.as_dict())


def _csrf(_error: CSRFError) -> tuple[Response | str, int]:
    is_nobody = page_session.current() is None
    if is_nobody:
        # Whoever is signed out sends no cookie at all, and looks like a browser that keeps none.
        message = (
            "You are not signed in: you signed out meanwhile, this form is too old, or your browser keeps no cookies. "
            "Nothing was changed."
        )
    else:
        message = "This form is too old, or was not ours; nothing was changed. Go back, reload, and send it again."
    return _answer(400, {"type": "csrf", "message": message}, back=_page_of_form(), is_nobody=is_nobody)


def _page_of_form() -> str:
    """Return the path of the page that this form was on, empty where it is none of ours, or only takes forms."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    path = own_path(f"{page.path}?{page.query}" if page.query else page.path)
    ways = current_app.url_map.bind(request.host)
    return path if page.netloc == request.host and ways.test(page.path, "GET") else ""


def _too_many(error: RateLimitExceeded) -> tuple[Response | str, int]:
    return _answer(429, {"type": "rate_limited", "message": f"Too many requests: at most {error.limit.limit}."})


def _http(error: HTTPException) -> tuple[Response | str, int, dict[str, str]] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    message = _SENTENCES.get(status, error.description or "That did not work.")
    allowed = sorted(error.valid_methods or ()) if isinstance(error, MethodNotAllowed) else []
    answer = _answer(status, {"type": _TYPES.get(status, "server_error"), "message": message})
    return *answer, {"Allow": ", ".join(allowed)} if allowed else {}


def _unfit_for_the_database(_error: DataError) -> tuple[Response | str, int]:
    # PostgreSQL holds no NUL in a text, not even to compare with: `%00` in an address ends here.
    db.session.rollback()
    return _racing(InvalidInput("The request holds a character or a number that cannot be kept."))


def _database(error: OperationalError | NoConnectionFree) -> tuple[Response | str, int]:
    db.session.rollback()
    log.error("the database did not answer", path=told_path(request.path), exc_info=error)
    return _answer(503, {"type": "unavailable", "message": "The database does not answer. Please try again."})


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    if isinstance(error, JWTExtendedException | PyJWTError):
        return _racing(TokenInvalid("The token is not valid."))
    db.session.rollback()
    log.error("unexpected error", path=told_path(request.path), exc_info=error)
    return _answer(500, {"type": "server_error", "message": "Something went wrong on our side."})
