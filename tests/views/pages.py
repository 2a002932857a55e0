"""Pages without a browser: signed in by the cookie, forms sent with the token their page holds."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from racing.models import User
from racing.services import token_pairs

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def sign_in(client: FlaskClient, user: User) -> None:
    """Sign this user in on pages."""
    pair = token_pairs.begin(user, on_pages=True)
    client.set_cookie("access_token_cookie", pair.access)
    client.set_cookie("refresh_token_cookie", str(pair.refresh))


def sign_out(client: FlaskClient) -> None:
    """Let the browser lose what signs it in."""
    client.delete_cookie("access_token_cookie")
    client.delete_cookie("refresh_token_cookie")


def send_form(client: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    """Send a form of `page` as a browser would."""
    token = _TOKEN.search(client.get(page).text)
    assert token is not None, f"no form on {page}"
    return client.post(action, data={"csrf_token": token[1], **fields})
