"""What people are told by mail, in the background: no answer's time tells whether a mail was sent."""

import smtplib
import sys
from collections.abc import Callable
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

import structlog
from flask import Flask, current_app

from racing import mail
from racing.extensions import socketio

log = structlog.get_logger()
TRIES, BETWEEN_TRIES_S = 3, 5
MOST_AT_ONCE = 50
_places = BoundedSemaphore(MOST_AT_ONCE)


def are_sent() -> bool:
    """Tell whether mail reaches anybody: by SMTP_URL; in development without it whoever reads the console."""
    return bool(current_app.config["SMTP_URL"]) or current_app.config["APP_ENV"] == "development"


def site_url() -> str:
    """Return where the links of mails lead, without a slash at its end: never to what a request calls us."""
    told = current_app.config["PUBLIC_URL"].rstrip("/")
    return told or f"http://localhost:{current_app.config['PORT']}"


def later(work: Callable[..., None], *args: Any) -> None:
    """Let `work(*args)`, which sends mail, be done in the background; where too much waits already, it is not."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if not _places.acquire(blocking=False):
        log.error("a mail was not sent", why="too many wait")
        return

    def do() -> None:
        try:
            with app.app_context():
                work(*args)
        except Exception as error:  # noqa: BLE001  # nobody waits for it: it must be told here
            log.error("a mail was not sent", why=type(error).__name__)
        finally:
            _places.release()

    socketio.start_background_task(do)


def reset_link(to: str, link: str) -> None:
    """Send the link with which a password is reset."""
    minutes = current_app.config["RESET_LINK_MINUTES"]
    text = f"""Somebody, you we hope, has forgotten the password of this address at Offtime.

Choose a new one here, within {minutes} minutes:

{link}

If it was not you, do nothing: your password stays as it is.
"""
    _post(to, "A new password at Offtime", text)


def password_changed(to: str, at: datetime) -> None:
    """Tell somebody that its password is another now."""
    text = f"""The password of this address at Offtime was changed, on {at:%d %B %Y at %H:%M} UTC.
All other sign-ins have ended.

If it was not you, take a new one here:

{site_url()}/forgot
"""
    _post(to, "Your password at Offtime was changed", text)


def registered_already(to: str) -> None:
    """Tell somebody that its address was tried to be registered once more."""
    text = f"""Somebody has tried to register with this address at Offtime.
It has an account there already, which stays as it is.

If it was you, sign in, or choose a new password:

{site_url()}/login
{site_url()}/forgot

If it was not you, there is nothing to do.
"""
    _post(to, "You have an account at Offtime already", text)


def _post(to: str, subject: str, text: str) -> None:
    """Send one mail, trying three times; one that cannot be sent leaves a line without address or link in the log."""
    config = current_app.config
    if not config["SMTP_URL"]:
        if are_sent():
            # Not by the log, which would take the link for a secret.
            print(f"\nTo: {to}\nSubject: {subject}\n\n{text}", file=sys.stderr, flush=True)
        return
    made, private = mail.message(config["MAIL_FROM"], to, subject, text), config["APP_ENV"] == "production"
    for tried in range(1, TRIES + 1):
        try:
            mail.hand_over(made, config["SMTP_URL"], must_be_private=private)
            return
        except (smtplib.SMTPException, OSError) as error:
            if tried == TRIES:
                log.error("a mail was not sent", why=type(error).__name__, code=getattr(error, "smtp_code", None))
            else:
                socketio.sleep(BETWEEN_TRIES_S)
