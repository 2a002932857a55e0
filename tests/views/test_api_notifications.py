"""Notifications through the API: told by staff, read by whom they are for."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token

from racing.models import Role
from racing.services import accounts, notifications
from tests.factories import a_notification, a_user
from tests.support.kept import nothing_written
from tests.views.conftest import Call

TOLD: dict[str, Any] = {"email": "ann@example.org", "kind": "account.limit", "title": "Limit", "body": "It is 200."}
Header = dict[str, str]


@pytest.fixture
def ann(app: object) -> int:
    """The id of a punter."""
    return int(a_user(Role.PUNTER, "ann@example.org").id)


@pytest.fixture
def anns(ann: int) -> Header:
    """Her token."""
    return {"Authorization": f"Bearer {create_access_token(identity=str(ann))}"}


def test_staff_tell_a_user_by_address_or_by_id(ann: int, post: Call) -> None:
    by_id = {key: value for key, value in TOLD.items() if key != "email"}

    answers = [post("/notifications", body) for body in (
        {**TOLD, "url": "/races/wexmoor-1405"}, {**by_id, "userId": ann}, {**by_id, "userId": str(ann)},
    )]  # fmt: skip

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    first, *_ = notifications.unread_after(ann, 0, 10)
    assert answers[0].get_json() == {**first, "userId": ann}
    assert (first["url"], first["title"]) == ("/races/wexmoor-1405", "Limit")
    assert answers[1].get_json()["url"] is None


@pytest.mark.parametrize("role", [Role.FEED, Role.PUNTER])
def test_only_staff_tell_users_something(
    role: Role, ann: int, client: FlaskClient, bearer: Callable[..., Header]
) -> None:
    header = bearer(role)
    with nothing_written():
        assert client.post("/api/v1/notifications", json=TOLD, headers=header).status_code == 403
        assert client.post("/api/v1/notifications", json=TOLD).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"email": "nobody@example.org"}, "email"), ({"email": ""}, "email"), ({"email": None}, "body"),
     ({"userId": 1}, "body"), ({"email": None, "userId": 4711}, "userId"),
     ({"email": None, "userId": "4711"}, "userId"),
     ({"email": None, "userId": 2**63}, "userId"), ({"email": None, "userId": True}, "userId"),
     ({"email": None, "userId": "ann"}, "userId"), ({"email": None, "userId": 1.5}, "userId"),
     ({"kind": ""}, "kind"), ({"kind": "9x"}, "kind"), ({"kind": "k" * 41}, "kind"), ({"kind": "a b"}, "kind"),
     ({"title": " "}, "title"), ({"title": "t" * 151}, "title"), ({"body": ""}, "body"), ({"body": "b" * 1001}, "body"),
     ({"url": ""}, "url"), ({"url": "races/1"}, "url"), ({"url": "//evil.test/"}, "url"),
     ({"url": "/\\evil.test"}, "url"),
     ({"url": "http://plain.test/"}, "url"), ({"url": "javascript:alert(1)"}, "url"), ({"url": "https://"}, "url"),
     ({"url": "https:///path"}, "url"), ({"url": "https://a b.test/"}, "url"), ({"url": "/" + "x" * 500}, "url")],
    ids=str,
)  # fmt: skip
def test_a_notification_with_a_mistake_tells_nobody(wrong: dict[str, Any], field: str, ann: int, post: Call) -> None:
    with nothing_written():
        answer = post("/notifications", {**TOLD, **wrong})

    error = answer.get_json()["error"]
    assert (answer.status_code, error["type"], list(error["fields"])) == (422, "invalid_payload", [field])


@pytest.mark.parametrize(
    "url", ["/", "/races/wexmoor-1405?order=card", "https://example.org", "https://example.org/a?b#c"]
)
def test_a_notification_leads_to_our_own_pages_or_to_an_https_address(url: str, ann: int, post: Call) -> None:
    assert post("/notifications", {**TOLD, "url": url}).get_json()["url"] == url


def test_a_disabled_user_is_told_nothing(ann: int, post: Call) -> None:
    accounts.disable("ann@example.org")

    with nothing_written():
        answer = post("/notifications", TOLD)

    assert answer.status_code == 422
    assert "no user" in answer.get_json()["error"]["message"]


def test_a_user_reads_its_own_and_marks_them(ann: int, anns: Header, client: FlaskClient) -> None:
    user = accounts.by_email("ann@example.org")
    first, second = a_notification(user).id, a_notification(user).id
    a_notification(a_user(Role.PUNTER, "bob@example.org"))

    listed = client.get("/api/v1/notifications", headers=anns).get_json()
    assert ([told["id"] for told in listed["notifications"]], listed["unread"]) == ([first, second], 2)

    assert client.post(f"/api/v1/notifications/{first}/read", headers=anns).get_json() == {"unread": 1}
    listed = client.get("/api/v1/notifications", headers=anns).get_json()
    assert ([told["id"] for told in listed["notifications"]], listed["unread"]) == ([second], 1)

    assert client.post("/api/v1/notifications/read", headers=anns).get_json() == {"unread": 0}
    assert client.get("/api/v1/notifications", headers=anns).get_json() == {"notifications": [], "unread": 0}


def test_the_list_is_bounded_and_the_count_is_not(ann: int, anns: Header, client: FlaskClient) -> None:
    user = accounts.by_email("ann@example.org")
    for _ in range(101):
        a_notification(user)

    listed = client.get("/api/v1/notifications", headers=anns).get_json()

    assert (len(listed["notifications"]), listed["unread"]) == (100, 101)


def test_another_user_s_notification_cannot_be_marked(anns: Header, client: FlaskClient) -> None:
    bobs = a_notification(a_user(Role.PUNTER, "bob@example.org")).id

    with nothing_written():
        answers = [client.post(f"/api/v1/notifications/{each}/read", headers=anns) for each in (bobs, 4711, 2**31, "x")]

    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].get_json()["error"]["message"] == answers[1].get_json()["error"]["message"]


def test_nobody_reads_without_a_token(client: FlaskClient) -> None:
    assert client.get("/api/v1/notifications").status_code == 401
    assert client.post("/api/v1/notifications/read").status_code == 401
    assert client.post("/api/v1/notifications/1/read").status_code == 401
