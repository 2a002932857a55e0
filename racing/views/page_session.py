"""Being signed in on pages: two cookies that scripts cannot read, renewed on the way; forms are bound to them.

The one opens doors for ACCESS_TOKEN_MINUTES, the other is spent for the next two where the first is over (token_pairs).
What a form proves itself with is kept in the tokens themselves: one that is from before signing in, or was planted by
a neighbour of this domain, is not of this sign-in.
"""

import math

from flask import Flask, current_app, g, request, session
from flask_jwt_extended import set_access_cookies, set_refresh_cookies, unset_jwt_cookies
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from racing.errors import TokenExpired, TokenInvalid
from racing.extensions import csrf, db
from racing.models import User
from racing.services import sign_ins, token_pairs
from racing.services.sign_ins import SignIn
from racing.services.token_pairs import TokenPair

_FORM_TOKEN = "csrf_token"  # nosec B105  # Flask-WTF's name for it, in the session and in forms
_NO_PAGES = ("/api/", "/static/")


def register(app: Flask) -> None:
    """Renew before a page is asked for, check each form against the sign-in, draw forms that are bound to it.

    Flask-WTF's own check comes before any other: it is called from here instead.
    """
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.before_request(_meet)
    app.after_request(_set_renewed)
    app.jinja_env.globals[_FORM_TOKEN] = _form_token  # for macros
    app.context_processor(lambda: {_FORM_TOKEN: _form_token})


def current() -> SignIn | None:
    """Return who is signed in on this page, None where nobody is; found out once a request."""
    if "page_sign_in" not in g:
        g.page_sign_in = _counting(_read_access()) or (None if _is_no_page() else _renewed())
    found: SignIn | None = g.page_sign_in
    return found


def of_cookie(token: str | None) -> SignIn | None:
    """Return what a page's access cookie says, None where it is none. Tokens of the API say nothing in a cookie."""
    try:
        found = sign_ins.read(token) if token else None
    except (TokenExpired, TokenInvalid):
        return None
    return found if found is not None and found.csrf is not None else None


def begin(response: Response, user: User) -> None:
    """Let whoever gets `response` be signed in as `user` from now on; whoever it was before, that sign-in ends."""
    if (before := current()) is not None:
        token_pairs.end(before)
    pair = token_pairs.begin(user, on_pages=True)
    _now_is(of_cookie(pair.access))
    _set(response, pair)


def end(response: Response) -> None:
    """End the sign-in of whoever gets `response`, and let it forget that it was signed in."""
    if (before := current()) is not None:
        token_pairs.end(before)
    _now_is(None)
    unset_jwt_cookies(response)  # type: ignore[arg-type]
    _keep_private(response)


def _meet() -> None:
    if _is_no_page():
        return
    # Now, and not in the middle of a page: it is a change, which ends the transaction that the page reads in.
    if _read_access() is None and current_app.config["JWT_REFRESH_COOKIE_NAME"] in request.cookies:
        current()
        db.session.rollback()  # gives the connection back: the page may have to wait for its turn
    config = current_app.config
    if config["WTF_CSRF_ENABLED"] and request.method in config["WTF_CSRF_METHODS"]:
        _bind_forms()
        csrf.protect(apply_exemptions=True)


def _is_no_page() -> bool:
    return request.path.startswith(_NO_PAGES)


def _read_access() -> SignIn | None:
    if "page_access" not in g:
        g.page_access = of_cookie(request.cookies.get(current_app.config["JWT_ACCESS_COOKIE_NAME"]))
    found: SignIn | None = g.page_access
    return found


def _counting(sign_in: SignIn | None) -> SignIn | None:
    try:
        if sign_in is not None:
            g.page_holder = sign_ins.holder(sign_in)  # held: the page asks for it again, and not the database
    except TokenInvalid:
        # An old cookie is no error on a page that all may read: whoever holds it is simply signed out.
        return None
    return sign_in


def _renewed() -> SignIn | None:
    cookie = request.cookies.get(current_app.config["JWT_REFRESH_COOKIE_NAME"])
    if not cookie:
        return None
    try:
        g.renewed_pair = token_pairs.renew_on_page(sign_ins.read(cookie, "refresh"))
    except (TokenExpired, TokenInvalid):
        return None
    return of_cookie(g.renewed_pair.access)


def _now_is(sign_in: SignIn | None) -> None:
    g.pop("renewed_pair", None)
    g.pop(_FORM_TOKEN, None)
    g.page_sign_in = sign_in
    session.pop(_FORM_TOKEN, None)
    _bind_forms()


def _form_token() -> str:
    _bind_forms()
    return str(generate_csrf())


def _bind_forms() -> None:
    """Let Flask-WTF compare forms with the sign-in, whatever the session's own cookie says."""
    sign_in = current()
    if sign_in is not None and session.get(_FORM_TOKEN) != sign_in.csrf:
        session[_FORM_TOKEN] = sign_in.csrf


def _set_renewed(response: Response) -> Response:
    pair: TokenPair | None = g.pop("renewed_pair", None)
    if pair is not None:
        _set(response, pair)
    return response


def _set(response: Response, pair: TokenPair) -> None:
    config = current_app.config
    lives, long = (math.ceil(config[f"JWT_{kind}_TOKEN_EXPIRES"].total_seconds()) for kind in ("ACCESS", "REFRESH"))
    set_access_cookies(response, pair.access, max_age=lives)  # type: ignore[arg-type]
    if pair.refresh is not None:
        set_refresh_cookies(response, pair.refresh, max_age=long)  # type: ignore[arg-type]
    _keep_private(response)


def _keep_private(response: Response) -> None:
    """Let no cache that others share keep what sets somebody's cookies."""
    if "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
