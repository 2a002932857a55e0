"""Forgotten passwords: asking for a link by mail, and setting another password with it."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from racing.errors import InvalidInput, RacingError, ResetLinkOver, ResetLinkWrong
from racing.services import accounts, letters, passwords, resets
from racing.views.declared import way_in
from racing.views.hourly_limits import count_this_hour

blueprint = Blueprint("resets", __name__)
UNAVAILABLE = 503


@blueprint.get("/forgot")
@way_in
def forgot() -> Response:
    """Ask for the address; where no mail is sent, say who can help."""
    return _forgot_page()


@blueprint.post("/forgot")
@way_in
def ask() -> Response:
    """Say that a mail is on its way if somebody has that address: the same words, as soon, whether or not."""
    email = request.form.get("email", "")
    if not letters.are_sent():
        return _forgot_page(email)
    try:
        address = accounts.normal_email(email)
    except InvalidInput as error:
        return _forgot_page(email, error.fields, error.status)
    count_this_hour("reset", current_app.config["RESETS_PER_HOUR"])
    resets.ask(address)
    return _forgot_page(email, asked=True)


@blueprint.get("/reset")
@way_in
def reset_page() -> Response:
    """Ask for the new password. Looking at the page spends no link: programs that read mails do it, too."""
    token = request.args.get("token", "")
    try:
        return _reset_page(token, resets.check(token).email)
    except (ResetLinkOver, ResetLinkWrong) as error:
        return _refused(error)


@blueprint.post("/reset")
@way_in
def reset() -> AnyResponse:
    """Set the password, and lead to the log-in page; what is wrong with it comes back beside its field."""
    token = request.form.get("token", "")
    try:
        resets.reset(token, request.form.get("password", ""))
    except InvalidInput as error:
        return _reset_page(token, resets.check(token).email, error.fields, error.status)
    except (ResetLinkOver, ResetLinkWrong) as error:
        return _refused(error)
    flash("Your password is changed, and all sign-ins have ended. Sign in with the new one.")
    return _secret(redirect(url_for("auth.login"), 303))


def _forgot_page(
    email: str = "", wrong: dict[str, Any] | None = None, status: int = 200, *, asked: bool = False
) -> Response:
    if not letters.are_sent():
        status = UNAVAILABLE
    minutes = current_app.config["RESET_LINK_MINUTES"]
    page = render_template(
        "auth/forgot.html",
        email=email[:254], wrong=wrong or {}, asked=asked, minutes=minutes, mail_is_sent=letters.are_sent(),
    )  # fmt: skip
    return make_response(page, status)


def _reset_page(token: str, email: str, wrong: dict[str, Any] | None = None, status: int = 200) -> Response:
    page = render_template("auth/reset.html", token=token, email=email, wrong=wrong or {}, shortest=passwords.SHORTEST)
    return _secret(make_response(page, status))


def _refused(error: RacingError) -> Response:
    return _secret(make_response(render_template("auth/reset_refused.html", why=error.message), error.status))


def _secret(response: Any) -> Any:
    """Let the link be kept by nobody, and told to nobody that the page leads to."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "strict-origin"  # with none at all, Flask-WTF takes no form over TLS
    response.headers["X-Robots-Tag"] = "noindex"
    return response
