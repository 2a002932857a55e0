"""Being signed in on pages for as long as one comes back: renewed on the way, ended as one, forms bound to it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update
from werkzeug.test import TestResponse

from racing.extensions import db
from racing.models import RevokedToken, Role, User
from racing.models.columns import now
from racing.services import accounts, sign_ins, token_pairs
from racing.services.transactions import one_change
from tests.factories import RACE, a_race, a_user
from tests.views.pages import send_form, sign_in

ACCESS, REFRESH = "access_token_cookie", "refresh_token_cookie"
PASSWORD = "going good to firm"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def ann(client: FlaskClient) -> User:
    user = a_user(Role.PUNTER, "ann@example.org")
    sign_in(client, user)
    return user


def cookie(client: FlaskClient, name: str) -> str:
    found = client.get_cookie(name)
    return "" if found is None else found.value


def let_it_run_out(client: FlaskClient) -> None:
    client.delete_cookie(ACCESS)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def set_by(answer: TestResponse) -> dict[str, str]:
    return {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def grow_old(seconds: int) -> None:
    """Let all that was spent have been spent so much earlier."""
    with one_change():
        db.session.execute(update(RevokedToken).values(revoked_at=now() - timedelta(seconds=seconds)))


def test_whoever_comes_back_later_is_still_signed_in_with_new_cookies(client: FlaskClient, ann: User) -> None:
    spent = cookie(client, REFRESH)
    let_it_run_out(client)

    answer = client.get("/account")

    assert (answer.status_code, "ann@example.org" in answer.text) == (200, True)
    assert cookie(client, ACCESS)
    assert cookie(client, REFRESH) not in ("", spent)
    for name in (ACCESS, REFRESH):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(set_by(answer)[name].split("; "))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]
    assert set_by(client.get("/account")) == {}


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("HEAD", "/account", 200)])
def test_any_page_renews_also_one_that_is_not_there(
    client: FlaskClient, ann: User, method: str, path: str, status: int
) -> None:
    let_it_run_out(client)

    answer = client.open(path, method=method)

    assert (answer.status_code, {ACCESS, REFRESH} <= set_by(answer).keys()) == (status, True)


@pytest.mark.parametrize("path", ["/api/v1/races", "/api/v1/notifications", "/static/css/tokens.css"])
def test_the_api_and_what_never_changes_renew_nothing(client: FlaskClient, ann: User, path: str) -> None:
    let_it_run_out(client)

    assert set_by(client.get(path)) == {}


def test_a_form_that_was_open_for_long_is_not_lost(client: FlaskClient) -> None:
    a_race()
    sign_in(client, a_user(Role.STAFF))
    page = client.get(f"/staff/races/{RACE}").text
    token = _TOKEN.search(page)
    assert token is not None
    let_it_run_out(client)
    client.delete_cookie("session")  # the browser was closed in between, and shows its tabs again

    answer = client.post(f"/staff/races/{RACE}/status", data={"csrf_token": token[1], "status": "PARADING"})

    assert answer.status_code == 303, answer.text
    assert not (answer.location or "").startswith("/login")


def test_what_a_browser_asks_at_once_with_one_token_gets_one_and_the_same_next_one(
    client: FlaskClient, ann: User
) -> None:
    spent, following = cookie(client, REFRESH), []
    for _ in range(2):
        let_it_run_out(client)
        client.set_cookie(REFRESH, spent)
        assert is_signed_in(client)
        following.append(sign_ins.read(cookie(client, REFRESH), "refresh").jti)
    assert following[0] == following[1]

    let_it_run_out(client)
    assert is_signed_in(client)  # the next one is spent
    newest = cookie(client, REFRESH)
    let_it_run_out(client)
    client.set_cookie(REFRESH, spent)
    late = client.get("/account")
    assert (late.status_code, REFRESH in set_by(late)) == (200, False)
    assert newest != spent


def test_a_refresh_cookie_that_comes_back_later_was_stolen_and_ends_the_sign_in(client: FlaskClient, ann: User) -> None:
    stolen = cookie(client, REFRESH)
    let_it_run_out(client)
    assert is_signed_in(client)
    grow_old(61)

    thief = client.application.test_client()
    thief.set_cookie(REFRESH, stolen)

    assert not is_signed_in(thief)
    assert not is_signed_in(client)
    let_it_run_out(client)
    assert not is_signed_in(client)


def test_signing_out_ends_all_of_the_sign_in_and_forgets_it(client: FlaskClient, ann: User) -> None:
    kept = {name: cookie(client, name) for name in (ACCESS, REFRESH)}

    assert send_form(client, "/account", "/logout").status_code == 303

    assert [cookie(client, name) for name in kept] == ["", ""]
    for name, value in kept.items():
        client.set_cookie(name, value)
    assert not is_signed_in(client)
    assert client.get("/session").status_code == 401


def test_signing_in_ends_the_sign_in_that_the_browser_had(client: FlaskClient) -> None:
    accounts.create_user("bob@example.org", PASSWORD)
    fields = {"email": "bob@example.org", "password": PASSWORD}
    form = _TOKEN.search(client.get("/login").text)
    assert form is not None
    sign_in(client, a_user(Role.PUNTER, "ann@example.org"))
    before = cookie(client, ACCESS)
    refused = client.post("/login", data={"csrf_token": form[1], **fields})
    assert (refused.status_code, "too old" in refused.text) == (400, True)  # of before the sign-in

    bound = _TOKEN.search(client.get("/account").text)
    assert bound is not None
    let_it_run_out(client)
    assert client.post("/login", data={"csrf_token": bound[1], **fields}).status_code == 303

    assert "bob@example.org" in client.get("/account").text
    client.delete_cookie(REFRESH)
    client.set_cookie(ACCESS, before)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("form_is_on", "onward"),
    [
        ("http://localhost/my?page=2", "/my?page=2"),
        ("http://localhost/account/password", ""),
        ("http://evil.test/my", ""),
        ("http://localhost//evil.test", ""),
        ("http://[", ""),
    ],
)
def test_whoever_signed_out_in_another_tab_is_told_so_and_led_back(
    form_is_on: str, onward: str, client: FlaskClient, ann: User
) -> None:
    form = _TOKEN.search(client.get("/my").text)
    assert form is not None
    send_form(client, "/account", "/logout")
    client.get("/")  # says so, and then no cookie is left

    told = client.post("/settings", data={"csrf_token": form[1]}, headers={"Referer": form_is_on})

    assert (told.status_code, "You are not signed in" in told.text) == (400, True)
    back = re.search(r'href="([^"]+)">Back to the page', told.text)
    assert (back[1] if back else "", "evil" in told.text) == (onward, False)
    assert ('href="/login?next=/my' in told.text) == bool(onward)


def test_a_form_that_was_drawn_before_a_new_secret_took_over_is_not_lost(client: FlaskClient, ann: User) -> None:
    form = _TOKEN.search(client.get("/account").text)
    assert form is not None
    config, new = client.application.config, "a secret that is newer than the form"
    old = config["SECRET_KEY"]
    config.update(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old], WTF_CSRF_SECRET_KEY=[old, new])

    assert client.post("/logout", data={"csrf_token": form[1]}).status_code == 303


def test_a_form_with_a_cookie_that_a_neighbour_planted_is_refused(client: FlaskClient, ann: User) -> None:
    attacker = client.application.test_client()
    planted = _TOKEN.search(attacker.get("/login").text)
    session = attacker.get_cookie("session")
    assert planted is not None
    assert session is not None
    client.set_cookie("session", session.value)

    answer = client.post("/logout", data={"csrf_token": planted[1]})

    assert (answer.status_code, is_signed_in(client)) == (400, True)
    assert send_form(client, "/account", "/logout").status_code == 303


def test_a_cookie_opens_nothing_of_the_api_and_a_token_of_the_api_no_page(client: FlaskClient, ann: User) -> None:
    assert client.get("/api/v1/notifications").status_code == 401
    assert client.post(f"/api/v1/races/{RACE}/odds", json={"odds": []}).status_code == 401
    assert client.post("/api/v1/auth/refresh").status_code == 401
    with_pages_token = {"Authorization": f"Bearer {cookie(client, REFRESH)}"}
    assert client.post("/api/v1/auth/refresh", headers=with_pages_token).status_code == 401
    assert is_signed_in(client)

    pair = token_pairs.begin(ann)
    client.set_cookie(ACCESS, pair.access)
    client.set_cookie(REFRESH, str(pair.refresh))
    assert not is_signed_in(client)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_asks_once_a_second_at_most_whether_its_sign_in_was_taken_back(
    client: FlaskClient, ann: User, statements: list[str]
) -> None:
    client.get("/account")
    statements.clear()

    client.get("/account")

    assert statements
    assert [each for each in statements if "revoked_tokens" in each] == []


def test_a_page_left_open_asks_for_new_cookies(client: FlaskClient, ann: User) -> None:
    assert set_by(client.get("/session")) == {}
    let_it_run_out(client)

    answer = client.get("/session")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (204, "no-store")
    assert {ACCESS, REFRESH} <= set_by(answer).keys()
