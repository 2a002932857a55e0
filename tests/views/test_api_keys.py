"""Who writes with an API key, and the page where admins make and revoke them."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from racing.errors import TokenInvalid
from racing.extensions import db
from racing.models import ApiKey, AuditEntry, Role
from racing.services import accounts, api_keys
from racing.views.identity import identity_of
from tests.factories import RACE, a_race, a_user
from tests.support.kept import nothing_written, rows_of
from tests.views.conftest import Call
from tests.views.pages import send_form, sign_in

ODDS = {"odds": [{"runnerId": "1", "price": 3}]}
ARTICLE = {"title": "Rain", "summary": "It eases.", "body": "It rains."}
FEED = "feed@example.org"
Header = Callable[[str], dict[str, str]]
AS_BEARER: Header = lambda secret: {"Authorization": f"Bearer {secret}"}  # noqa: E731
AS_KEY: Header = lambda secret: {"X-API-Key": secret}  # noqa: E731


@pytest.fixture
def secret(app: object) -> str:
    """The secret of a feed's key."""
    a_race()
    a_user(Role.FEED)
    return api_keys.make("Tote", FEED, None).secret


@pytest.mark.parametrize("header", [AS_BEARER, AS_KEY], ids=["bearer", "X-API-Key"])
def test_a_feed_writes_with_its_key_and_the_trail_says_with_which(
    header: Header, secret: str, client: FlaskClient
) -> None:
    answer = client.post(f"/api/v1/races/{RACE}/odds", json=ODDS, headers=header(secret))

    assert answer.get_json() == {"version": 1, "warnings": []}
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    key = db.session.scalars(select(ApiKey)).one()
    assert entry is not None
    assert (entry.source, entry.api_key_id, entry.user_id) == ("api", key.id, key.user_id)
    assert key.last_used_from == "127.0.0.1"


def test_a_router_that_says_no_address_stops_no_writer(secret: str, client: FlaskClient) -> None:
    path, router = f"/api/v1/races/{RACE}/odds", {"REMOTE_ADDR": "x" * 60}

    assert client.post(path, json=ODDS, headers=AS_KEY(secret), environ_base=router).status_code == 200
    assert db.session.scalars(select(ApiKey)).one().last_used_from == "x" * 45


def test_a_key_does_what_its_user_may(secret: str, client: FlaskClient) -> None:
    a_user(Role.STAFF)
    staffs = api_keys.make("Editor", "staff@example.org", None).secret

    assert client.post("/api/v1/news", json=ARTICLE, headers=AS_KEY(secret)).status_code == 403
    assert client.post("/api/v1/news", json=ARTICLE, headers=AS_KEY(staffs)).status_code == 201


@pytest.mark.parametrize("header", [AS_BEARER, AS_KEY], ids=["bearer", "X-API-Key"])
def test_a_key_that_is_none_or_dead_writes_nothing(header: Header, secret: str, client: FlaskClient) -> None:
    def refusal(sent: str) -> tuple[int, str]:
        answer = client.post(f"/api/v1/races/{RACE}/odds", json=ODDS, headers=header(sent))
        return answer.status_code, answer.get_json()["error"]["type"]

    assert refusal(f"{secret}x") == (401, "token_invalid")
    both = client.post(f"/api/v1/races/{RACE}/odds", json=ODDS, headers={**AS_KEY(secret), **AS_BEARER("another")})
    assert both.status_code == 401
    accounts.disable(FEED)
    assert refusal(secret) == (401, "token_invalid")


def test_a_key_is_no_token(secret: str, client: FlaskClient) -> None:
    with nothing_written():
        answers = [
            client.get("/api/v1/notifications", headers=AS_BEARER(secret)),
            client.post("/api/v1/notifications/read", headers=AS_KEY(secret)),
            client.post("/api/v1/auth/refresh", headers=AS_BEARER(secret)),
        ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.get_json()["error"]["type"] for answer in answers} == {"token_invalid"}
    assert all("not an API key" in answer.get_json()["error"]["message"] for answer in answers)
    with pytest.raises(TokenInvalid, match="API key"):
        identity_of(secret)  # what a socket's handshake asks


def test_an_admin_makes_a_key_sees_it_once_and_revokes_it(client: FlaskClient) -> None:
    a_race()
    a_user(Role.FEED)
    sign_in(client, a_user(Role.ADMIN))

    made = send_form(client, "/staff/keys", "/staff/keys", name="Tote", email=FEED)

    shown = re.search(r"data-secret>(offtime_\w{8}_[\w-]+)<", made.text)
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert shown is not None
    assert client.post(f"/api/v1/races/{RACE}/odds", json=ODDS, headers=AS_KEY(shown[1])).status_code == 200
    listed = client.get("/staff/keys").text
    assert shown[1] not in listed
    assert "from 127.0.0.1" in listed

    db.session.rollback()  # this test's own snapshot is older
    key_id = db.session.scalars(select(ApiKey.id)).one()
    send_form(client, "/staff/keys", f"/staff/keys/{key_id}/revoke")

    assert client.post(f"/api/v1/races/{RACE}/odds", json=ODDS, headers=AS_KEY(shown[1])).status_code == 401
    assert "Revoked" in client.get("/staff/keys").text


def test_a_key_with_a_mistake_comes_back_with_all_that_was_typed(client: FlaskClient) -> None:
    a_user(Role.FEED)
    sign_in(client, a_user(Role.ADMIN))

    answer = send_form(client, "/staff/keys", "/staff/keys", name=" ", email=FEED)

    assert (answer.status_code, rows_of(ApiKey)) == (422, 0)
    assert 'aria-describedby="wrong-name"' in answer.text
    assert f"<option selected>{FEED}</option>" in answer.text


@pytest.mark.parametrize("role", [Role.STAFF, Role.FEED, Role.PUNTER])
def test_keys_are_for_admins_alone(role: Role, client: FlaskClient, post: Call) -> None:
    sign_in(client, a_user(role))

    assert client.get("/staff/keys").status_code == 403
    if role is Role.STAFF:
        assert "/staff/keys" not in client.get("/staff/").text
        with nothing_written():
            assert send_form(client, "/staff/news", "/staff/keys", name="a", email=FEED).status_code == 403
