"""The log ties lines together by ids, comes as JSON where a collector reads it, and holds no secret."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
import structlog
from flask import Flask
from sqlalchemy.exc import IntegrityError

from racing import logs
from racing.extensions import db
from racing.logs import REDACTED, Redaction
from racing.models import User
from racing.views.request_log import SLOW_S, RequestLog
from tests.factories import a_user
from tests.support.servers import STAFF_EMAIL, STAFF_PASSWORD, RunningServer
from tests.support.wire import Punter

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
SECRET = "a-secret-key-of-this-process"


def written(**event: Any) -> dict[str, Any]:
    return dict(Redaction([SECRET, "short"])(None, "info", event))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"refused: {TOKEN}", f"refused: {REDACTED}"),
        (f"Authorization: Bearer {TOKEN}", f"Authorization: {REDACTED}"),
        ("Cookie: access_token_cookie=abc; session=def", f"Cookie: {REDACTED}"),
        ("postgresql://racing:s3cr3t@db:5432/racing is away", f"postgresql://racing:{REDACTED}@db:5432/racing is away"),
        ("rediss://:s3cr@t@host:6379/0", f"rediss://:{REDACTED}@host:6379/0"),
        ("/socket.io/?token=abcdef&EIO=4", f"/socket.io/?token={REDACTED}&EIO=4"),
        ('{"password": "correct horse"}', f'{{"password": "{REDACTED} horse"}}'),
        ("$argon2id$v=19$m=65536$abc", REDACTED),
        (f"signed with {SECRET}", f"signed with {REDACTED}"),
        ("ann.b+c@mail.example.org is taken", f"{REDACTED} is taken"),
        ('broken. client=192.0.2.7 request="GET /r?k=1 HTTP/1.1" error="x"',
         f'broken. client={REDACTED} request={REDACTED} error="x"'),
        ("a short word, and http://localhost:5000/races", "a short word, and http://localhost:5000/races"),
        ("The token has expired: sign in again.", "The token has expired: sign in again."),
        ("basic plan, bearer of news", "basic plan, bearer of news"),
    ],
)  # fmt: skip
def test_a_secret_is_known_by_its_look_wherever_it_stands(said: str, left: str) -> None:
    assert written(event=said)["event"] == left


@pytest.mark.parametrize(
    "name", ["token", "accessToken", "password", "new_password", "JWT_SECRET", "Cookie", "Set-Cookie", "Authorization"]
)
def test_a_secret_is_known_by_its_name_however_deep_it_lies(name: str) -> None:
    assert written(asked={"by": "ann", "headers": [{name: "xyz"}]})["asked"] == {
        "by": "ann",
        "headers": [{name: REDACTED}],
    }


@pytest.mark.timeout(20)  # with a cost that grows with the square it would be minutes
@pytest.mark.parametrize("long", ["a" * 500_000, "eyJaaaaa." * 50_000, "a+b-c." * 80_000, "Bearer " * 70_000])
def test_a_long_line_is_searched_once_not_once_for_every_letter(long: str) -> None:
    assert written(path=f"/{long}")["path"].startswith("/")


def test_what_is_no_secret_is_left_as_it_is() -> None:
    line = {"event": "request", "status": 200, "ms": 1.5, "is_slow": False, "race_id": None, "races": ["ayr", "ripon"]}

    assert written(**line) == line


def test_a_traceback_is_searched_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="INFO", as_json=True, worker="w" * 32, secrets=[SECRET])
    try:
        raise ConnectionError(f"no way to redis://:hunter2hunter2@cache:6379 with {SECRET}")
    except ConnectionError:
        structlog.get_logger().exception("the link failed")

    line = capsys.readouterr().err
    assert "ConnectionError" in line
    assert "hunter2" not in line
    assert SECRET not in line
    assert json.loads(line)["worker"] == "w" * logs.SHORT_ID


def test_the_database_does_not_tell_what_it_was_asked_with(app: Flask) -> None:
    a_user(email="ann@example.org")
    db.session.add(User(email="ann@example.org", password_hash="hunter2hunter2"))

    with pytest.raises(IntegrityError) as told:
        db.session.commit()

    db.session.rollback()
    assert "users.email" in str(told.value)
    assert "hunter2" not in str(told.value)


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[RunningServer]:
    """A web process that tells all, in JSON, shared by the module."""
    folder = tmp_path_factory.mktemp("talker")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    url = f"sqlite:///{folder / 'racing.db'}"
    with RunningServer(url, folder / "instance", LOG_FORMAT="json", LOG_LEVEL="DEBUG") as running:
        yield running


def lines(server: RunningServer, **like: Any) -> list[dict[str, Any]]:
    """The lines that have these values; every line must be JSON."""
    read = [json.loads(line) for line in server.log.splitlines()]
    return [line for line in read if all(line.get(name) == value for name, value in like.items())]


def test_every_line_of_a_process_is_json_and_names_the_worker(talker: RunningServer) -> None:
    requests.get(f"{talker.url}/health", timeout=5)

    workers = {line["worker"] for line in lines(talker)}
    assert len(workers) == 1
    assert all(line["timestamp"].endswith("Z") for line in lines(talker))
    assert lines(talker, event="serving")


def test_the_routers_request_id_comes_back_and_is_in_the_log(talker: RunningServer) -> None:
    answer = requests.get(f"{talker.url}/health", headers={"X-Request-ID": "from-the-router-1"}, timeout=5)

    assert answer.headers["X-Request-ID"] == "from-the-router-1"
    (line,) = lines(talker, request_id="from-the-router-1")
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/health", 200, "debug")
    assert 0 <= line["ms"] < 5000


@pytest.mark.parametrize("given", ["", "x" * 200, "two words", 'quo"te', "semi;colon"])
def test_an_id_that_is_not_sane_is_replaced(given: str, talker: RunningServer) -> None:
    answer = requests.get(f"{talker.url}/health", headers={"X-Request-ID": given}, timeout=5)

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_two_requests_over_one_connection_have_an_id_each(talker: RunningServer) -> None:
    with requests.Session() as session:
        ids = [session.get(f"{talker.url}/health", timeout=5).headers["X-Request-ID"] for _ in range(2)]

    assert ids[0] != ids[1]
    assert [len(lines(talker, request_id=each)) for each in ids] == [1, 1]


def test_a_refused_request_has_its_id_too(talker: RunningServer) -> None:
    answer = talker.api("GET", "/races/nowhere", token="")

    assert answer.status_code == 404
    assert lines(talker, request_id=answer.headers["X-Request-ID"])[0]["status"] == 404


def test_a_line_of_a_socket_event_names_the_connection_and_its_handshake(talker: RunningServer) -> None:
    sid = sid_that_trips(talker)

    (line,) = lines(talker, event="a client event failed")
    assert (line["sid"], line["socket_event"], line["level"]) == (sid, "subscribe_race", "error")
    assert re.fullmatch("[0-9a-f]{32}", line["request_id"])
    assert "no such table: races" in line["exception"]


def sid_that_trips(server: RunningServer) -> str:
    """Let a subscription fail within, for want of a table; return the connection's id."""
    server.flask("shell", stdin=_RENAME.format("races", "races_away"))
    client = socketio.Client()
    client.connect(server.url, transports=["websocket"])
    try:
        assert client.call("subscribe_race", {"raceId": "wexmoor"})["type"] == "server_error"
        return str(client.get_sid())
    finally:
        client.disconnect()
        server.flask("shell", stdin=_RENAME.format("races_away", "races"))


