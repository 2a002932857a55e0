"""Whose a connection is: by token, by the page's cookie, until it expires or is taken back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
from flask_jwt_extended import create_access_token
from websocket import WebSocketBadStatusException

from app import create_app
from racing.extensions import db
from racing.services import accounts
from tests.support.polling import PollingClient
from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.trader import signed_in
from tests.support.wire import Punter, all_is_quiet

PASSWORD = "a long password"
FRIEND = "https://friend.example"


@pytest.fixture(scope="module")
def open_gate(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A web process with two punters, to which pages of FRIEND may connect."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", FRONTEND_URL=FRIEND) as running:
        for name in ("ann", "bob"):
            a_punter(running, f"{name}@example.org")
        yield running


@pytest.fixture
def gate(open_gate: RunningServer) -> Iterator[RunningServer]:
    """The web process, which must log no error meanwhile."""
    yield open_gate
    assert all_is_quiet(open_gate), open_gate.log


def a_punter(server: RunningServer, email: str) -> None:
    server.flask("users", "create", email, "--role", "punter", "--password-stdin", stdin=PASSWORD)


def sign_in(server: RunningServer, email: str = "ann@example.org") -> str:
    answer = server.api("POST", "/auth/login", {"email": email, "password": PASSWORD}, token="")
    return str(answer.json()["accessToken"])


def tell(server: RunningServer, title: str, email: str = "ann@example.org") -> int:
    """Send a notification; return its id."""
    answer = server.api(
        "POST", "/notifications", {"email": email, "kind": "alert", "title": title, "body": "Arkle is 5/1."}
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def a_token(server: RunningServer, lives_s: float, email: str = "ann@example.org") -> str:
    """Return a token that expires after so many seconds (negative: it has)."""
    app = create_app(database_url=server.env["DATABASE_URL"], instance_path=Path(server.env["INSTANCE_PATH"]))
    with app.app_context():
        user_id = accounts.by_email(email).id
        db.session.remove()
        return create_access_token(str(user_id), expires_delta=timedelta(seconds=lives_s))


def browser_of(server: RunningServer, email: str = "ann@example.org") -> requests.Session:
    return signed_in(server.url, email, PASSWORD)


def page_cookie(server: RunningServer) -> str:
    """Sign in on the page; return the cookie header a browser would send from then on."""
    return cookie_of(browser_of(server), "access_token_cookie")


def cookie_of(session: requests.Session, name: str) -> str:
    return f"{name}={session.cookies[name]}"


def refusal(url: str, token: Any) -> dict[str, Any]:
    """Return what a client is refused with."""
    told: list[dict[str, Any]] = []
    client = socketio.Client(reconnection=False)
    client.on("connect_error", told.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(url, auth={"token": token}, transports=["websocket"])
    client.shutdown()
    return told[0]


def refused_notifications(page: RawClient) -> bool:
    """Tell whether this connection is anonymous: connected, and nobody's."""
    page.emit("replay", {"notificationsAfter": 0})
    return bool(page.events_until("error")[-1][1]["type"] == "unauthorized")


def test_a_notification_reaches_every_tab_of_its_user_and_nobody_else(gate: RunningServer) -> None:
    token = sign_in(gate)
    with (
        Punter(gate.url, token=token) as tab,
        Punter(gate.url, "polling", token=token) as other_tab,
        Punter(gate.url, token=sign_in(gate, "bob@example.org")) as bob,
        Punter(gate.url) as anonymous,
    ):
        told = tell(gate, "Arkle shortens")

        for one in (tab, other_tab):
            assert one.next("notification")["payload"]["id"] == told
            assert one.has_nothing("notification")
        assert bob.has_nothing("notification")
        assert anonymous.has_nothing("notification")


@pytest.mark.parametrize("token", ["nonsense", "", 5, {"a": 1}, "a.b.c", "\ud800", "é" * 200])
def test_a_bad_token_is_refused_at_the_handshake(gate: RunningServer, token: Any) -> None:
    told = refusal(gate.url, token)

    assert told["data"]["type"] == "token_invalid"
    assert told["message"]


def test_an_expired_token_a_refresh_token_and_a_returned_one_are_refused(gate: RunningServer) -> None:
    assert refusal(gate.url, a_token(gate, -5))["data"]["type"] == "token_expired"
    answer = gate.api("POST", "/auth/login", {"email": "ann@example.org", "password": PASSWORD}, token="").json()
    assert refusal(gate.url, answer["refreshToken"])["data"]["type"] == "token_invalid"
    gate.api("POST", "/auth/logout", token=answer["accessToken"])
    assert refusal(gate.url, answer["accessToken"])["data"]["type"] == "token_invalid"


def test_no_token_at_all_is_an_anonymous_connection(gate: RunningServer) -> None:
    with RawClient(gate.url, auth={"token": None}) as client:
        assert "sid" in client.connected


def test_an_expiring_connection_is_warned_keeps_its_races_and_may_be_renewed(gate: RunningServer) -> None:
    race = gate.declare("gate-expiry")
    with Punter(gate.url, token=a_token(gate, 1.5)) as punter:
        punter.follow(race)
        tell(gate, "In time")
        punter.next("notification")

        assert punter.next("error")["type"] == "token_expired"

        missed = tell(gate, "Too late")
        gate.price(race, r1=2.5)
        assert punter.next("odds_update", race)["payload"]["version"] == 1
        assert punter.has_nothing("notification")
        assert punter.ask("replay", {"notificationsAfter": 0})["type"] == "unauthorized"
        answer = punter.ask("authenticate", {"token": sign_in(gate)})
        assert answer == punter.next("authenticated")
        assert punter.ask("replay", {"notificationsAfter": missed - 1}) == {
            "news": 0, "notifications": 1, "more": False,
        }  # fmt: skip
        assert punter.next("notification")["payload"]["id"] == missed
        tell(gate, "Back")
        assert punter.next("notification")["payload"]["title"] == "Back"


