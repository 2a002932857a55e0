"""Tokens that somebody made, copied, kept for too long, or had before everything was signed out."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from racing import metrics
from racing.extensions import db
from racing.models import Role, User
from racing.realtime import identities
from racing.services import revocations, sign_ins, token_pairs
from racing.services.sign_ins import SignIn
from tests.factories import a_user

SECRET = "the newest secret of the house, which nobody knows"
OLDER = "the secret before that one, which soon nobody needs"


@pytest.fixture
def ann(app: Flask) -> User:
    app.config["JWT_SECRETS"] = [SECRET, OLDER]
    return a_user(Role.PUNTER, "ann@example.org")


def claims_of(user: User, **more: Any) -> dict[str, Any]:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    return {"sub": str(user.id), "type": "access", "exp": soon, "jti": "stock", **more}


def status(client: FlaskClient, token: str) -> tuple[int, str]:
    answer = client.get("/api/v1/notifications", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, (answer.get_json() or {}).get("error", {}).get("type", "")


def refresh(client: FlaskClient, token: str | None) -> Any:
    return client.post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("secret", [SECRET, OLDER])
def test_a_token_that_names_no_key_is_tried_on_each_of_ours(client: FlaskClient, ann: User, secret: str) -> None:
    assert status(client, jwt.encode(claims_of(ann), secret, "HS256"))[0] == 200


def test_a_new_secret_takes_over_and_the_old_one_counts_until_it_is_taken_out(
    app: Flask, client: FlaskClient, ann: User
) -> None:
    app.config["JWT_SECRETS"] = [OLDER]
    before = token_pairs.begin(ann).access
    app.config["JWT_SECRETS"] = [SECRET, OLDER]
    after = token_pairs.begin(ann).access

    assert [status(client, token)[0] for token in (before, after)] == [200, 200]
    assert jwt.decode(after, SECRET, algorithms=["HS256"])["sub"] == str(ann.id)
    app.config["JWT_SECRETS"] = [SECRET]
    assert [status(client, token) for token in (before, after)] == [(401, "token_invalid"), (200, "")]


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_only_our_algorithm_our_keys_and_what_we_signed_count(client: FlaskClient, ann: User) -> None:
    ours = token_pairs.begin(ann).access
    header, payload, signature = ours.split(".")
    kid = jwt.get_unverified_header(ours)["kid"]

    def part(of: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(of).encode()).decode().rstrip("=")

    forged = {
        "alg none": jwt.encode(claims_of(ann), None, "none"),
        "alg none with our key's name": f"{part({'alg': 'none', 'kid': kid})}.{payload}.",
        "no signature": f"{header}.{payload}.",
        "another algorithm, our key": jwt.encode(claims_of(ann), SECRET, "HS384", headers={"kid": kid}),
        "the header changed": f"{part({'alg': 'RS256', 'kid': kid})}.{payload}.{signature}",
        "the key's name changed": f"{part({'alg': 'HS256', 'kid': 'other'})}.{payload}.{signature}",
        "the claims changed": f"{header}.{part({**claims_of(ann), 'exp': 4e9, 'sub': '1'})}.{signature}",
        "a key of somebody else": jwt.encode(claims_of(ann), "guessed " * 8, "HS256"),
        "the key's name as the key": jwt.encode(claims_of(ann), kid, "HS256", headers={"kid": kid}),
        "an unknown key": jwt.encode(claims_of(ann), SECRET, "HS256", headers={"kid": "../../etc/passwd"}),
        "for ever": jwt.encode({"sub": str(ann.id), "type": "access", "jti": "stock"}, SECRET, "HS256"),
        "of nobody that there could be": jwt.encode(claims_of(ann, sub="9" * 30), SECRET, "HS256"),
        "nobody's": jwt.encode(claims_of(ann, sub="nobody"), SECRET, "HS256"),
    }

    answers = {name: status(client, token) for name, token in forged.items()}

    assert answers == dict.fromkeys(forged, (401, "token_invalid"))


def test_tokens_are_renewed_only_as_often_as_a_user_may_write(client: FlaskClient, ann: User) -> None:
    spent_by_none = str(token_pairs.begin(ann).refresh)
    most = client.application.config["WRITES_PER_SECOND"]

    client.application.config["WRITES_PER_SECOND"] = 0
    refused = refresh(client, spent_by_none)
    client.application.config["WRITES_PER_SECOND"] = most

    assert (refused.status_code, refused.get_json()["error"]["type"]) == (429, "rate_limited")
    assert refresh(client, spent_by_none).status_code == 200


def test_a_refresh_token_that_comes_twice_ends_the_sign_in_of_thief_and_owner(client: FlaskClient, ann: User) -> None:
    pair, elsewhere = token_pairs.begin(ann), token_pairs.begin(ann)
    stolen = pair.refresh
    owner = refresh(client, stolen).get_json()
    assert status(client, owner["accessToken"])[0] == 200
    counted = metrics.total(metrics.REUSED_REFRESH_TOKENS)

    with capture_logs() as logs:
        thief = refresh(client, stolen)

    assert (thief.status_code, thief.get_json()["error"]["type"]) == (401, "token_invalid")
    assert "sign in again" in thief.get_json()["error"]["message"]
    assert refresh(client, owner["refreshToken"]).status_code == 401
    assert [status(client, token)[0] for token in (pair.access, owner["accessToken"])] == [401, 401]
    assert status(client, elsewhere.access)[0] == 200
    assert metrics.total(metrics.REUSED_REFRESH_TOKENS) == counted + 1
    assert [line["log_level"] for line in logs if "came twice" in line["event"]] == ["warning"]
    assert "ann@" not in str(logs)


def test_a_new_epoch_voids_all_tokens_of_those_before(app: Flask, client: FlaskClient, ann: User) -> None:
    stock = jwt.encode(claims_of(ann), SECRET, "HS256")
    pair = token_pairs.begin(ann)
    inside: set[str] = set()
    connections = identities.Identities(
        lambda *_, to: None,
        lambda sid, _room: inside.add(sid),
        lambda sid, _room: inside.remove(sid),
        revocations.ended_since,
        time.time,
    )
    app.extensions["identities"] = connections
    for sid, token in (("stock", stock), ("old", pair.access)):
        connections.sign_in(sid, identity_of(token))

    sign_ins.end_all(ann)
    db.session.commit()
    connections.sign_in("new", identity_of(token_pairs.begin(ann).access))
    identities.end(users={ann.id: ann.token_epoch})

    assert [status(client, token) for token in (stock, pair.access)] == [(401, "token_invalid")] * 2
    assert refresh(client, pair.refresh).status_code == 401
    assert inside == {"new"}
    for sid, token in (("stock", stock), ("old", pair.access)):
        connections.sign_in(sid, identity_of(token))
    connections.poll()  # as another process, which nobody told
    assert inside == {"new"}


def identity_of(token: str) -> identities.Identity:
    said: SignIn = sign_ins.read(token)
    return identities.Identity(said.user_id, said.expires_at, said.grants, said.epoch)


def test_what_another_worker_took_back_counts_at_once_when_it_says_so_and_else_a_second_later(app: Flask) -> None:
    now = 100.0
    known = revocations.KnownRevocations(lambda: now)
    kept: list[str] = []
    asked: list[object] = []

    def hold(*grants: str) -> bool:
        return known.hold(grants, lambda given: asked.append(given) or [one for one in kept if one in given])

    assert [hold("jti", "session"), hold("jti", "session")] == [False, False]
    kept.append("session")
    assert len(asked) == 1
    assert not hold("jti", "session")
    now += revocations.BELIEVED_S
    assert hold("jti", "session")
    kept.clear()
    assert hold("other", "session")  # what was taken back is remembered for good
    assert len(asked) == 2

    app.extensions["revocations"] = known
    assert not hold("told")
    revocations.hear(app, {"grants": ["told"], "users": []})
    assert hold("told")
