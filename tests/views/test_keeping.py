"""Who may keep an answer: nobody what is the desk's or an account's; what the signed-in read only their own browser."""

from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient

from tests.factories import RACE, a_race, a_user
from tests.views.pages import sign_in

SIGNED_OUT = {
    "/login": "no-store",
    "/register": "no-store",
    "/forgot": "no-store",
    "/reset?token=nonsense": "no-store",
    "/session": "no-store",
    "/account": "no-store",
    "/account/delete": "no-store",
    "/staff/": "no-store",
    "/metrics": "no-store",
    "/my": "private, no-cache",
    f"/races/{RACE}": "no-cache",
    "/static/css/tokens.css": "no-cache",
    "/robots.txt": "public, max-age=3600",
}
OF_STAFF = {
    **SIGNED_OUT,
    f"/staff/races/{RACE}": "no-store",
    "/staff/live.json": "no-store",
    "/staff/users": "no-store",  # 403: it is for admins
    "/notifications": "private, no-cache",
    f"/races/{RACE}": "no-cache, private",
    "/races/nowhere": "private",
}


def kept(client: FlaskClient, addresses: Iterable[str]) -> dict[str, str]:
    return {address: client.get(address).headers.get("Cache-Control", "") for address in addresses}


def test_pages_say_who_may_keep_them(client: FlaskClient) -> None:
    a_race()

    assert kept(client, SIGNED_OUT) == SIGNED_OUT
    sign_in(client, a_user())
    assert kept(client, OF_STAFF) == OF_STAFF


@pytest.mark.parametrize(("method", "path"), [("POST", "auth/login"), ("POST", "auth/refresh"), ("POST", "auth/logout"),
                                              ("GET", "notifications"), ("POST", "news")])  # fmt: skip
def test_what_the_api_tells_the_signed_in_is_kept_by_nobody(
    method: str, path: str, client: FlaskClient, staff: dict[str, str]
) -> None:
    answer = client.open(f"/api/v1/{path}", method=method, json={}, headers=staff)

    assert answer.headers["Cache-Control"] == "no-store"