def test_a_refused_authentication_changes_nothing(gate: RunningServer) -> None:
    with Punter(gate.url, token=sign_in(gate)) as punter:
        assert punter.ask("authenticate", {"token": "nonsense"})["type"] == "token_invalid"
        assert punter.ask("authenticate", {"token": a_token(gate, -5)})["type"] == "token_expired"
        assert punter.ask("authenticate", {"token": 5})["type"] == "invalid_payload"

        told = tell(gate, "Still here")

        assert punter.next("notification")["payload"]["id"] == told


def test_another_users_token_takes_the_first_ones_room_away(gate: RunningServer) -> None:
    with Punter(gate.url, token=sign_in(gate)) as punter:
        punter.ask("authenticate", {"token": sign_in(gate, "bob@example.org")})

        tell(gate, "For Ann")
        told = tell(gate, "For Bob", "bob@example.org")

        assert punter.next("notification")["payload"]["id"] == told
        assert punter.has_nothing("notification")


def test_signing_out_takes_private_rooms_from_all_tabs_of_the_session_and_no_other(gate: RunningServer) -> None:
    token = sign_in(gate)
    with (
        Punter(gate.url, token=token) as tab,
        Punter(gate.url, token=token) as other_tab,
        Punter(gate.url, token=sign_in(gate)) as phone,
    ):
        assert gate.api("POST", "/auth/logout", token=token).status_code == 200
        told = tell(gate, "After the sign-out")

        assert phone.next("notification")["payload"]["id"] == told
        for one in (tab, other_tab):
            assert one.next("error")["type"] == "token_invalid"
            assert one.has_nothing("notification")


def test_disabling_a_user_from_the_command_line_takes_its_private_rooms(gate: RunningServer) -> None:
    a_punter(gate, "carol@example.org")
    with Punter(gate.url, token=sign_in(gate, "carol@example.org")) as carol:
        gate.flask("users", "disable", "carol@example.org")

        assert carol.next("error")["type"] == "token_invalid"
        assert carol.ask("replay", {"notificationsAfter": 0})["type"] == "unauthorized"


def test_our_own_page_brings_its_cookie(gate: RunningServer) -> None:
    with RawClient(gate.url, cookie=page_cookie(gate), origin=gate.url) as page:
        told = tell(gate, "On the page")
        assert page.events_until("notification")[-1][1]["payload"]["id"] == told


def test_a_page_whose_cookie_is_old_is_anonymous_not_refused(gate: RunningServer) -> None:
    with RawClient(gate.url, cookie=f"access_token_cookie={a_token(gate, -5)}", origin=gate.url) as page:
        assert refused_notifications(page)


def test_a_page_whose_cookie_is_over_is_told_and_connects_again_with_a_new_one(gate: RunningServer) -> None:
    session = browser_of(gate)
    with RawClient(gate.url, cookie=cookie_of(session, "refresh_token_cookie"), origin=gate.url) as page:
        assert page.events_until("error")[-1][1]["type"] == "token_expired"
        assert refused_notifications(page)
    with RawClient(gate.url, cookie=cookie_of(session, "refresh_token_cookie"), origin=FRIEND) as foreign:
        assert refused_notifications(foreign)

    session.cookies.set("access_token_cookie", None)
    assert session.get(f"{gate.url}/session").status_code == 204

    with RawClient(gate.url, cookie=cookie_of(session, "access_token_cookie"), origin=gate.url) as page:
        told = tell(gate, "With the new cookie")
        assert page.events_until("notification")[-1][1]["payload"]["id"] == told


def test_a_token_of_the_api_signs_nobody_in_as_a_cookie(gate: RunningServer) -> None:
    with RawClient(gate.url, cookie=f"access_token_cookie={sign_in(gate)}", origin=gate.url) as page:
        assert refused_notifications(page)


def test_a_friends_page_may_connect_but_not_with_our_cookie(gate: RunningServer) -> None:
    with RawClient(gate.url, cookie=page_cookie(gate), origin=FRIEND) as page:
        assert refused_notifications(page)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://friend.example.evil.example"])
def test_a_foreign_page_cannot_connect(gate: RunningServer, origin: str) -> None:
    with pytest.raises(WebSocketBadStatusException) as refused:
        RawClient(gate.url, cookie=page_cookie(gate), origin=origin)
    assert refused.value.status_code == 400
    assert refused.value.resp_headers is not None
    assert "content-security-policy" in refused.value.resp_headers
    polls = {"Origin": origin, "Cookie": page_cookie(gate)}
    answer = requests.get(f"{gate.url}/socket.io/?EIO=4&transport=polling", headers=polls, timeout=10)
    assert answer.status_code == 400
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("origin", "is_signed_in"), [(FRIEND, False), (None, True)])
def test_polls_of_a_friends_page_have_no_use_for_our_cookie(
    gate: RunningServer, origin: str | None, is_signed_in: bool
) -> None:
    client = PollingClient(gate.url, {"Origin": origin or gate.url, "Cookie": page_cookie(gate)}, joined=True)

    client.post('42["replay",{"notificationsAfter":1000000}]', '42["ping"]')

    said = ""
    while '42["pong"' not in said:
        said += client.get().text
    assert ('"type":"unauthorized"' in said) != is_signed_in, said


def test_without_friends_a_foreign_page_cannot_connect_either(house: RunningServer) -> None:
    with pytest.raises(WebSocketBadStatusException):
        RawClient(house.url, origin="https://evil.example")
    with RawClient(house.url, origin=house.url) as own:
        assert "sid" in own.connected
