"""The admins' page of the users."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.extensions import db
from racing.models import Role
from racing.services import accounts
from tests.factories import RACE, a_race, a_user
from tests.support.kept import nothing_written
from tests.views.pages import send_form, sign_in

PASSWORD = "going good to firm"
PAGE = "/staff/users"


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    """The client of an admin."""
    sign_in(client, a_user(Role.ADMIN))
    return client


def test_an_admin_makes_a_user_who_signs_in(admin: FlaskClient) -> None:
    made = send_form(admin, PAGE, PAGE, email="ann@example.org", role="staff", password=PASSWORD)

    assert (made.status_code, made.headers["Location"]) == (303, PAGE)
    db.session.rollback()  # this test's own snapshot is older
    assert accounts.sign_in("ann@example.org", PASSWORD).role is Role.STAFF
    listed = admin.get(f"{PAGE}?q=ann&role=staff&state=active").text
    assert "ann@example.org" in listed
    assert "<b>admin@example.org" not in listed


@pytest.mark.parametrize(
    ("wrong", "field", "status"),
    [({"email": "ann"}, "email", 422), ({"password": "short"}, "password", 422),
     ({"password": "Password1234"}, "password", 422), ({"role": "king"}, "role", 422),
     ({"email": "admin@example.org"}, "email", 409)],
)  # fmt: skip
def test_a_user_with_a_mistake_comes_back_without_its_password(
    wrong: dict[str, str], field: str, status: int, admin: FlaskClient
) -> None:
    typed = {"email": "ann@example.org", "role": "feed", "password": PASSWORD, **wrong}
    with nothing_written():
        answer = send_form(admin, PAGE, PAGE, **typed)

    assert answer.status_code == status
    assert f'aria-describedby="wrong-{field}"' in answer.text
    assert f'value="{typed["email"]}"' in answer.text
    assert typed["password"] not in answer.text


def test_a_role_holds_from_the_next_request_on_for_pages_and_tokens(
    app: Flask, admin: FlaskClient, bearer: Callable[..., dict[str, str]]
) -> None:
    a_race()
    token, ann = bearer(Role.STAFF), accounts.by_email("staff600@example.org")
    ann_id, anns = ann.id, app.test_client()
    sign_in(anns, ann)

    def may() -> tuple[int, int]:
        write = admin.post(f"/api/v1/races/{RACE}/enquiry", json={"enquiry": True}, headers=token)
        return anns.get("/staff/").status_code, write.status_code

    assert may() == (200, 200)
    send_form(admin, f"{PAGE}/{ann_id}", f"{PAGE}/{ann_id}/role", role="punter")
    assert may() == (403, 403)
    send_form(admin, f"{PAGE}/{ann_id}", f"{PAGE}/{ann_id}/role", role="feed")
    assert may() == (403, 200)
    send_form(admin, f"{PAGE}/{ann_id}", f"{PAGE}/{ann_id}/way-in", do="disable")
    assert may() == (302, 401)
    send_form(admin, f"{PAGE}/{ann_id}", f"{PAGE}/{ann_id}/way-in", do="enable")
    assert may() == (403, 200)


def test_an_admin_cannot_shut_itself_out(admin: FlaskClient) -> None:
    own = f"{PAGE}/{accounts.by_email('admin@example.org').id}"

    with nothing_written():
        answers = [send_form(admin, PAGE, f"{own}/role", role="staff"), send_form(admin, PAGE, f"{own}/way-in", do="x")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "ask another admin" in answers[0].text
    assert "This is you" in admin.get(own).text
    assert admin.get(f"{PAGE}/4711").status_code == 404


def test_users_are_for_admins_alone(client: FlaskClient) -> None:
    sign_in(client, a_user(Role.STAFF))

    assert [client.get(path).status_code for path in (PAGE, f"{PAGE}/1")] == [403, 403]
    assert PAGE not in client.get("/staff/").text
    with nothing_written():
        assert send_form(client, "/staff/news", f"{PAGE}/1/role", role="admin").status_code == 403