_RENAME = """
from sqlalchemy import text
from racing.extensions import db
db.session.execute(text("ALTER TABLE {} RENAME TO {}"))
db.session.commit()
"""


def test_no_secret_of_a_busy_process_is_in_its_log(talker: RunningServer) -> None:
    instance = talker.log_file.parent
    talker.api("POST", "/auth/login", {"email": STAFF_EMAIL, "password": "not the password"}, token="")
    talker.api("GET", "/races", token="eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")
    with Punter(talker.url, token=talker.token) as punter:
        punter.ask("authenticate", {"token": talker.token})
    requests.get(f"{talker.url}/health?token={talker.token}", timeout=5)

    secrets = [(instance / name).read_text() for name in ("secret_key", "jwt_secret")]
    for secret in (*secrets, talker.token, STAFF_PASSWORD, "not the password", "eyJ"):
        assert secret not in talker.log


def test_a_reader_has_pairs_and_no_line_for_a_request_that_went_well(server: RunningServer) -> None:
    requests.get(f"{server.url}/health", timeout=5)

    assert "event='serving'" in server.log
    assert "level='info'" in server.log
    assert "event='request'" not in server.log


@pytest.mark.parametrize(
    ("status", "path", "took_s", "level"),
    [
        ("200 OK", "/races", SLOW_S, "info"),
        ("200 OK", "/socket.io/", 25, None),
        ("404 NOT FOUND", "/races/nowhere", 0, None),
        ("503 SERVICE UNAVAILABLE", "/api/v1/races", 0, "warning"),
    ],
)
def test_slow_and_failed_requests_have_a_line(status: str, path: str, took_s: float, level: str | None) -> None:
    now = iter([100.0, 100.0 + took_s])

    def application(_environ: Any, start_response: Any) -> list[bytes]:
        start_response(status, [])
        return []

    with structlog.testing.capture_logs() as told:
        RequestLog(application, lambda: next(now))({"REQUEST_METHOD": "GET", "PATH_INFO": path}, lambda *_: None)

    shown = [line["log_level"] for line in told if line["log_level"] != "debug"]
    assert shown == ([level] if level else [])
