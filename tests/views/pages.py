"""Pages without a browser: signed in by the cookie, forms sent with the token their page holds."""

import re

from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from werkzeug.test import TestResponse

from racing.models import User

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def sign_in(client: FlaskClient, user: User) -> None:
    """Sign this user in on pages."""
    client.set_cookie("access_token_cookie", create_access_token(identity=str(user.id)))


def send_form(client: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    """Send a form of `page` as a browser would."""
    token = _TOKEN.search(client.get(page).text)
    assert token is not None, f"no form on {page}"
    return client.post(action, data={"csrf_token": token[1], **fields})
