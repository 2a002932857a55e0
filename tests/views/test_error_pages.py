"""A page that cannot be shown says so in the site's own frame, which leads on, whatever has failed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from racing.extensions import db
from racing.models import Role
from racing.views.declared import for_anyone
from tests.factories import a_user
from tests.views.pages import send_form, sign_in

WAYS_ON = ('href="/"', 'href="/meetings"', 'href="/results"', 'href="/news"', 'href="/search"', 'href="/non-runners"')


@pytest.fixture
def failing(app: Flask, client: FlaskClient) -> FlaskClient:
    """A site with a page that is broken, and one more that finds no table in its database."""
    app.add_url_rule("/broken", "broken", for_anyone(lambda: str(1 / 0)))
    app.add_url_rule("/emptied", "emptied", for_anyone(lambda: str(db.session.execute(text("SELECT * FROM nowhere")))))
    return client


@pytest.mark.parametrize(
    ("path", "status", "title", "sentence"),
    [
        ("/nowhere", 404, "Not found", "There is nothing at this address."),
        ("/races/nowhere", 404, "Not found", "race"),
        ("/news?before=x", 422, "That did not work", "Older news begin before the number of an article"),
        ("/logout", 405, "That did not work", "This address does not take that method."),
        ("/broken", 500, "Something is wrong", "Something went wrong on our side."),
        ("/emptied", 503, "Back soon", "The database does not answer. Please try again."),
    ],
)
def test_a_page_that_cannot_be_shown_says_why_and_keeps_the_frame(
    path: str, status: int, title: str, sentence: str, failing: FlaskClient
) -> None:
    answer = failing.get(path)

    assert answer.status_code == status
    assert f"<title>{title} · Offtime</title>" in answer.text
    assert f'<h1 class="page">{title}</h1>' in answer.text
    assert sentence in answer.text
    assert [way for way in WAYS_ON if way not in answer.text] == []
    assert "18+" in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_too_many_log_ins_are_told_in_the_frame_too(app: Flask, client: FlaskClient) -> None:
    app.config["FAILED_LOGINS_PER_MINUTE"] = 1
    for _ in range(2):
        answer = send_form(client, "/login", "/login", email="ann@example.org", password="not her password")

    assert answer.status_code == 429
    assert '<nav aria-label="Pages">' in answer.text


def test_the_frame_needs_nothing_of_a_database_that_has_failed(client: FlaskClient) -> None:
    sign_in(client, a_user(Role.PUNTER))
    for table in ("races", "users", "user_settings", "notifications", "articles"):
        db.session.execute(text(f"ALTER TABLE {table} RENAME TO {table}_gone"))
    db.session.commit()

    answer = client.get("/")

    assert answer.status_code == 503
    assert [way for way in WAYS_ON if way not in answer.text] == []


def test_what_failed_is_told_to_no_cache_and_has_no_address_of_its_own(failing: FlaskClient) -> None:
    for path in ("/nowhere", "/broken", "/emptied"):
        answer = failing.get(path)
        assert "ETag" not in answer.headers
        assert "max-age" not in answer.headers.get("Cache-Control", "")
        assert 'rel="canonical"' not in answer.text


@pytest.mark.parametrize("path", ["/", "/my", "/settings", "/news", "/nowhere", "/api/v1/races"])
@pytest.mark.parametrize("role", [None, Role.PUNTER])
def test_who_asks_what_an_address_takes_meets_no_error(path: str, role: Role | None, client: FlaskClient) -> None:
    if role:
        sign_in(client, a_user(role))

    answer = client.options(path)

    assert answer.status_code == (404 if path == "/nowhere" else 200)
    assert path == "/nowhere" or "GET" in answer.headers["Allow"]
