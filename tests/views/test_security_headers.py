"""Every answer forbids browsers what it has no use for; what came over TLS is to stay there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.views.guarded import OVER_TLS, in_production

POLICY, TLS = "Content-Security-Policy", "Strict-Transport-Security"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    yield from in_production(migrated_sqlite, tmp_path_factory.mktemp("headers"))


@pytest.mark.parametrize(
    ("path", "status", "is_page"),
    [("/", 200, True), ("/nowhere", 404, True), ("/login", 200, True), ("/news?before=x", 422, True),
     ("/staff/", 302, True), ("/notifications/worker.js", 200, True), ("/api/v1/races", 200, False),
     ("/api/v1/nothing", 404, False), ("/news.atom", 200, False), ("/metrics", 200, False),
     ("/static/no.js", 404, True), (HANDSHAKE, 200, False), ("/socket.io/?EIO=3&transport=polling", 400, False),
     (f"{HANDSHAKE}&sid=nobody", 400, False)],
)  # fmt: skip
def test_every_answer_has_them(path: str, status: int, is_page: bool, site: FlaskClient) -> None:
    answer = site.get(path, headers=OVER_TLS)

    assert answer.status_code == status
    assert ALWAYS.items() <= dict(answer.headers).items()
    if answer.mimetype != "application/json":
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers[TLS] == "max-age=31536000"
    (policy,) = answer.headers.getlist(POLICY)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert (rules["default-src"], rules["frame-ancestors"]) == ("'none'", "'none'")
    assert rules.get("script-src") == rules.get("style-src") == ("'self'" if is_page else None)
    assert rules.get("connect-src") == ("'self' wss://localhost" if is_page else None)
    assert "unsafe" not in policy


def test_an_origin_that_is_refused_has_them(site: FlaskClient) -> None:
    answer = site.get(HANDSHAKE, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 400
    assert POLICY in answer.headers


def test_a_static_file_goes_without_and_plain_http_promises_no_tls(site: FlaskClient) -> None:
    assert POLICY not in site.get("/static/css/base.css", headers=OVER_TLS).headers
    assert TLS not in site.get("/").headers
    assert "connect-src 'self' ws://localhost;" in site.get("/").headers[POLICY]
