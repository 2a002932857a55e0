"""A forgotten password: a link by mail, once and soon, that tells nobody who has an account."""

import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import create_app
from racing.errors import Unauthorized
from racing.extensions import db
from racing.models import Role, User
from racing.models.columns import now
from racing.services import accounts, resets
from racing.services.wrong_passwords import BY_ACCOUNT, one_try
from tests.factories import a_user, a_user_who_signs_in
from tests.support.kept import nothing_written
from tests.support.mailbox import mailbox
from tests.views.conftest import OwnContextClient
from tests.views.pages import send_form

PASSWORD, NEW, ANN = "going good to firm", "good to soft in places", "ann@example.org"


@pytest.fixture
def ann(app: Flask) -> User:
    """Somebody who has forgotten her password."""
    return a_user_who_signs_in(PASSWORD, Role.STAFF)


def link(user: User) -> str:
    """Return the path of a fresh link."""
    place = urlsplit(resets.link_for(user))
    return f"{place.path}?{place.query}"


def follow(client: FlaskClient, address: str, password: str = NEW) -> TestResponse:
    """Send the form that a link leads to."""
    return send_form(client, address, "/reset", token=address.partition("token=")[2], password=password)


def text_of(answer: TestResponse) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def test_the_answer_tells_nobody_who_has_an_account(ann: User, app: Flask, client: FlaskClient) -> None:
    a_user(Role.PUNTER, "gone@example.org").disabled_at = now()
    db.session.commit()
    app.config["PUBLIC_URL"] = "https://offtime.example"
    with mailbox() as box:
        app.config["SMTP_URL"] = box.url
        names = ("bob", "gone", "ann")
        answers = [send_form(client, "/forgot", "/forgot", email=f"{name}@example.org") for name in names]
        mail, told, _ = box.next()
        (address,) = re.findall(r"^https://offtime\.example(/reset\?token=\S+)\r?$", mail.get_content(), re.MULTILINE)
        assert follow(client, address).status_code == 303
        changed, told_then, _ = box.next()

    assert [answer.status_code for answer in answers] == [200] * 3
    told_bob, told_gone, told_ann = (
        text_of(answer).replace(f"{name}@", "") for answer, name in zip(answers, names, strict=True)
    )
    assert told_bob == told_gone == told_ann
    assert told == told_then == [ANN]
    assert changed["Subject"] == "Your password at Offtime was changed"
    assert box.is_empty


def test_a_link_sets_the_password_once_and_signs_nobody_in(ann: User, client: FlaskClient) -> None:
    for _ in range(BY_ACCOUNT[0].amount):
        with suppress(Unauthorized), one_try(ANN, None):
            raise Unauthorized("wrong")
    address, other = link(ann), link(ann)
    page = client.get(address)
    assert (page.status_code, ANN in page.text) == (200, True)
    secret = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}
    assert {name: page.headers[name] for name in secret} == secret
    with nothing_written():
        weak = follow(client, address, "Password1234")
    assert (weak.status_code, "tried first" in weak.text, "Password1234" in weak.text) == (422, True, False)

    answer = follow(client, address)

    assert (answer.status_code, answer.location) == (303, "/login")
    assert "access_token_cookie" not in str(answer.headers)
    assert "Sign in with the new one." in client.get("/login").text
    db.session.rollback()
    assert db.session.scalars(select(User.token_epoch)).one() == 1
    with nothing_written():
        for used in (address, other):
            assert client.get(used).status_code == 410
            sent = send_form(client, "/forgot", "/reset", token=used.partition("token=")[2], password=PASSWORD)
            assert (sent.status_code, "/forgot" in sent.text) == (410, True)
    assert accounts.sign_in(ANN, NEW).email == ANN  # the lockout has ended, too


@pytest.mark.parametrize("how", ["disabled", "signed out everywhere"])
def test_a_link_dies_with_what_it_was_made_for(how: str, ann: User, client: FlaskClient) -> None:
    address = link(ann)
    if how == "disabled":
        ann.disabled_at = now()
    else:
        ann.token_epoch += 1
    db.session.commit()

    assert client.get(address).status_code == 410


def test_a_link_that_is_old_broken_or_forged_changes_nothing(ann: User, app: Flask, client: FlaskClient) -> None:
    address = link(ann)
    claim = resets._Claim(ann.id, resets._stands(ann))
    forged = URLSafeTimedSerializer("another secret", salt="racing.reset").dumps(claim)
    elsewhere = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="another use").dumps(claim)
    with nothing_written():
        broken = [address[:-1], "/reset", "/reset?token=x.y.z", f"/reset?token={forged}", f"/reset?token={elsewhere}"]
        assert [client.get(each).status_code for each in broken] == [422] * 5
        app.config["RESET_LINK_MINUTES"] = -1
        assert client.get(address).status_code == 410


def test_a_link_of_the_secret_before_still_counts(ann: User, app: Flask, client: FlaskClient) -> None:
    address = link(ann)
    app.config.update(SECRET_KEY="the newest of all secrets", SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])

    assert client.get(address).status_code == 200


def test_links_are_asked_for_only_so_often(ann: User, app: Flask, client: FlaskClient) -> None:
    app.config["RESETS_PER_HOUR"] = 2

    answers = [send_form(client, "/forgot", "/forgot", email=email).status_code for email in ("x", ANN, ANN, ANN)]

    assert answers == [422, 200, 200, 429]


def test_where_no_mail_is_sent_the_page_says_who_can_help(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(
        app_env="production", database_url=sqlite_url, instance_path=tmp_path, secret_key="s" * 32, jwt_secret="j" * 32
    )
    app.test_client_class = OwnContextClient
    answer = app.test_client().get("/forgot")

    assert (answer.status_code, "<form class" in answer.text) == (503, False)
    assert "an operator can give you a new password" in answer.text
